import type { BacktestInput } from '../../src/engine/backtest.ts';
import { backtestWithEvidence } from '../../src/engine/backtest-with-evidence.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { effectiveSettings, type Overrides } from '../../src/engine/settings.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { planOfStrategy } from '../../src/strategist/strategy.ts';

/** A backtest of so many days of 1m bars, with trades and funding in it. */
export function sampleInput({ days, overrides = {} }: { readonly days: number; readonly overrides?: Overrides }): BacktestInput {
  const symbol = 'BTC-USD';
  const startMs = Date.UTC(2024, 0, 1);
  const range = { symbol, startMs, endMs: startMs + days * DAY_MS, seed: 7 };
  return {
    settings: effectiveSettings(overrides),
    plan: planOfStrategy('aggressive_active', [symbol], '1m'),
    timeframes: ['1m'],
    instrument: 'perpetual',
    exchange: 'coinbase',
    startMs: null,
    markets: [{ symbol, candles: simulateCandles({ ...range, timeframe: '1m' }), funding: simulateFunding(range) }],
    source: 'simulated',
    simulated: true,
  };
}

/** The run of it in this thread. */
export const sampleResult = (input: BacktestInput) => backtestWithEvidence(input);
