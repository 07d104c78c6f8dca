import { describe, expect, it } from 'vitest';
import { barsFromRows, openMs, type Row, runOf, runRows, still, triggerWith } from '../../support/bars.ts';

/** A long from 80 that takes its target of 1 R inside bar 1: a fill at 100, at that bar's close. */
const TAKEN: readonly Row[] = [still(80, 1), [80, 100, 80, 100]];
const TRIGGERS = [triggerWith({ stop: { kind: 'pct', pct: 25 }, target: { kind: 'r', multiple: 1 } })];

describe('the price move', () => {
  const enterAt = (close: number, min_price_move_pct: number) =>
    runRows([...TAKEN, still(close, 1), still(close)], {
      triggers: TRIGGERS,
      settings: { min_price_move_pct, max_staleness_seconds: 7_200 },
    });

  it('lets an entry pass from exactly the limit on, up or down, measured from the last fill', () => {
    for (const close of [101, 99, 130, 90]) {
      expect(enterAt(close, 1).open_positions, `close ${close}`).toHaveLength(1);
    }
    for (const close of [100, 100.99, 99.01]) {
      expect(enterAt(close, 1).blocks, `close ${close}`).toEqual({ price_move: 1 });
    }
  });

  it('is measured from an entry as well as from an exit, at the price slippage left', () => {
    const { blocks } = runRows([still(100, 1), still(100), still(100.5, 3), still(100.5)], {
      triggers: [triggerWith(), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3' })],
      settings: { slippage_pct: 1, min_price_move_pct: 0.5, max_staleness_seconds: 7_200 },
    });

    expect(blocks, '100.5 is 0.495 % from 101').toEqual({ price_move: 1 });
  });

  it('is measured from the bankruptcy price after a liquidation', () => {
    const close = 50.2;
    const { blocks } = runRows([still(100, 1), still(100), [100, 100, 50, close, 1], still(close)], {
      triggers: [triggerWith({ stop: { kind: 'pct', pct: 60 } })],
      settings: { max_portfolio_exposure_pct: 200, margin_model: 'half_initial', after_liquidation: 'continue', min_price_move_pct: 0.5 },
    });

    expect(blocks, '50.2 is 0.4 % from 100 × (1 − 1/2)').toEqual({ price_move: 1 });
  });

  it('is not asked for before the symbol’s first fill, whatever another symbol filled', () => {
    const { open_positions } = runOf({
      bars: { 'BTC-USD': barsFromRows([...TAKEN, still(100)]), 'ETH-USD': barsFromRows([still(100), still(100, 1), still(100)]) },
      triggers: [...TRIGGERS, triggerWith({ id: 'eth', symbol: 'ETH-USD' })],
      settings: { min_price_move_pct: 2, max_staleness_seconds: 7_200 },
    });

    expect(open_positions.map(({ symbol }) => symbol)).toEqual(['ETH-USD']);
  });

  it('is not asked for once the fill is older than the staleness, but at that very age it is', () => {
    const enterAfter = (max_staleness_seconds: number) =>
      runRows([...TAKEN, still(100), still(100, 1), still(100)], {
        triggers: TRIGGERS,
        settings: { min_price_move_pct: 1, max_staleness_seconds },
      });

    expect(enterAfter(600).blocks, 'filled at the close of bar 1, asked at that of bar 3: 600 s').toEqual({ price_move: 1 });
    expect(enterAfter(599).open_positions).toHaveLength(1);
  });
});

describe('the call budget', () => {
  /** Every 5m bar opens a position at its open and takes its target inside: two fills a bar, from bar 1 on. */
  const busy = (barCount: number) => Array.from({ length: barCount }, (): Row => [100, 110, 100, 100, 1]);
  const quick = [triggerWith({ target: { kind: 'r', multiple: 1 } })];
  const settings = { max_calls_per_hour_per_symbol: 10, min_price_move_pct: 1 };
  /** Long at every even close, short at every odd one: one fill at each open from bar 1 on. */
  const flips = (barCount: number) => Array.from({ length: barCount }, (_, index) => (index % 2 === 0 ? still(100, 1) : still(105, 3)));
  const flipping = [triggerWith(), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3' })];

  it('blocks an entry once the fills of the last hour have reached it', () => {
    const { trades, blocks } = runRows(busy(8), { triggers: quick, settings });

    expect(trades, 'ten fills in bars 1 to 5').toHaveLength(5);
    expect(blocks, 'closes 5, 6 and 7').toEqual({ call_budget: 3 });
  });

  it('counts the fills in (now − 1 h, now]: one that is an hour old no longer counts', () => {
    const { trades } = runRows(busy(16), { triggers: quick, settings });

    expect(trades[5]?.entry_time, 'the fill at the open of bar 1 is an hour old at the close of bar 12').toBe(openMs(13));
    expect(trades, 'bars 1 to 5, then 13, 14 and 15 as two fills each grow old').toHaveLength(8);
  });

  it('counts a reversal once', () => {
    const { trades, blocks } = runRows(flips(14), { triggers: flipping, settings });

    expect(blocks, 'ten fills at close 10; the short is held at 11; the first fill is too old at 12').toEqual({
      call_budget: 1,
      already_positioned: 1,
    });
    expect(trades).toHaveLength(10);
  });

  it('blocks entries only', () => {
    const triggers = [triggerWith(), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3', exit: 'volume == 1' })];
    const { trades, blocks } = runRows(flips(12), { triggers, settings });

    expect(blocks, 'the long at close 10, the short at close 11').toEqual({ call_budget: 2 });
    expect(trades.at(-1), 'what would have been a reversal is the exit of its rule, the eleventh fill').toMatchObject({
      side: 'short',
      exit_reason: 'exit_rule',
      exit_time: openMs(11),
    });
  });

  it('is each symbol’s own', () => {
    const { blocks_by_trigger } = runOf({
      bars: { 'BTC-USD': barsFromRows(busy(7)), 'ETH-USD': barsFromRows([...busy(6).map(() => still(50)), still(50, 1)]) },
      triggers: [...quick, triggerWith({ id: 'eth', symbol: 'ETH-USD' })],
      settings,
    });

    expect(blocks_by_trigger).toEqual({ long: { call_budget: 2 } });
  });
});
