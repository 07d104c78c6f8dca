import { describe, expect, it } from 'vitest';
import { heldSpans, holdingsOn } from '../../src/charts/holdings.ts';
import { DAY_MS, HOUR_MS } from '../../src/engine/bar.ts';
import { EXIT_REASONS } from '../../src/engine/result.ts';
import { barsFrom, START_MS, trade } from './sample.ts';

const candles = barsFrom([100, 101, 102, 103, 104, 105]);
const held = (entryHour: number, exitHour: number, side: 'long' | 'short' = 'long') =>
  trade({ side, entry_time: START_MS + entryHour * HOUR_MS, exit_time: START_MS + exitHour * HOUR_MS });

describe('heldSpans', () => {
  it('joins what touches and keeps the sides apart', () => {
    const holdings = holdingsOn(candles, [held(0, 1), held(1, 2), held(4, 5), held(2, 4, 'short')], []);

    expect(heldSpans(holdings, 'long')).toEqual([
      { from: 0, to: 2 },
      { from: 4, to: 5 },
    ]);
    expect(heldSpans(holdings, 'short')).toEqual([{ from: 2, to: 4 }]);
  });

  it('gives a trade inside one candle the width of that candle', () => {
    expect(heldSpans(holdingsOn(candles, [held(3, 3)], []), 'long')).toEqual([{ from: 2.5, to: 3.5 }]);
  });
});

describe('holdingsOn', () => {
  it('holds an open position to the last candle', () => {
    const { exit_time, exit_price, exit_reason, pnl, r, ...entry } = held(2, 2);
    const [holding] = holdingsOn(candles, [], [{ ...entry, liquidation_price: null, unrealised_pnl: 0 }]);

    expect(holding).toEqual({ side: 'long', entryIndex: 2, exitIndex: 5, stopPrice: 98, exit: null });
  });

  it('finds the candle in which a fill between two opens falls, and stays inside the chart', () => {
    const early = trade({ entry_time: START_MS - DAY_MS, exit_time: START_MS + 1.7 * HOUR_MS });
    const late = trade({ entry_time: START_MS + 4 * HOUR_MS, exit_time: START_MS + DAY_MS });

    expect(holdingsOn(candles, [early, late], []).map(({ entryIndex, exitIndex }) => [entryIndex, exitIndex])).toEqual([
      [0, 1],
      [4, 5],
    ]);
  });

  it('tells protective exits apart from all others', () => {
    const trades = EXIT_REASONS.map((exit_reason) => trade({ exit_reason }));

    expect(holdingsOn(candles, trades, []).map((holding) => holding.exit?.mark)).toEqual([
      'stop',
      'target',
      'liquidation',
      ...new Array(EXIT_REASONS.length - 3).fill('other'),
    ]);
  });
});
