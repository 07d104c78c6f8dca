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
  isUsable: true,
  ...changes,
});

describe('the plan cache', () => {
  const database = withDatabase();
  const keep = (changes: Partial<KeptPlan>) => keepPlan(database.pool, planWith(changes));
  beforeEach(() => database.pool.query('delete from plan_cache'));

  it('gives back what was kept, word for word, and null for what was not', async () => {
    const body = '{"text":"naïve “quotes” \\u0000 \u202e 🤖"}';
    await keep({ answer: { ...ANSWER, body }, request: { text: 'with \u0000 in it' } });

    expect(await readPlan(database.pool, KEY)).toEqual({ answer: { ...ANSWER, body }, isUsable: true });
    expect(await readPlan(database.pool, 'b'.repeat(64))).toBeNull();
  });

  it('never changes a usable answer, and says which one is kept', async () => {
    await keep({});

    expect(await keep({ answer: { ...ANSWER, body: 'another' } })).toEqual(ANSWER);
    expect(await keep({ answer: FAILURE, isUsable: false })).toEqual(ANSWER);
    expect(await readPlan(database.pool, KEY)).toEqual({ answer: ANSWER, isUsable: true });
  });

  it.each([
    ['never came', FAILURE],
    ['was an error', { ...ANSWER, status: 429 }],
  ])('lets an answer that %s give way to the next', async (_, unusable) => {
    expect(await keep({ answer: unusable, isUsable: false })).toEqual(unusable);
    expect(await readPlan(database.pool, KEY)).toEqual({ answer: unusable, isUsable: false });

    expect(await keep({})).toEqual(ANSWER);
    expect(await readPlan(database.pool, KEY)).toEqual({ answer: ANSWER, isUsable: true });
  });

  it('gives everybody who keeps an answer at once the same one', async () => {
    const kept = await Promise.all(['a', 'b', 'c', 'd'].map((body) => keep({ answer: { ...ANSWER, body } })));

    expect(new Set(kept.map(({ body }) => body)).size).toBe(1);
    expect(await readPlan(database.pool, KEY)).toMatchObject({ answer: kept[0] });
  });

  it('keeps an answer that no text of PostgreSQL could hold as nearly as it can', async () => {
    await keep({ answer: { ...ANSWER, body: 'a\0b' } });

    expect((await readPlan(database.pool, KEY))?.answer.body).toBe('a\uFFFDb');
  });

  it('keeps no answer that is neither one nor none', async () => {
    await expect(keep({ answer: { ...ANSWER, failure: 'both' } })).rejects.toThrow(/check constraint/);
  });
});
