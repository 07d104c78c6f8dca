import { describe, expect, it } from 'vitest';
import { closeMs, openMs, type Row, runRows, still, triggerWith } from '../../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);

/** Both sides of the same story: a short's bars are the long's mirrored at 100. */
const SIDES = [
  { side: 'long', mirror: (price: number) => price, flip: 1 },
  { side: 'short', mirror: (price: number) => 200 - price, flip: -1 },
] as const;

describe.each(SIDES)('a $side position inside a bar', ({ side, mirror, flip }) => {
  const mirrored = ([open, high, low, close, volume = 0]: Row): Row =>
    flip === 1 ? [open, high, low, close, volume] : [mirror(open), mirror(low), mirror(high), mirror(close), volume];
  const triggers = [triggerWith({ side, target: { kind: 'pct', pct: 20 }, exit: 'volume == 2' })];
  /** The trades of an entry decided at 100 (stop 10 away, target 20 away) over the bars that follow the decision. */
  const tradesOver = (...rows: readonly Row[]) => runRows([still(100, 1), ...rows.map(mirrored)], { triggers }).trades;

  it('is stopped at the stop when the bar only touches it', () => {
    expect(tradesOver(still(100), [100, 101, 90, 95])).toEqual([
      expect.objectContaining({ exit_reason: 'stop', exit_price: near(mirror(90)), exit_time: closeMs(2), pnl: near(-100), r: near(-1) }),
    ]);
    expect(tradesOver(still(100), [100, 101, 90.01, 95]), 'a hair above the stop reaches nothing').toEqual([]);
  });

  it('is stopped at the open when the bar opens beyond the stop', () => {
    expect(tradesOver(still(100), [85, 99, 84, 98])).toEqual([
      expect.objectContaining({ exit_reason: 'stop', exit_price: near(mirror(85)), exit_time: openMs(2), pnl: near(-150) }),
    ]);
  });

  it('takes its target when the bar only touches it', () => {
    expect(tradesOver(still(100), [100, 120, 91, 95])).toEqual([
      expect.objectContaining({ exit_reason: 'target', exit_price: near(mirror(120)), exit_time: closeMs(2), pnl: near(200), r: near(2) }),
    ]);
    expect(tradesOver(still(100), [100, 119.99, 91, 95]), 'a hair below the target reaches nothing').toEqual([]);
  });

  it('takes a target in percent when the bar touches the price that the percent come to', () => {
    const missed = Array.from({ length: 30 }, (_, index) => index + 1).filter((pct) => {
      const { trades } = runRows([still(100, 1), mirrored([100, 100 + pct, 95, 95])], {
        triggers: [triggerWith({ side, target: { kind: 'pct', pct } })],
      });
      return trades.length === 0;
    });

    expect(missed, 'targets in % of a close of 100 that an extreme of exactly 100 ± so much did not reach').toEqual([]);
  });

  it('takes the open when the bar opens beyond the target, whatever the bar does then', () => {
    expect(tradesOver(still(100), [123, 124, 80, 85])).toEqual([
      expect.objectContaining({ exit_reason: 'target', exit_price: near(mirror(123)), exit_time: openMs(2), pnl: near(230) }),
    ]);
  });

  it('is stopped when stop and target lie in one bar', () => {
    expect(tradesOver(still(100), [100, 130, 80, 119])).toEqual([
      expect.objectContaining({ exit_reason: 'stop', exit_price: near(mirror(90)) }),
    ]);
  });

  it('can be stopped in its entry bar', () => {
    expect(tradesOver([100, 101, 89, 99])).toEqual([
      expect.objectContaining({ entry_time: openMs(1), exit_time: closeMs(1), exit_reason: 'stop', exit_price: near(mirror(90)) }),
    ]);
  });

  it('can take its target in its entry bar', () => {
    expect(tradesOver([100, 121, 91, 99])).toEqual([
      expect.objectContaining({ entry_time: openMs(1), exit_time: closeMs(1), exit_reason: 'target', exit_price: near(mirror(120)) }),
    ]);
  });

  it('leaves at the open at which it entered when that lies beyond its stop or its target', () => {
    expect(tradesOver([88, 99, 88, 99])).toEqual([
      expect.objectContaining({
        entry_time: openMs(1),
        exit_time: openMs(1),
        exit_reason: 'stop',
        entry_price: near(mirror(88)),
        pnl: near(0),
      }),
    ]);
    expect(tradesOver([122, 123, 80, 99])).toEqual([
      expect.objectContaining({
        entry_time: openMs(1),
        exit_time: openMs(1),
        exit_reason: 'target',
        entry_price: near(mirror(122)),
        pnl: near(0),
      }),
    ]);
  });

  it('leaves by its waiting exit at an open beyond the stop', () => {
    expect(tradesOver(still(100, 2), [85, 85, 85, 85])).toEqual([
      expect.objectContaining({ exit_reason: 'exit_rule', exit_price: near(mirror(85)), exit_time: openMs(2) }),
    ]);
  });
});

/**
 * Leverage 2 under half_initial: maintenance 0.5 / 2 of the entry value, so an entry at 100 is liquidated at
 * 100 × (1 ∓ (0.5 − 0.25)) = 75 or 125 and bankrupt at 50 or 150. All of it is exact in binary.
 */
describe.each(SIDES)('the liquidation of a $side position', ({ side, mirror, flip }) => {
  const mirrored = ([open, high, low, close, volume = 0]: Row): Row =>
    flip === 1 ? [open, high, low, close, volume] : [mirror(open), mirror(low), mirror(high), mirror(close), volume];
  const settings = { max_portfolio_exposure_pct: 200, margin_model: 'half_initial', max_position_risk_pct: 2 } as const;
  const tradesOver = (stopPct: number, ...rows: readonly Row[]) =>
    runRows([still(100, 1), still(100), ...rows.map(mirrored)], {
      triggers: [triggerWith({ side, stop: { kind: 'pct', pct: stopPct }, exit: 'volume == 2' })],
      settings,
    }).trades;

  it('comes first when its price is nearer to the open than the stop', () => {
    const quantity = (10_000 * 0.02) / 40;
    expect(tradesOver(40, [100, 100, 55, 55])).toEqual([
      expect.objectContaining({
        exit_reason: 'liquidation',
        exit_time: closeMs(2),
        exit_price: near(mirror(50)),
        pnl: near((-quantity * 100) / 2),
        r: near((-quantity * 50) / (quantity * 40)),
        fees: 0,
      }),
    ]);
  });

  it('is not reached when the stop is nearer to the open', () => {
    expect(tradesOver(10, [100, 100, 55, 55])).toEqual([expect.objectContaining({ exit_reason: 'stop', exit_price: near(mirror(90)) })]);
  });

  it('comes first when stop and liquidation are at one price', () => {
    expect(tradesOver(25, [100, 100, 75, 90])).toEqual([
      expect.objectContaining({ exit_reason: 'liquidation', exit_price: near(mirror(50)) }),
    ]);
  });

  it('is reached by the touch of an extreme, not by the close', () => {
    expect(tradesOver(40, [100, 100, 75, 99])).toEqual([expect.objectContaining({ exit_reason: 'liquidation' })]);
    expect(tradesOver(40, [100, 100, 75.01, 76]), 'a hair away from it').toEqual([]);
  });

  it('comes before a target in the same bar', () => {
    const trades = runRows([still(100, 1), still(100), mirrored([100, 190, 70, 190])], {
      triggers: [triggerWith({ side, stop: { kind: 'pct', pct: 40 }, target: { kind: 'pct', pct: 20 } })],
      settings,
    }).trades;
    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'liquidation' })]);
  });

  it('happens at the open when the bar opens at or beyond its price, before the stop and before a waiting exit', () => {
    for (const open of [75, 60]) {
      expect(tradesOver(10, [open, 100, open, 100]), `open at ${open}, stop at 90`).toEqual([
        expect.objectContaining({ exit_reason: 'liquidation', exit_time: openMs(2), exit_price: near(mirror(50)) }),
      ]);
      expect(tradesOver(40, still(100, 2), [open, 100, open, 100]), `open at ${open}, an exit waiting`).toEqual([
        expect.objectContaining({ exit_reason: 'liquidation', exit_time: openMs(3), exit_price: near(mirror(50)) }),
      ]);
    }
  });

  it('may meet a position in its entry bar', () => {
    const trades = runRows([still(100, 1), mirrored([100, 100, 70, 80])], {
      triggers: [triggerWith({ side, stop: { kind: 'pct', pct: 40 } })],
      settings,
    }).trades;
    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'liquidation', entry_time: openMs(1), exit_time: closeMs(1) })]);
  });
});

describe('the money of a liquidation', () => {
  it('is the margin at the fill price, the entry fee and the funding, with neither exit fee nor exit slippage', () => {
    const { trades, summary } = runRows([still(100, 1), still(110), [110, 110, 60, 60]], {
      triggers: [triggerWith({ stop: { kind: 'pct', pct: 50 } })],
      settings: { max_portfolio_exposure_pct: 500, margin_model: 'flat', taker_fee_pct: 0.1, slippage_pct: 0.02 },
      funding: { 'BTC-USD': { timeMs: Float64Array.of(openMs(2)), rate: Float64Array.of(0.001) } },
    });

    const quantity = (10_000 * 0.01) / 50;
    const entry = 110 * 1.0002;
    const margin = (quantity * entry) / 5;
    const entryFee = quantity * entry * 0.001;
    const funding = quantity * 110 * 0.001;
    expect(trades).toEqual([
      expect.objectContaining({
        exit_reason: 'liquidation',
        entry_price: near(entry),
        exit_price: near(entry * (1 - 1 / 5)),
        fees: near(entryFee),
        funding: near(funding),
        pnl: near(-margin - entryFee - funding),
      }),
    ]);
    expect(summary.final_equity).toBeCloseTo(10_000 - margin - entryFee - funding, 9);
    expect(summary.liquidation_events).toBe(1);
  });

  it('never threatens a long at leverage 1, but does a short', () => {
    const settings = { max_portfolio_exposure_pct: 100, margin_model: 'flat' } as const;
    const stop = { kind: 'pct', pct: 99.9 };

    const long = runRows([still(100, 1), still(100), [100, 100, 1, 1]], { triggers: [triggerWith({ stop })], settings });
    const short = runRows([still(100, 1), still(100), [100, 199.8, 100, 150]], {
      triggers: [triggerWith({ side: 'short', stop })],
      settings,
    });

    expect(long.open_positions).toEqual([expect.objectContaining({ liquidation_price: null })]);
    expect(short.trades, 'liquidated at 100 × (1 + 1 − 0.005) = 199.5, before its stop at 199.9').toEqual([
      expect.objectContaining({ exit_reason: 'liquidation', exit_price: near(200) }),
    ]);
  });
});
