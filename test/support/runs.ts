import { randomUUID } from 'node:crypto';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { backtest } from '../../src/engine/backtest.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import type { RunResult } from '../../src/engine/result.ts';
import type { AskedRun } from '../../src/engine/run-spec.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { saveCandles } from '../../src/store/candles.ts';
import type { Pool } from '../../src/store/pool.ts';
import { finishRun, insertRun, type NewRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { planOfStrategy } from '../../src/strategist/strategy.ts';

const SYMBOL = 'BTC-USD';
const START_MS = Date.UTC(2025, 9, 1);
const DAYS = 3;
const RANGE = { symbol: SYMBOL, startMs: START_MS, endMs: START_MS + DAYS * DAY_MS, seed: 1 };

/** Three days of the simulated market as somebody asks for them. */
export const askedRun: AskedRun = resolveBacktestRequest(
  { ...NOTHING_ASKED, preset: 'scalper-5m', start: '2025-10-01', end: '2025-10-04', seed: 1 },
  { requestedAtMs: Date.UTC(2025, 10, 1), guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'coinbase' },
);

let computed: RunResult | null = null;

/** What comes of it, with trades and blocked entries; computed once. */
export function resultOfAskedRun(): RunResult {
  computed ??= backtest({
    settings: askedRun.settings,
    plan: planOfStrategy('aggressive_active', [SYMBOL], '5m'),
    timeframes: askedRun.timeframes,
    instrument: 'perpetual',
    exchange: 'coinbase',
    startMs: START_MS,
    markets: [{ symbol: SYMBOL, candles: simulateCandles({ ...RANGE, timeframe: '5m' }), funding: simulateFunding(RANGE) }],
    source: 'simulated, seed 1',
    simulated: true,
  });
  return computed;
}

/** A run that waits; whose it is can be said. */
export async function insertQueuedRun(pool: Pool, whose: Partial<NewRun> = {}): Promise<string> {
  const id = whose.id ?? randomUUID();
  const run = { guildId: 'local', channelId: null, requestedBy: null, request: askedRun, ...whose, id };
  await transact(pool, (tx) => insertRun(tx, run));
  return id;
}

/** A run with its result, and the bars its picture is drawn from. */
export async function insertFinishedRun(pool: Pool, whose: Partial<NewRun> = {}): Promise<string> {
  const id = await insertQueuedRun(pool, whose);
  await transact(pool, async (tx) => {
    await saveCandles(tx, {
      source: 'simulated:1',
      symbol: SYMBOL,
      timeframe: '5m',
      candles: simulateCandles({ ...RANGE, timeframe: '5m' }),
    });
    await finishRun(tx, { id, result: resultOfAskedRun() });
  });
  return id;
}
