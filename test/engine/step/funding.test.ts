import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/engine/bar.ts';
import { equityPairs } from '../../../src/engine/equity-curve.ts';
import { barsFromRows, fundingAt, openMs, runOf, runRows, START_MS, still, triggerWith } from '../../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);
const RATE = 0.001;

describe('funding', () => {
  it('is paid by a long and received by a short when the rate is positive, on the last close', () => {
    const rows = [still(100, 1), still(100), still(110), still(120)];
    const funding = { 'BTC-USD': fundingAt([openMs(3), RATE]) };

    const long = runRows(rows, { funding });
    const short = runRows(rows, { funding, triggers: [triggerWith({ side: 'short', stop: { kind: 'pct', pct: 50 } })] });

    expect(long.open_positions[0]?.funding, '10 × 110 × 0.001').toBeCloseTo(10 * 110 * RATE, 9);
    expect(long.summary).toMatchObject({ funding: near(1.1), final_equity: near(10_000 + 10 * 20 - 1.1) });
    expect(short.open_positions[0]?.funding, '2 short × 110 × 0.001').toBeCloseTo(-2 * 110 * RATE, 9);
    expect(short.summary.final_equity).toBeCloseTo(10_000 - 2 * 20 + 0.22, 9);
  });

  it('turns around with a negative rate', () => {
    const { open_positions } = runRows([still(100, 1), still(100), still(100)], { funding: { 'BTC-USD': fundingAt([openMs(2), -RATE]) } });

    expect(open_positions[0]?.funding).toBeCloseTo(-10 * 100 * RATE, 9);
  });

  it('is not paid by an entry at the open it falls due, but is by an exit there', () => {
    const funding = { 'BTC-USD': fundingAt([openMs(1), RATE], [openMs(3), 2 * RATE]) };
    const { trades } = runRows([still(100, 1), still(100), still(100, 2), still(100)], {
      funding,
      triggers: [triggerWith({ exit: 'volume == 2' })],
    });

    expect(trades, 'the second of the two payments').toEqual([
      expect.objectContaining({ exit_time: openMs(3), funding: near(2), pnl: near(-2) }),
    ]);
  });

  it('that fell due between two steps is all paid at the next open', () => {
    const funding = { 'BTC-USD': fundingAt([openMs(2), RATE], [openMs(3), 2 * RATE], [openMs(3) + MINUTE_MS, 4 * RATE]) };
    const { open_positions, events } = runRows([still(100, 1), still(100), null, null, still(100)], { funding });

    expect(open_positions[0]?.funding).toBeCloseTo(10 * 100 * (1 + 2 + 4) * RATE, 9);
    expect(events.filter(({ kind }) => kind === 'funding')).toHaveLength(3);
  });

  it('is paid at its last mark by a symbol without a bar at the time', () => {
    const { open_positions, equity } = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(10), still(10), still(10), still(10)]),
        'ETH-USD': barsFromRows([still(100, 1), [100, 110, 100, 108], null, null, still(200)]),
      },
      triggers: [triggerWith({ symbol: 'ETH-USD' })],
      funding: { 'ETH-USD': fundingAt([openMs(2), RATE]) },
    });

    expect(open_positions[0]?.funding, 'the close of bar 1').toBeCloseTo(10 * 108 * RATE, 9);
    expect(equityPairs(equity)[2], 'charged at bar 2 although ETH has none').toEqual([openMs(2), near(10_000 + 10 * 8 - 1.08)]);
  });

  it('before the first step and after the last open is never paid', () => {
    const funding = { 'BTC-USD': fundingAt([START_MS - MINUTE_MS, RATE], [START_MS, RATE], [openMs(2) + 1, RATE]) };
    const { summary } = runRows([still(100, 1), still(100), still(100)], { funding });

    expect(summary.funding).toBe(0);
  });

  it('is left out without a series, which the result says, and on spot always', () => {
    const rows = [still(100, 1), still(100), still(100)];

    const without = runRows(rows);
    const spot = runRows(rows, { input: { instrument: 'spot' }, funding: { 'BTC-USD': fundingAt([openMs(2), RATE]) } });

    expect(without.data.funding_not_charged).toEqual(['BTC-USD']);
    expect(without.remarks).toEqual([expect.stringContaining('funding not charged')]);
    expect(spot.summary.funding).toBe(0);
    expect(spot.remarks).toEqual([]);
  });
});
