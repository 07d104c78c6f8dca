import { beforeEach, describe, expect, it } from 'vitest';
import { type KeptPlan, keepPlan, readPlan } from '../../src/store/plan-cache.ts';
import { withDatabase } from '../support/database.ts';

const KEY = 'a'.repeat(64);
const ANSWER = { status: 200, contentType: 'application/json', body: '{"output":[]}', requestId: 'req_1', failure: null };
const FAILURE = { status: null, contentType: null, body: '', requestId: null, failure: 'No whole answer came within 20 s' };
const planWith = (changes: Partial<KeptPlan>): KeptPlan => ({
  key: KEY,
  model: 'a-model',
  promptHash: 'p',
  schemaHash: 's',
  take: '',
  request: { model: 'a-model', input: [] },
  answer: ANSWER,
  ...changes,
});

describe('the plan cache', () => {
  const database = withDatabase();
  const keep = (changes: Partial<KeptPlan>) => keepPlan(database.pool, planWith(changes));
  beforeEach(() => database.pool.query('delete from plan_cache'));

  it('gives back what was kept, word for word, and null for what was not', async () => {
    const body = '{"text":"naïve “quotes” \\u0000 \u202e 🤖"}';
    await keep({ answer: { ...ANSWER, body }, request: { text: 'with \u0000 in it' } });

    expect(await readPlan(database.pool, KEY)).toEqual({ ...ANSWER, body });
    expect(await readPlan(database.pool, 'b'.repeat(64))).toBeNull();
  });

  it('never changes an answer that came', async () => {
    await keep({});
    await keep({ answer: { ...ANSWER, body: 'another' } });
    await keep({ answer: FAILURE });

    expect(await readPlan(database.pool, KEY)).toEqual(ANSWER);
  });

  it('lets an answer that never came give way to one that did', async () => {
    await keep({ answer: FAILURE });
    expect(await readPlan(database.pool, KEY)).toEqual(FAILURE);
    await keep({});

    expect(await readPlan(database.pool, KEY)).toEqual(ANSWER);
  });

  it('keeps an answer that no text of PostgreSQL could hold as nearly as it can', async () => {
    await keep({ answer: { ...ANSWER, body: 'a\0b' } });

    expect((await readPlan(database.pool, KEY))?.body).toBe('a\uFFFDb');
  });

  it('keeps no answer that is neither one nor none', async () => {
    await expect(keep({ answer: { ...ANSWER, failure: 'both' } })).rejects.toThrow(/check constraint/);
  });
});
