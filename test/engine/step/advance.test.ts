import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/engine/bar.ts';
import { barsFromRows, fundingAt, openMs, type Row, runOf, runRows, START_MS, still, triggerWith } from '../../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);

describe('several symbols', () => {
  it('advance together in time order, and an order waits for its symbol’s next bar', () => {
    const { events, equity } = runOf({
      bars: {
        'BTC-USD': barsFromRows([null, still(100, 1), null, null, still(101), still(102)]),
        'ETH-USD': barsFromRows([still(50), still(50), still(50, 1), still(51), null, still(52)]),
      },
      triggers: [triggerWith(), triggerWith({ id: 'eth', symbol: 'ETH-USD' })],
    });

    expect(events.map(({ time, symbol, price }) => ({ time, symbol, price }))).toEqual([
      { time: openMs(3), symbol: 'ETH-USD', price: 51 },
      { time: openMs(4), symbol: 'BTC-USD', price: 101 },
    ]);
    expect([...equity.timesMs], 'one step per time at which anything opens').toEqual([0, 1, 2, 3, 4, 5].map((index) => openMs(index)));
  });

  it('do not decide for one that has no bar', () => {
    const { blocks, trades } = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(100, 1), still(100), null, null, still(100, 2), still(100)]),
        'ETH-USD': barsFromRows([1, 2, 3, 4, 5, 6].map(() => still(50))),
      },
      triggers: [triggerWith({ exit: 'volume == 2', entry: 'volume == 1' })],
    });

    expect(blocks).toEqual({});
    expect(trades[0]?.exit_time).toBe(openMs(5));
  });

  it('keep an exit waiting until there is a bar', () => {
    const { trades } = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(100, 1), still(100, 2), null, null, still(90.5), still(90)]),
        'ETH-USD': barsFromRows([1, 2, 3, 4, 5, 6].map(() => still(50))),
      },
      triggers: [triggerWith({ exit: 'volume == 2' })],
    });

    expect(trades).toEqual([expect.objectContaining({ exit_time: openMs(4), exit_price: 90.5, exit_reason: 'exit_rule' })]);
  });
});

describe('the day', () => {
  const startMs = START_MS + DAY_MS - 3 * 300_000;

  it('is the UTC date of the bar’s open: the decision at midnight belongs to the day before', () => {
    const rows: readonly Row[] = [still(100), still(100, 1), [100, 100, 90, 100, 1], [100, 100, 90, 100, 1], still(100)];
    const { blocks, open_positions } = runRows(rows, { startMs, settings: { max_trades_per_day: 1 } });

    expect(blocks, 'the bar of 23:55').toEqual({ max_trades: 1 });
    expect(open_positions[0]?.entry_time, 'decided on the first bar of the new day').toBe(openMs(4, startMs));
  });

  it('starts from the equity of the close before it, funding due at midnight not yet paid', () => {
    const rows: readonly Row[] = [still(100, 1), still(100), still(100), still(100, 0), still(98.99, 3), still(98)];
    const { events } = runRows(rows, {
      startMs,
      settings: { max_daily_loss_pct: 1 },
      funding: { 'BTC-USD': fundingAt([START_MS + DAY_MS, 0.09]) },
    });

    expect(
      events.filter(({ kind }) => kind === 'daily_loss'),
      '90 of funding at 00:00, then 10 × 1.01: together more than 1 % of 10 000',
    ).toEqual([expect.objectContaining({ time: openMs(5, startMs), daily_return_pct: near(-1.001) })]);
  });

  it('rolls once over days without a bar', () => {
    const late = START_MS + 3 * DAY_MS;
    const bars = [
      ...barsFromRows([still(100, 1), [100, 100, 90, 100, 1]]),
      ...barsFromRows([still(100, 1), still(100)], { startMs: late }),
    ];
    const { blocks, open_positions } = runOf({ bars: { 'BTC-USD': bars }, settings: { max_trades_per_day: 1 } });

    expect(blocks).toEqual({ max_trades: 1 });
    expect(open_positions[0]?.entry_time).toBe(openMs(1, late));
  });
});

describe('bars before the start', () => {
  it('fill the columns and never trade', () => {
    const rows = [still(100, 1), still(102, 1), still(104, 1), still(106, 1), still(107)];
    const { open_positions, equity, data, blocks } = runRows(rows, {
      triggers: [triggerWith({ entry: 'volume == 1 and sma_short > 0' })],
      settings: { indicator_mode: 'custom', custom_indicator_periods: { sma_short: 3 } },
      input: { startMs: openMs(3) },
    });

    expect(open_positions).toEqual([expect.objectContaining({ entry_time: openMs(4) })]);
    expect([...equity.timesMs]).toEqual([openMs(3), openMs(4)]);
    expect(data).toMatchObject({ start: openMs(3), end: openMs(5), bars: 2, warm_up_bars: 3, warm_up_bars_wanted: 2 });
    expect(blocks).toEqual({});
  });

  it('that are too few leave the column unknown, and the result says so', () => {
    const { open_positions, remarks } = runRows([still(100, 1), still(102, 1), still(104)], {
      triggers: [triggerWith({ entry: 'sma_short > 0' })],
      settings: { indicator_mode: 'custom', custom_indicator_periods: { sma_short: 4 } },
      input: { startMs: openMs(1) },
    });

    expect(open_positions).toEqual([]);
    expect(remarks).toContainEqual(expect.stringContaining('warm-up short by 2 bars'));
  });
});
