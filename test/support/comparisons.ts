import { randomUUID } from 'node:crypto';
import type { BacktestInput } from '../../src/engine/backtest.ts';
import { type ComparisonOutcome, compareWithEvidence } from '../../src/engine/comparison-outcome.ts';
import type { AskedComparison } from '../../src/engine/comparison-spec.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { insertComparison, type NewComparison } from '../../src/store/comparisons.ts';
import type { Pool } from '../../src/store/pool.ts';
import { transact } from '../../src/store/transaction.ts';
import { planOfStrategy } from '../../src/strategist/strategy.ts';
import { askedRun } from './runs.ts';

/** Two leverages of three days of the simulated market. */
export const askedComparison: AskedComparison = {
  base: askedRun,
  variations: [{ max_portfolio_exposure_pct: 100 }, { max_portfolio_exposure_pct: 300 }],
  labels: ['1×', '3×'],
};

/** A comparison that waits; whose it is can be said. */
export async function insertQueuedComparison(pool: Pool, whose: Partial<NewComparison> = {}): Promise<string> {
  const id = whose.id ?? randomUUID();
  const runs = { baseRunId: randomUUID(), variantRunIds: [randomUUID(), randomUUID()] };
  const comparison = { guildId: 'local', channelId: null, requestedBy: null, request: askedComparison, ...runs, ...whose, id };
  await transact(pool, (tx) => insertComparison(tx, comparison));
  return id;
}

/** What comes of it, or of other variations of the same base. */
export function outcomeOf({ variations, labels }: Pick<AskedComparison, 'variations' | 'labels'> = askedComparison): ComparisonOutcome {
  return compareWithEvidence({ base: baseInput(), variations, labels });
}

const START_MS = Date.UTC(2025, 9, 1);
const RANGE = { symbol: 'BTC-USD', startMs: START_MS, endMs: Date.UTC(2025, 9, 4), seed: 1 };

function baseInput(): BacktestInput {
  return {
    settings: askedRun.settings,
    plan: planOfStrategy('aggressive_active', [RANGE.symbol], '5m'),
    timeframes: askedRun.timeframes,
    instrument: 'perpetual',
    exchange: 'coinbase',
    startMs: START_MS,
    markets: [{ symbol: RANGE.symbol, candles: simulateCandles({ ...RANGE, timeframe: '5m' }), funding: simulateFunding(RANGE) }],
    source: 'simulated, seed 1',
    simulated: true,
  };
}
