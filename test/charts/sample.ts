import { HOUR_MS } from '../../src/engine/bar.ts';
import { type Candles, candlesFromBars } from '../../src/engine/candles.ts';
import type { Trade } from '../../src/engine/result.ts';

export const START_MS = Date.UTC(2025, 9, 10);

/** Bars from their closes: each opens at the close before it, its wicks reach 1 beyond. */
export function barsFrom(closes: readonly number[], stepMs = HOUR_MS, startMs = START_MS): Candles {
  return candlesFromBars(
    closes.map((close, index) => {
      const open = closes[index - 1] ?? close - 1;
      return {
        openTimeMs: startMs + index * stepMs,
        open,
        high: Math.max(open, close) + 1,
        low: Math.min(open, close) - 1,
        close,
        volume: 1,
      };
    }),
  );
}

export function trade(changes: Partial<Trade>): Trade {
  return {
    symbol: 'BTC-USD',
    side: 'long',
    trigger_id: 'breakout',
    grade: 'B',
    entry_time: START_MS,
    entry_price: 100,
    exit_time: START_MS + 3 * HOUR_MS,
    exit_price: 104,
    quantity: 1,
    stop: 98,
    target: null,
    exit_reason: 'exit_rule',
    fees: 0.2,
    funding: 0,
    pnl: 3.8,
    r: 1.9,
    ...changes,
  };
}
