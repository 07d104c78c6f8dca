import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { parseConfig } from '../../src/config/config.ts';
import { cancelWork } from '../../src/desk/cancel-work.ts';
import { type Desk, openDesk } from '../../src/desk/open-desk.ts';
import { type RunningWorker, startWorker } from '../../src/desk/start-worker.ts';
import { submitRun } from '../../src/desk/submit-run.ts';
import { THE_TERMINAL } from '../../src/desk/submit-work.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { findRun } from '../../src/store/runs.ts';
import { withDatabase } from '../support/database.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

const WAIT = { timeout: 20_000 };
const CLOSE_WITHIN_MS = 10_000;

/** A run of several seconds. */
const LONG = resolveBacktestRequest(
  { ...NOTHING_ASKED, preset: 'scalper-5m', seed: 1, start: '2023-04-01', end: '2025-10-01' },
  { requestedAtMs: Date.UTC(2025, 9, 1), guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'coinbase' },
);

describe('a run that is cancelled while it is worked on', () => {
  const database = withDatabase();
  let desk: Desk;
  let worker: RunningWorker;

  beforeAll(async () => {
    const config = parseConfig({ DATABASE_URL: database.databaseUrl, EXCHANGE_BASE_URL: NO_EXCHANGE });
    desk = await openDesk(config, (error) => expect.fail(String(error)));
    worker = await startWorker(desk);
  });
  afterAll(() => desk.close());

  it('is counted once, as cancelled', async () => {
    const { runId } = await submitRun(desk, LONG, THE_TERMINAL);
    const { guildId } = THE_TERMINAL;
    const state = async () => (await findRun(desk.pool, { id: runId, guildId }))?.state;
    await expect.poll(state, WAIT).toBe('running');

    expect(await cancelWork(desk, { work: { kind: 'run', id: runId }, guildId, userId: 'ana' })).toBe(true);
    // Whoever worked on it has noticed by the time it is closed.
    await worker.close(CLOSE_WITHIN_MS);

    const { text } = await desk.metrics.read();
    expect(text.split('\n').filter((line) => line.startsWith('scalpdesk_runs_total{'))).toEqual([
      'scalpdesk_runs_total{state="cancelled"} 1',
    ]);
    expect(await state()).toBe('cancelled');
  });
});
