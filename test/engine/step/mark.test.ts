import { describe, expect, it } from 'vitest';
import { equityPairs } from '../../../src/engine/equity-curve.ts';
import { barsFromRows, closeMs, openMs, type Row, runOf, runRows, still, triggerWith } from '../../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);

describe('the equity', () => {
  it('is cash plus what is unrealised at every close, fees and funding taken off', () => {
    const { equity } = runRows([still(100, 1), [100, 105, 99, 104], still(106), still(103)], {
      settings: { taker_fee_pct: 0.1 },
      funding: { 'BTC-USD': { timeMs: Float64Array.of(openMs(2)), rate: Float64Array.of(0.001) } },
    });

    const fee = 10 * 100 * 0.001;
    const paid = 10 * 104 * 0.001;
    expect(equityPairs(equity)).toEqual([
      [openMs(0), 10_000],
      [openMs(1), near(10_000 - fee + 10 * 4)],
      [openMs(2), near(10_000 - fee - paid + 10 * 6)],
      [openMs(3), near(10_000 - fee - paid + 10 * 3)],
    ]);
  });

  it('keeps the last mark of a symbol without a bar', () => {
    const { equity } = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(100, 1), still(110), null, still(130)]),
        'ETH-USD': barsFromRows([1, 2, 3, 4].map(() => still(5))),
      },
    });

    expect([...equity.values], 'bought at 110').toEqual([10_000, 10_000, 10_000, near(10_000 + 10 * 20)]);
  });
});

describe('the daily loss', () => {
  const LATER = [still(96, 1), still(96)];
  const run = (rows: readonly Row[], max_daily_loss_pct: number, startMs?: number) =>
    runRows(rows, {
      settings: { max_daily_loss_pct, max_position_risk_pct: 5 },
      triggers: [triggerWith(), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3' })],
      ...(startMs === undefined ? {} : { startMs }),
    });

  it('latches from the very close at which it is reached, unrealised losses included', () => {
    const { blocks, events } = run([still(100, 1), still(100), still(96, 3), still(96)], 2);

    expect(
      events.filter(({ kind }) => kind === 'daily_loss'),
      '50 × 4 of 10 000',
    ).toEqual([{ time: closeMs(2), kind: 'daily_loss', daily_return_pct: near(-2), equity: 9_800 }]);
    expect(blocks).toEqual({ daily_loss: 1 });
  });

  it('is not reached by a hair less', () => {
    const { blocks, events } = run([still(100, 1), still(100), still(96.001, 3), still(96)], 2);

    expect(
      events.filter(({ kind }) => kind === 'daily_loss').map(({ time }) => time),
      'only at the last close',
    ).toEqual([closeMs(3)]);
    expect(blocks).toEqual({});
  });

  it('is reached by a loss of exactly the limit, whatever the limit', () => {
    const missed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((pct) => {
      const { summary, events } = runRows([still(100, 1), [100, 100, 90, 95]], {
        settings: { max_position_risk_pct: pct, max_daily_loss_pct: pct },
      });
      expect(summary.final_equity, 'the stop loses what was risked, to the cent').toBe(10_000 - pct * 100);
      return !events.some(({ kind }) => kind === 'daily_loss');
    });

    expect(missed, 'limits in % that a loss of exactly so much did not reach').toEqual([]);
  });

  it('stays latched when the equity recovers', () => {
    const { blocks } = run([still(100, 1), still(100), still(95), still(120, 3), still(120)], 2);

    expect(blocks).toEqual({ daily_loss: 1 });
  });

  it('lets exits through', () => {
    const { trades } = runRows([still(100, 1), still(100), still(96, 2), still(97)], {
      triggers: [triggerWith({ exit: 'volume == 2' })],
      settings: { max_daily_loss_pct: 2, max_position_risk_pct: 5 },
    });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'exit_rule', exit_price: 97 })]);
  });

  it('starts again on the next UTC day, from the equity of the close before it', () => {
    const startMs = Date.UTC(2025, 0, 6, 23, 45);
    const rows = [still(100, 1), still(100), still(96, 3), still(96, 3), still(96), ...LATER];
    const { blocks, trades, events } = run(rows, 2, startMs);

    expect(blocks, 'at 23:55 the day is over for entries, at 00:00 + 5 min it is not').toMatchObject({ daily_loss: 1 });
    expect(trades[0]).toMatchObject({ exit_reason: 'reversal', exit_time: openMs(4, startMs) });
    expect(events.filter(({ kind }) => kind === 'daily_loss')).toHaveLength(1);
  });
});
