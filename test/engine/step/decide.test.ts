import { describe, expect, it } from 'vitest';
import { barsFromRows, openMs, type Row, runOf, runRows, still, triggerWith } from '../../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);
const LONG = triggerWith({ exit: 'volume == 2' });
const SHORT = triggerWith({ id: 'short', side: 'short', entry: 'volume == 3', exit: 'volume == 4' });

describe('an exit rule', () => {
  const exitAfter = (minHoldBars: number, signals: readonly number[]) =>
    runRows([still(100, 1), ...signals.map((signal) => still(100, signal)), still(100), still(100)], {
      triggers: [LONG],
      settings: { min_hold_bars: minHoldBars, confidence_override_threshold: 'C' },
    });

  it('may act at the close of the entry bar when nothing is held, one bar later with hold 1, two with hold 2', () => {
    const exits = [0, 1, 2].map((hold) => exitAfter(hold, [2, 2, 2, 2]).trades[0]?.exit_time);

    expect(exits, 'entered at bar 1; decided at closes 1, 2 and 3').toEqual([openMs(2), openMs(3), openMs(4)]);
  });

  it('that is held back is counted apart, is no block, and no grade lets it through', () => {
    const { summary, trades } = exitAfter(2, [2, 2, 0, 0]);

    expect(summary.held_back_exits).toBe(2);
    expect(summary.blocks).toEqual({});
    expect(trades).toEqual([]);
  });

  it('is never held back from a stop, nor is a target', () => {
    const settings = { min_hold_bars: 10 };
    const stopped = runRows([still(100, 1), [100, 100, 90, 95]], { settings });
    const target = runRows([still(100, 1), [100, 120, 95, 95]], {
      settings,
      triggers: [triggerWith({ target: { kind: 'pct', pct: 20 } })],
    });

    expect(stopped.trades).toEqual([expect.objectContaining({ exit_reason: 'stop' })]);
    expect(target.trades).toEqual([expect.objectContaining({ exit_reason: 'target' })]);
  });
});

describe('entries at one close', () => {
  it('are asked grade A first, then in the order of the plan', () => {
    const graded = (id: string, grade: string, symbol = 'BTC-USD') => triggerWith({ id, grade, symbol });
    const { open_positions, blocks_by_trigger } = runRows([still(100, 1), still(100)], {
      triggers: [graded('c', 'C'), graded('b1', 'B'), graded('a1', 'A'), graded('b2', 'B'), graded('a2', 'A')],
    });

    expect(open_positions.map(({ trigger_id }) => trigger_id)).toEqual(['a1']);
    expect(Object.entries(blocks_by_trigger), 'one order per symbol and close; blocks are listed in the order of asking').toEqual([
      ['a2', { already_positioned: 1 }],
      ['b1', { already_positioned: 1 }],
      ['b2', { already_positioned: 1 }],
      ['c', { already_positioned: 1 }],
    ]);
  });

  it('share what is left of the day: the better grade takes it whatever its symbol', () => {
    const bars = { 'BTC-USD': barsFromRows([still(100, 1), still(100)]), 'ETH-USD': barsFromRows([still(50, 1), still(50)]) };
    const triggers = [triggerWith({ id: 'btc', grade: 'C' }), triggerWith({ id: 'eth', symbol: 'ETH-USD', grade: 'A' })];
    const { open_positions, blocks_by_trigger } = runOf({ bars, triggers, settings: { max_trades_per_day: 1 } });

    expect(open_positions.map(({ trigger_id }) => trigger_id)).toEqual(['eth']);
    expect(blocks_by_trigger).toEqual({ btc: { max_trades: 1 } });
  });
});

describe('a reversal', () => {
  const rows = (...signals: readonly number[]) => [still(100, 1), ...signals.map((signal) => still(100, signal)), still(100), still(100)];

  it('closes and opens in one order at one open, sized as flat', () => {
    const { trades, open_positions, summary } = runRows(
      [
        [100, 100, 100, 100, 1],
        [100, 110, 100, 110, 3],
        [120, 120, 120, 120],
      ],
      { triggers: [LONG, SHORT], settings: { max_position_risk_pct: 10 } },
    );

    const equityAtDecision = 10_000 + 100 * 10;
    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'reversal', exit_time: openMs(2), exit_price: 120, quantity: 100 })]);
    expect(open_positions, 'the whole gross limit, as if the long were gone').toEqual([
      expect.objectContaining({ side: 'short', entry_time: openMs(2), entry_price: 120, quantity: near(equityAtDecision / 110) }),
    ]);
    expect(summary.blocks).toEqual({});
  });

  it('and an exit at one close are one reversal', () => {
    const { trades, open_positions } = runRows(rows(5), {
      triggers: [
        { ...LONG, exit: 'volume == 5' },
        { ...SHORT, entry: 'volume == 5' },
      ],
    });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'reversal', exit_time: openMs(2) })]);
    expect(open_positions).toEqual([expect.objectContaining({ side: 'short', entry_time: openMs(2) })]);
  });

  it('waits for the hold', () => {
    const entered = [0, 1, 2].map(
      (hold) => runRows(rows(3, 3, 3), { triggers: [LONG, SHORT], settings: { min_hold_bars: hold } }).open_positions[0]?.entry_time,
    );
    const { blocks } = runRows(rows(3, 3, 3), { triggers: [LONG, SHORT], settings: { min_hold_bars: 2 } });

    expect(entered).toEqual([openMs(2), openMs(3), openMs(4)]);
    expect(blocks).toEqual({ min_hold: 2 });
  });

  it('of a grade at the threshold or better overrides hold and cooldown, a lesser one neither', () => {
    const reverse = (grade: string, threshold: 'A' | 'B' | 'C' | null) =>
      runRows(rows(3), {
        triggers: [LONG, { ...SHORT, grade }],
        settings: { min_hold_bars: 4, trade_cooldown_bars: 2, confidence_override_threshold: threshold },
      });

    for (const [grade, threshold] of [
      ['A', 'A'],
      ['A', 'B'],
      ['B', 'B'],
      ['A', 'C'],
      ['C', 'C'],
    ] as const) {
      expect(reverse(grade, threshold).open_positions, `${grade} at ${threshold}`).toEqual([expect.objectContaining({ side: 'short' })]);
    }
    for (const [grade, threshold] of [
      ['B', 'A'],
      ['C', 'A'],
      ['C', 'B'],
      ['A', null],
    ] as const) {
      expect(reverse(grade, threshold).blocks, `${grade} at ${threshold}`).toEqual({ min_hold: 1 });
    }
  });

  it('needs a grade that overrides while there is a cooldown, even when the hold has passed', () => {
    const triggers = [LONG, SHORT];
    const settings = { min_hold_bars: 1, trade_cooldown_bars: 1 };
    const { blocks, open_positions } = runRows(rows(0, 3), { triggers, settings });

    expect(blocks).toEqual({ cooldown: 1 });
    expect(open_positions).toEqual([expect.objectContaining({ side: 'long' })]);
  });

  it('that is blocked only closes when the exit rule says so', () => {
    const { trades, blocks, open_positions } = runRows(rows(0, 5), {
      triggers: [
        { ...LONG, exit: 'volume == 5' },
        { ...SHORT, entry: 'volume == 5' },
      ],
      settings: { trade_cooldown_bars: 1 },
    });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'exit_rule', exit_time: openMs(3) })]);
    expect(blocks).toEqual({ cooldown: 1 });
    expect(open_positions).toEqual([]);
  });

  it('is never made by an entry in the direction held, also when the exit rule fires', () => {
    const { trades, blocks } = runRows(rows(5), { triggers: [triggerWith({ entry: 'volume == 1 or volume == 5', exit: 'volume == 5' })] });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'exit_rule', exit_time: openMs(2) })]);
    expect(blocks).toEqual({ already_positioned: 1 });
  });
});

describe('the cooldown', () => {
  /** Bought at bar 1, stopped inside bar 2; then a signal at every close, at a price that has moved. */
  const rows: readonly Row[] = [still(100, 1), still(100), [100, 100, 90, 95, 1], still(95, 1), still(95, 1), still(95, 1), still(95)];
  const enter = (trade_cooldown_bars: number, grade = 'B', confidence_override_threshold: 'A' | 'B' | null = null) =>
    runRows(rows, { triggers: [triggerWith({ grade })], settings: { trade_cooldown_bars, confidence_override_threshold } });

  it('of 0, 1 and 2 lets the symbol enter at the close of the bar that went flat, one later, two later', () => {
    expect([0, 1, 2].map((bars) => enter(bars).open_positions[0]?.entry_time)).toEqual([openMs(3), openMs(4), openMs(5)]);
    expect(enter(2).blocks, 'closes 2 and 3, then the position stands in the way at close 5').toEqual({
      cooldown: 2,
      already_positioned: 1,
    });
  });

  it('is overridden by a fresh entry of the threshold’s grade', () => {
    expect(enter(5, 'A', 'A').open_positions[0]?.entry_time).toBe(openMs(3));
    expect(enter(5, 'B', 'A').open_positions).toEqual([]);
  });

  it('counts from the bar at whose open an exit filled', () => {
    const { open_positions } = runRows([still(100, 1), still(100, 2), still(100, 1), still(100, 1), still(100, 1), still(100)], {
      triggers: [LONG],
      settings: { trade_cooldown_bars: 2 },
    });

    expect(open_positions[0]?.entry_time, 'flat at bar 2, allowed at close 4').toBe(openMs(5));
  });

  it('and the hold count the symbol’s own bars, not those that are missing', () => {
    const settings = { min_hold_bars: 2, trade_cooldown_bars: 2 };
    const { trades, open_positions } = runRows(
      [still(100, 1), still(100), null, still(100, 2), null, still(100, 2), null, still(100), still(100, 1), still(100, 1), still(100)],
      { triggers: [LONG], settings },
    );

    expect(trades[0]?.exit_time, 'entered at bar 1, held at 3, decided at 5, filled at 7').toBe(openMs(7));
    expect(open_positions[0]?.entry_time, 'flat at 7, held off at 8, decided at 9').toBe(openMs(10));
  });
});

describe('emergency_exit', () => {
  const plan = { emergency_exit: 'volume == 9' };

  it('closes the position at the next open, whatever the hold, and reports itself before the exit rule', () => {
    const { trades } = runRows([still(100, 1), still(100, 9), still(101)], {
      plan,
      triggers: [triggerWith({ exit: 'volume == 9' })],
      settings: { min_hold_bars: 10 },
    });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'emergency_exit', exit_time: openMs(2) })]);
  });

  it('closes only the position on whose symbol it is true', () => {
    const { trades, open_positions } = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(100, 1), still(100, 9), still(100)]),
        'ETH-USD': barsFromRows([still(50, 1), still(50), still(50)]),
      },
      triggers: [triggerWith(), triggerWith({ id: 'eth', symbol: 'ETH-USD' })],
      plan,
    });

    expect(trades.map(({ symbol }) => symbol)).toEqual(['BTC-USD']);
    expect(open_positions.map(({ symbol }) => symbol)).toEqual(['ETH-USD']);
  });

  it('allows no entry and no reversal while it is true, flat or not', () => {
    const reversed = runRows([still(100, 1), still(100, 9), still(100)], {
      plan,
      triggers: [LONG, { ...SHORT, entry: 'volume == 9', grade: 'A' }],
    });
    const flat = runRows([still(100, 9), still(100)], { plan, triggers: [triggerWith({ entry: 'volume == 9' })] });

    expect(reversed.trades).toEqual([expect.objectContaining({ exit_reason: 'emergency_exit' })]);
    expect(reversed.open_positions).toEqual([]);
    expect(reversed.blocks).toEqual({ emergency: 1 });
    expect(flat.blocks).toEqual({ emergency: 1 });
  });

  it('lets the next close decide again', () => {
    const { open_positions } = runRows([still(100, 9), still(100, 1), still(100)], { plan });

    expect(open_positions[0]?.entry_time).toBe(openMs(2));
  });

  it('is asked at every base close, also where the trigger lives on a higher timeframe', () => {
    const { trades } = runRows([still(100), still(100), still(100, 1), still(100, 9), still(100)], {
      plan,
      triggers: [triggerWith({ timeframe: '15m', entry: 'volume == 1', exit: 'volume == 9' })],
      input: { timeframes: ['5m', '15m'] },
    });

    expect(trades).toEqual([expect.objectContaining({ entry_time: openMs(3), exit_time: openMs(4), exit_reason: 'emergency_exit' })]);
  });
});

describe('rules of a higher timeframe', () => {
  const input = { timeframes: ['5m', '15m'] as const };
  const onQuarter = triggerWith({ timeframe: '15m', entry: 'close > 100', exit: 'close < 100' });

  it('are asked once, at the base close at which the higher bar became visible, on the whole of it', () => {
    const { trades, open_positions, blocks } = runRows(
      [still(99), still(105), still(101), still(99), still(98), still(101), still(101), still(97), still(97), still(96)],
      { triggers: [onQuarter], input: { timeframes: [...input.timeframes] } },
    );

    expect(open_positions).toEqual([]);
    expect(trades, 'decided at closes 2 and 8, the ends of the first and the third quarter').toEqual([
      expect.objectContaining({ entry_time: openMs(3), entry_price: 99, exit_time: openMs(9), exit_price: 96 }),
    ]);
    expect(blocks, 'fired again at the end of the second quarter only').toEqual({ already_positioned: 1 });
  });

  it('see only bars that have closed', () => {
    const { open_positions } = runRows([still(90), still(90), still(90), still(110), still(110), still(110), still(110)], {
      triggers: [triggerWith({ entry: 'close@15m > 100' })],
      input: { timeframes: [...input.timeframes] },
    });

    expect(open_positions[0]?.entry_time, 'the second quarter closes with bar 5').toBe(openMs(6));
  });

  it('are asked at the first base close after the boundary when the last base bar is missing, on what the bar got', () => {
    const { open_positions } = runRows([still(99), still(105), null, still(90), still(90)], {
      triggers: [onQuarter],
      input: { timeframes: [...input.timeframes] },
    });

    expect(open_positions, 'the quarter closed at 105; seen at the close of bar 3').toEqual([
      expect.objectContaining({ entry_time: openMs(4), entry_price: 90 }),
    ]);
  });

  it('are asked on the last bar when a gap made several visible at once', () => {
    const first = [still(99), still(99), still(105)] as const;
    const fell = runRows([...first, still(99), null, null, null, null, null, still(101), still(101)], {
      triggers: [triggerWith({ timeframe: '15m', entry: 'close < 100' })],
      input: { timeframes: [...input.timeframes] },
    });

    expect(fell.open_positions, 'the second quarter, closed at 99 from one bar, is seen at the close of bar 9').toEqual([
      expect.objectContaining({ entry_time: openMs(10) }),
    ]);
  });

  it('size and stop from the base close and the ATR of their own timeframe', () => {
    const base = (close: number): Row => [100, 103, 97, close];
    const { open_positions } = runRows([base(100), base(100), base(100), base(100), base(100), base(102), still(102)], {
      triggers: [triggerWith({ timeframe: '15m', entry: 'close > 101', stop: { kind: 'atr', multiple: 2 } })],
      settings: { indicator_mode: 'custom', custom_indicator_periods: { atr: 2 } },
      input: { timeframes: [...input.timeframes] },
    });

    expect(open_positions).toEqual([expect.objectContaining({ entry_time: openMs(6), stop: near(102 - 2 * 6) })]);
  });
});
