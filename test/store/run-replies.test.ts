import { describe, expect, it } from 'vitest';
import { forgetReply, keepReply, takeOpenReplies } from '../../src/store/run-replies.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { askedRun, insertQueuedRun } from '../support/runs.ts';

const NOW_MS = 1_760_000_000_000;
const MINUTE_MS = 60_000;

describe('replies that show a run', () => {
  const database = withDatabase();
  const keep = async (applicationId: string, token: string, repliedAtMs: number): Promise<string> => {
    const runId = await insertQueuedRun(database.pool);
    await transact(database.pool, (tx) => keepReply(tx, { runId, reply: { applicationId, token, repliedAtMs } }));
    return runId;
  };
  const open = (applicationId: string) => takeOpenReplies(database.pool, { applicationId, sinceMs: NOW_MS - 15 * MINUTE_MS });

  it('are found again by the application they are of, oldest first, while their token lives', async () => {
    const late = await keep('app', 'late', NOW_MS - MINUTE_MS);
    const early = await keep('app', 'early', NOW_MS - 14 * MINUTE_MS);
    await keep('app', 'dead', NOW_MS - 16 * MINUTE_MS);
    await keep('other', 'foreign', NOW_MS);

    expect(await open('app')).toMatchObject([
      { runId: early, reply: { applicationId: 'app', token: 'early', repliedAtMs: NOW_MS - 14 * MINUTE_MS } },
      { runId: late, request: JSON.parse(JSON.stringify(askedRun)), createdAtMs: expect.any(Number) },
    ]);
    const { rows } = await database.pool.query('select token from run_replies order by token');
    expect(
      rows.map(({ token }) => token),
      'a dead token is not kept',
    ).toEqual(['early', 'foreign', 'late']);

    await forgetReply(database.pool, early);
    expect((await open('app')).map(({ runId }) => runId)).toEqual([late]);
  });
});
