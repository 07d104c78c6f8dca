import { backtest } from '../../src/engine/backtest.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { simulateCandles } from '../../src/market/simulated.ts';
import type { Pool } from '../../src/store/pool.ts';
import { finishRun, type NewRun } from '../../src/store/runs.ts';
import { transact } from '../../src/store/transaction.ts';
import { planOfStrategy } from '../../src/strategist/strategy.ts';
import { askedRun, insertQueuedRun } from './runs.ts';

const SYMBOL = 'BTC-USD';
const START_MS = Date.UTC(2025, 9, 1);

let computed: RunResult | null = null;

/** Three days that are walked away from each, with every trigger on and a budget that holds most of them back; computed once. */
export function resultOfWatchedRun(): RunResult {
  computed ??= backtest({
    settings: {
      ...askedRun.settings,
      max_daily_loss_pct: 20,
      walk_away_enabled: true,
      walk_away_loss_limit_pct: 1,
      volatility_spike_enabled: true,
      volatility_spike_multiplier: 1.3,
      drawdown_replan_enabled: true,
      drawdown_threshold_pct: 1,
      support_break_enabled: true,
      resistance_break_enabled: true,
      max_reactive_replans_per_day: 1,
    },
    plan: planOfStrategy('aggressive_active', [SYMBOL], '5m'),
    timeframes: askedRun.timeframes,
    instrument: 'perpetual',
    exchange: 'coinbase',
    startMs: START_MS,
    markets: [
      {
        symbol: SYMBOL,
        candles: simulateCandles({ symbol: SYMBOL, startMs: START_MS, endMs: START_MS + 3 * DAY_MS, seed: 1, timeframe: '5m' }),
        funding: null,
      },
    ],
    source: 'simulated, seed 1',
    simulated: true,
  });
  return computed;
}

/** A run that walked away and was watched; whose it is can be said. */
export async function insertWatchedRun(pool: Pool, whose: Partial<NewRun> = {}): Promise<string> {
  const id = await insertQueuedRun(pool, whose);
  await transact(pool, (tx) => finishRun(tx, { id, result: resultOfWatchedRun() }));
  return id;
}
