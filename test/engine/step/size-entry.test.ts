import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/engine/result.ts';
import { barsFromRows, openMs, type Row, runOf, runRows, START_MS, still, triggerWith } from '../../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);
const ENTER = [still(100, 1), still(100)];
const stopAt = (pct: number) => [triggerWith({ stop: { kind: 'pct', pct } })];
const opened = ({ events }: RunResult) =>
  events.filter(({ kind }) => kind === 'opened').map(({ symbol, quantity, cap }) => ({ symbol, quantity, cap }));

describe('the size of an entry', () => {
  it('loses the risk of the equity at the stop when no cap binds', () => {
    const result = runRows(ENTER, { triggers: stopAt(8), settings: { max_position_risk_pct: 4 } });

    expect(opened(result)).toEqual([{ symbol: 'BTC-USD', quantity: near((10_000 * 0.04) / 8), cap: 'none' }]);
  });

  it('is rounded down to 1e-8 and nothing else is', () => {
    const result = runRows(ENTER, { triggers: stopAt(7) });

    expect(100 / 7).toBeCloseTo(14.285714285714286, 12);
    expect(result.open_positions[0]?.quantity).toBe(14.28571428);
  });

  it('counts from the close, not from the open that follows, and from the marked equity', () => {
    const result = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(100, 1), still(100), still(150), still(150)]),
        'ETH-USD': barsFromRows([still(50), still(50), still(50, 1), still(60)]),
      },
      triggers: [triggerWith(), triggerWith({ id: 'eth', symbol: 'ETH-USD' })],
    });

    const equity = 10_000 + 10 * 50;
    expect(opened(result)[1], 'the equity at the close of bar 2').toMatchObject({ quantity: near((equity * 0.01) / 5) });
  });

  it('is half the risk with a defensive plan', () => {
    const result = runRows(ENTER, { plan: { stance: 'defensive' }, settings: { max_position_risk_pct: 3 } });

    expect(result.open_positions[0]?.quantity).toBeCloseTo((10_000 * 0.015) / 10, 9);
  });

  it('is cut to the symbol limit, which grows with leverage', () => {
    const quantityAt = (max_portfolio_exposure_pct: number) =>
      opened(
        runRows(ENTER, {
          triggers: stopAt(1),
          settings: { max_position_risk_pct: 10, max_symbol_exposure_pct: 20, max_portfolio_exposure_pct },
        }),
      );

    const limited = (leverage: number) => [{ symbol: 'BTC-USD', quantity: near((10_000 * leverage * 0.2) / 100), cap: 'symbol_exposure' }];
    expect(quantityAt(100)).toEqual(limited(1));
    expect(quantityAt(300)).toEqual(limited(3));
    expect(quantityAt(50), 'leverage is never below 1').toEqual(limited(1));
  });

  it('is cut to the gross limit', () => {
    const result = runRows(ENTER, { triggers: stopAt(1), settings: { max_position_risk_pct: 10, max_portfolio_exposure_pct: 60 } });

    expect(opened(result)).toEqual([{ symbol: 'BTC-USD', quantity: near((10_000 * 0.6) / 100), cap: 'portfolio_exposure' }]);
  });

  it('names the last cap that cut it', () => {
    const settings = { max_position_risk_pct: 10, max_daily_risk_budget_pct: 5, max_symbol_exposure_pct: 50 };

    expect(opened(runRows(ENTER, { triggers: stopAt(20), settings })), '5 / 20 is below 50 %').toEqual([
      { symbol: 'BTC-USD', quantity: near(500 / 20), cap: 'risk_budget' },
    ]);
    expect(opened(runRows(ENTER, { triggers: stopAt(2), settings })), '500 / 2 is 250 %').toEqual([
      { symbol: 'BTC-USD', quantity: near(50), cap: 'symbol_exposure' },
    ]);
  });
});

describe('the gross limit', () => {
  const settings = { max_position_risk_pct: 10, max_symbol_exposure_pct: 60, max_portfolio_exposure_pct: 100 };
  const eth = (changes: Readonly<Record<string, unknown>> = {}) =>
    triggerWith({ id: 'eth', symbol: 'ETH-USD', stop: { kind: 'pct', pct: 1 }, ...changes });
  const btc = (changes: Readonly<Record<string, unknown>> = {}) => triggerWith({ id: 'btc', stop: { kind: 'pct', pct: 10 }, ...changes });
  const run = (
    btcRows: readonly (Row | null)[],
    ethRows: readonly (Row | null)[],
    triggers: readonly Readonly<Record<string, unknown>>[] = [btc(), eth()],
  ) => opened(runOf({ bars: { 'BTC-USD': barsFromRows(btcRows), 'ETH-USD': barsFromRows(ethRows) }, triggers, settings }));

  it('counts an open position at its mark', () => {
    const [, second] = run([still(100, 1), still(100), still(110), still(110)], [still(50), still(50), still(50, 1), still(50)]);

    const equity = 10_000 + 60 * 10;
    expect(second).toEqual({ symbol: 'ETH-USD', quantity: near((equity - 60 * 110) / 50), cap: 'portfolio_exposure' });
  });

  it('counts a short as much as a long', () => {
    const [, second] = run(
      [still(100, 1), still(100), still(100), still(100)],
      [still(50), still(50), still(50, 1), still(50)],
      [btc({ side: 'short' }), eth()],
    );

    expect(second).toEqual({ symbol: 'ETH-USD', quantity: near((10_000 - 6_000) / 50), cap: 'portfolio_exposure' });
  });

  it('counts an entry accepted before at the same close', () => {
    const [first, second] = run([still(100, 1), still(100)], [still(50, 1), still(50)]);

    expect(first).toMatchObject({ symbol: 'BTC-USD', quantity: near(60), cap: 'symbol_exposure' });
    expect(second).toEqual({ symbol: 'ETH-USD', quantity: near((10_000 - 6_000) / 50), cap: 'portfolio_exposure' });
  });

  it('counts an entry that waits for its symbol’s next bar', () => {
    const orders = run([still(100, 1), null, null, still(100)], [still(50), still(50, 1), still(50), still(50)]);

    expect(orders[0], 'ETH was decided and filled while BTC waited').toEqual({
      symbol: 'ETH-USD',
      quantity: near((10_000 - 6_000) / 50),
      cap: 'portfolio_exposure',
    });
    expect(orders[1]).toMatchObject({ symbol: 'BTC-USD', quantity: near(60) });
  });

  it('counts a short that was accepted or waits as much as a long', () => {
    const triggers = [btc({ side: 'short' }), eth()];
    const left = { symbol: 'ETH-USD', quantity: near((10_000 - 6_000) / 50), cap: 'portfolio_exposure' };

    expect(run([still(100, 1), still(100)], [still(50, 1), still(50)], triggers)[1], 'at the same close').toEqual(left);
    expect(run([still(100, 1), null, null, still(100)], [still(50), still(50, 1), still(50), still(50)], triggers)[0]).toEqual(left);
  });

  it('counts a position whose exit was just decided', () => {
    const rows = [still(100, 1), still(100, 2), still(100)];
    const [, second] = run(rows, [still(50), still(50, 1), still(50)], [btc({ exit: 'volume == 2' }), eth()]);

    expect(second).toEqual({ symbol: 'ETH-USD', quantity: near((10_000 - 6_000) / 50), cap: 'portfolio_exposure' });
  });

  it('leaves out a reversal’s own old side', () => {
    const orders = run(
      [still(100, 1), still(100, 3), still(100)],
      [still(50), still(50), still(50)],
      [btc(), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3', stop: { kind: 'pct', pct: 10 } })],
    );

    expect(orders).toEqual([
      { symbol: 'BTC-USD', quantity: near(60), cap: 'symbol_exposure' },
      { symbol: 'BTC-USD', quantity: near(60), cap: 'symbol_exposure' },
    ]);
  });

  it('blocks an entry that it leaves less than the minimum', () => {
    const result = runOf({
      bars: { 'BTC-USD': barsFromRows([still(100, 1), still(100)]), 'ETH-USD': barsFromRows([still(50, 1), still(50)]) },
      triggers: [btc(), eth()],
      settings: { ...settings, max_symbol_exposure_pct: 100 },
    });

    expect(result.blocks).toEqual({ portfolio_exposure: 1 });
  });
});

describe('the risk budget of the day', () => {
  const stopped: Row = [100, 100, 90, 100, 1];

  it('cuts an entry that would pass it to what is left, and blocks the next', () => {
    const result = runRows([still(100, 1), stopped, stopped, still(100, 1), still(100)], {
      settings: { max_position_risk_pct: 3, max_daily_risk_budget_pct: 5 },
    });

    const secondRisk = 500 - 300;
    expect(opened(result)).toEqual([
      { symbol: 'BTC-USD', quantity: near(300 / 10), cap: 'none' },
      { symbol: 'BTC-USD', quantity: near(secondRisk / 10), cap: 'risk_budget' },
    ]);
    expect(result.blocks).toEqual({ risk_budget: 2 });
  });

  it('takes a final quantity, not what was asked for before another cap cut it', () => {
    const result = runRows([still(100, 1), stopped, stopped, still(100)], {
      settings: { max_position_risk_pct: 4, max_symbol_exposure_pct: 25, max_daily_risk_budget_pct: 5 },
    });

    expect(opened(result), 'of 500: 25 × 10 = 250, then a quarter of 9 750 is 24.375 × 10, then the rest').toEqual([
      { symbol: 'BTC-USD', quantity: near(25), cap: 'symbol_exposure' },
      { symbol: 'BTC-USD', quantity: near(24.375), cap: 'symbol_exposure' },
      { symbol: 'BTC-USD', quantity: near((500 - 250 - 243.75) / 10), cap: 'risk_budget' },
    ]);
  });

  it('gets nothing back from a trade that won, and counts a reversal’s new side', () => {
    const result = runRows([still(100, 1), still(100, 3), still(100, 1), still(100)], {
      triggers: [triggerWith(), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3' })],
      settings: { max_position_risk_pct: 2, max_daily_risk_budget_pct: 5 },
    });

    expect(opened(result).map(({ quantity, cap }) => ({ quantity, cap }))).toEqual([
      { quantity: near(20), cap: 'none' },
      { quantity: near(20), cap: 'none' },
      { quantity: near((500 - 400) / 10), cap: 'risk_budget' },
    ]);
  });

  it('is a share of the day’s first equity and starts again with the UTC day', () => {
    const startMs = START_MS + 24 * 3_600_000 - 2 * 300_000;
    const result = runRows([still(100, 1), stopped, stopped, still(100, 1), still(100)], {
      startMs,
      settings: { max_position_risk_pct: 5, max_daily_risk_budget_pct: 5 },
    });

    const secondDay = 10_000 - 500;
    expect(opened(result).map(({ quantity, cap }) => ({ quantity, cap }))).toEqual([
      { quantity: near(50), cap: 'none' },
      { quantity: near((secondDay * 0.05) / 10), cap: 'none' },
    ]);
    expect(result.blocks, 'the bar of 23:55 closes at midnight and still belongs to the first day').toEqual({
      risk_budget: 1,
      already_positioned: 1,
    });
    expect(result.open_positions[0]?.entry_time).toBe(openMs(3, startMs));
  });
});

describe('the minimum', () => {
  it('is a notional of 10 at the close: exactly 10 passes, less is below_minimum when no cap bound', () => {
    const run = (pct: number) => runRows(ENTER, { triggers: stopAt(pct), settings: { initial_cash: 100 } });

    expect(run(10).open_positions, '1 / 10 = 0.1 at 100').toHaveLength(1);
    expect(run(10.1).blocks).toEqual({ below_minimum: 1 });
  });

  it('blocks under the cap that cut the entry', () => {
    const blocksOf = (settings: { readonly max_daily_risk_budget_pct?: number; readonly max_symbol_exposure_pct?: number }) =>
      runRows(ENTER, { triggers: stopAt(90), settings: { initial_cash: 100, max_position_risk_pct: 10, ...settings } }).blocks;

    expect(blocksOf({}), '10 / 90 is 11.1').toEqual({});
    expect(blocksOf({ max_daily_risk_budget_pct: 5 }), '5 / 90 is 5.6').toEqual({ risk_budget: 1 });
  });
});
