import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { equityFromPairs } from '../../src/engine/equity-curve.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';
import { failRun, findRun, finishRun, insertRun, markRunning, type NewRun, refuseRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const result: RunResult = {
  input_hash: 'in',
  result_hash: 'out',
  engine_version: '1',
  data: {
    source: 'simulated:1',
    simulated: true,
    instrument: 'perpetual',
    exchange: 'coinbase',
    symbols: ['BTC-USD'],
    timeframe: '1h',
    timeframes: ['1h'],
    start: 0,
    end: 7_200_000,
    bars: 2,
    gaps: [],
    warm_up_bars: 0,
    warm_up_bars_wanted: 0,
    funding_not_charged: ['BTC-USD'],
    margin_models: [],
    margin_assumed: [],
  },
  settings: DEFAULT_SETTINGS,
  plans: [],
  summary: {
    initial_cash: 1_000,
    final_equity: 999.9999999999999,
    equity_return_pct: -1e-13,
    max_drawdown_pct: 0.1 + 0.2,
    sharpe_ratio: null,
    sortino_ratio: null,
    profit_factor: null,
    win_rate_pct: null,
    expectancy_r: null,
    total_trades: 0,
    average_hold_bars: null,
    exposure_pct: 0,
    fees: 5e-324,
    funding: 1.7976931348623157e308,
    liquidation_events: 0,
    walk_away_events: [],
    replans: 0,
    blocks: { cooldown: 2 },
    held_back_exits: 0,
    break_even_cost_pct: null,
    nearest_liquidation_pct: null,
  },
  trades: [],
  open_positions: [],
  events: [{ time: 3_600_000, kind: 'replan', why: '„quoted“ \\ \n' }],
  blocks: { cooldown: 2 },
  blocks_by_trigger: { 'breakout-long': { cooldown: 2 } },
  equity: equityFromPairs([
    [0, 1_000],
    [3_600_000, 999.9999999999999],
  ]),
  evidence: null,
  input_parts: { candles: 'c'.repeat(64), settings: 's'.repeat(64), plans: 'p'.repeat(64) },
  remarks: ['2 bars are few.'],
};

const newRun = (guildId = 'local'): NewRun => ({
  id: randomUUID(),
  guildId,
  channelId: null,
  requestedBy: 'someone',
  request: { symbols: ['BTC-USD'] },
});

describe('runs', () => {
  const database = withDatabase();
  const insert = (run: NewRun) => transact(database.pool, (tx) => insertRun(tx, run));
  const start = (id: string) => transact(database.pool, (tx) => markRunning(tx, id));
  const finish = (id: string) => transact(database.pool, (tx) => finishRun(tx, { id, result }));
  const find = ({ id, guildId }: NewRun) => findRun(database.pool, { id, guildId });

  it('are queued once, whoever says it again', async () => {
    const run = newRun();

    expect(await insert(run)).toBe(true);
    expect(await insert({ ...run, request: { symbols: ['ETH-USD'] } })).toBe(false);
    expect(await find(run)).toEqual({
      ...run,
      state: 'queued',
      result: null,
      error: null,
      cancelledBy: null,
      createdAtMs: expect.any(Number),
      startedAtMs: null,
      finishedAtMs: null,
    });
  });

  it('come back with their result, number by number', async () => {
    const run = newRun();
    await insert(run);
    await start(run.id);

    expect(await finish(run.id)).toBe(true);
    expect(await find(run)).toMatchObject({ state: 'done', result, error: null, finishedAtMs: expect.any(Number) });
    expect((await find(run))?.result, 'nothing more and nothing less').toEqual(result);
  });

  it('are begun again by another worker and keep the time of their first start', async () => {
    const run = newRun();
    await insert(run);

    expect(await start(run.id)).toBe(true);
    const first = (await find(run))?.startedAtMs;
    expect(await start(run.id)).toBe(true);
    expect((await find(run))?.startedAtMs).toBe(first);
  });

  it('end once: two workers that finish at the same time hear yes and no', async () => {
    const run = newRun();
    await insert(run);

    const answers = await Promise.all([finish(run.id), finish(run.id), finish(run.id)]);

    expect(answers.filter(Boolean)).toEqual([true]);
  });

  it.each([
    ['refused', refuseRun],
    ['failed', failRun],
  ] as const)('that were %s say why, and stay so', async (state, end) => {
    const run = newRun();
    await insert(run);

    expect(await transact(database.pool, (tx) => end(tx, { id: run.id, reason: 'No bars before 2015.' }))).toBe(true);
    expect(await finish(run.id)).toBe(false);
    expect(await start(run.id)).toBe(false);
    expect(await transact(database.pool, (tx) => failRun(tx, { id: run.id, reason: 'late' }))).toBe(false);
    expect(await find(run)).toMatchObject({ state, error: 'No bars before 2015.', result: null });
  });

  it('of another guild are not found', async () => {
    const run = newRun('111');
    await insert(run);

    expect(await find(run)).toMatchObject({ id: run.id });
    expect(await find({ ...run, guildId: '222' })).toBeNull();
  });

  it('that do not exist cannot be started, finished or found', async () => {
    const run = newRun();

    expect([await start(run.id), await finish(run.id), await find(run)]).toEqual([false, false, null]);
  });
});
