import { describe, expect, it } from 'vitest';
import type { WorkKind } from '../../src/engine/work.ts';
import { transact } from '../../src/store/transaction.ts';
import { forgetReply, keepReply, takeOpenReplies } from '../../src/store/work-replies.ts';
import { insertQueuedComparison } from '../support/comparisons.ts';
import { withDatabase } from '../support/database.ts';
import { insertQueuedFetch } from '../support/fetches.ts';
import { insertQueuedRun } from '../support/runs.ts';

const NOW_MS = 1_760_000_000_000;
const MINUTE_MS = 60_000;

const KINDS = [
  { kind: 'run', insert: insertQueuedRun, table: 'run_replies' },
  { kind: 'fetch', insert: insertQueuedFetch, table: 'fetch_replies' },
  { kind: 'comparison', insert: insertQueuedComparison, table: 'comparison_replies' },
] as const satisfies readonly { readonly kind: WorkKind; readonly insert: unknown; readonly table: string }[];

describe.each(KINDS)('replies that show a $kind', ({ kind, insert, table }) => {
  const database = withDatabase();
  const keep = async (applicationId: string, token: string, repliedAtMs: number): Promise<string> => {
    const id = await insert(database.pool, { guildId: 'g' });
    await transact(database.pool, (tx) => keepReply(tx, { work: { kind, id }, reply: { applicationId, token, repliedAtMs } }));
    return id;
  };
  const open = (applicationId: string) => takeOpenReplies(database.pool, { kind, applicationId, sinceMs: NOW_MS - 15 * MINUTE_MS });

  it('are found again by the application they are of, oldest first, while their token lives', async () => {
    const late = await keep('app', 'late', NOW_MS - MINUTE_MS);
    const early = await keep('app', 'early', NOW_MS - 14 * MINUTE_MS);
    await keep('app', 'dead', NOW_MS - 16 * MINUTE_MS);
    await keep('other', 'foreign', NOW_MS);

    const reply = { applicationId: 'app', token: 'early', repliedAtMs: NOW_MS - 14 * MINUTE_MS };
    expect(await open('app')).toMatchObject([
      { work: { kind, id: early, guildId: 'g' }, reply, createdAtMs: expect.any(Number) },
      { work: { kind, id: late, guildId: 'g' } },
    ]);
    const { rows } = await database.pool.query(`select token from ${table} order by token`);
    expect(
      rows.map(({ token }) => token),
      'a dead token is not kept',
    ).toEqual(['early', 'foreign', 'late']);

    await forgetReply(database.pool, { kind, id: early });
    expect((await open('app')).map(({ work }) => work.id)).toEqual([late]);
  });
});
