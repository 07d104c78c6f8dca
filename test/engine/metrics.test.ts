import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/engine/bar.ts';
import { maxDrawdownPct, returnRatios } from '../../src/engine/metrics.ts';
import { barsFromRows, fundingAt, openMs, type Row, runOf, runRows, still, triggerWith } from '../support/bars.ts';

const near = (value: number) => expect.closeTo(value, 9);
const equityOf = (...values: readonly number[]) => Float64Array.from(values);

describe('the drawdown', () => {
  it('is the deepest fall below the earlier peak, of the marked equity, the initial cash being the first peak', () => {
    expect(maxDrawdownPct(equityOf(100, 120, 90, 130, 117), 100), '120 → 90').toBeCloseTo(25, 12);
    expect(maxDrawdownPct(equityOf(90, 95), 100), '100 → 90').toBeCloseTo(10, 12);
    expect(maxDrawdownPct(equityOf(110, 120), 100)).toBe(0);
    expect(maxDrawdownPct(equityOf(100, 50, -10), 100), 'below nothing').toBeCloseTo(110, 12);
    expect(maxDrawdownPct(equityOf(), 100)).toBe(0);
  });

  it('is that of published examples', () => {
    // DolphinDB's reference of maxDrawdown: from 100 to 25.
    expect(maxDrawdownPct(equityOf(36, 96, 42, 100, 59, 86, 25, 64, 72), 36)).toBe(75);

    // Exness Social Trading, "How is drawdown calculated?": from 1 200 to 400 first, from 1 300 to 800 later.
    expect(maxDrawdownPct(equityOf(1_200, 900, 400, 1_300, 1_100, 800, 1_400), 1_000)).toBeCloseTo(66.67, 2);
    expect(maxDrawdownPct(equityOf(1_100, 800, 1_400), 1_300), 'the second alone').toBeCloseTo(38.46, 2);
  });
});

describe('the ratios', () => {
  it('are those of the bar returns, the first from the initial cash, annualised by 365 days', () => {
    const returns = [0.1, -0.1, 0.1, -0.05];
    const mean = (0.1 - 0.1 + 0.1 - 0.05) / 4;
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
    const downside = Math.sqrt((0.1 ** 2 + 0.05 ** 2) / 4);
    const equity = equityOf(110, 99, 108.9, 103.455);

    expect(returnRatios(equity, 100, DAY_MS)).toEqual({
      sharpe: near((mean / deviation) * Math.sqrt(365)),
      sortino: near((mean / downside) * Math.sqrt(365)),
    });
    expect(returnRatios(equity, 100, 12 * HOUR_MS).sharpe).toBeCloseTo((mean / deviation) * Math.sqrt(365 * 2), 9);
  });

  /** Equity after each of the returns, which are in percent. */
  const compounded = (returnsPct: readonly number[], initialCash: number) => {
    let equity = initialCash;
    return Float64Array.from(returnsPct, (returnPct) => {
      equity *= 1 + returnPct / 100;
      return equity;
    });
  };

  it('give the Sortino ratio of Rollinger and Hoffman', () => {
    // "Sortino: A 'Sharper' Ratio", Red Rock Capital: eight annual returns, target 0, √(0.0041 / 8) downside, ratio 4.417.
    const annual = compounded([17, 15, 23, -5, 12, 9, 13, -4], 10_000);

    expect(returnRatios(annual, 10_000, 365 * DAY_MS).sortino).toBeCloseTo(4.417, 3);
  });

  it('give the ratios that empyrical’s tests expect, which count 252 days a year', () => {
    // Its test_stats.py, mixed_returns: Sharpe with the sample deviation, Sortino with the downside over all returns.
    const { sharpe, sortino } = returnRatios(compounded([1, 10, -4, 2, 3, 2, 1, -10], 100), 100, DAY_MS);
    const fewerDays = Math.sqrt(252 / 365);

    expect((sharpe ?? Number.NaN) * fewerDays).toBeCloseTo(1.7238613961706866, 9);
    expect((sortino ?? Number.NaN) * fewerDays).toBeCloseTo(2.605531251673693, 9);
  });

  it('are negative when the mean is', () => {
    const { sharpe, sortino } = returnRatios(equityOf(99, 100, 95), 100, DAY_MS);

    expect(sharpe).toBeLessThan(0);
    expect(sortino).toBeLessThan(0);
  });

  it('are null without variance, and sortino without a fall, never 0 and never infinite', () => {
    expect(returnRatios(equityOf(100, 100, 100), 100, DAY_MS)).toEqual({ sharpe: null, sortino: null });
    expect(returnRatios(equityOf(110, 121, 133.1), 100, DAY_MS), 'equal returns, but for rounding').toMatchObject({ sortino: null });
    expect(returnRatios(equityOf(200, 400, 800), 100, DAY_MS)).toEqual({ sharpe: null, sortino: null });
    expect(returnRatios(equityOf(110, 120), 100, DAY_MS)).toMatchObject({ sharpe: expect.any(Number), sortino: null });
  });

  it('that vary by nothing but rounding are null', () => {
    const grown = [1.1, 1.21, 1.331, 1.4641].map((factor) => factor * 100);

    expect(returnRatios(Float64Array.from(grown), 100, DAY_MS).sharpe).toBeNull();
  });

  it('are null under one day', () => {
    const equity = equityOf(110, 99, 108.9);

    expect(returnRatios(equity, 100, DAY_MS / 3).sharpe, 'three times eight hours are a day').not.toBeNull();
    expect(returnRatios(equity, 100, DAY_MS / 3 - 1)).toEqual({ sharpe: null, sortino: null });
    expect(returnRatios(equityOf(110), 100, DAY_MS), 'one return has no deviation').toMatchObject({ sharpe: null });
  });
});

describe('the summary', () => {
  /** A win of 2 R, a loss of 1 R and a loss of 0.5 R, without costs; then flat. */
  const ROWS: readonly Row[] = [
    still(100, 1),
    [100, 120, 100, 120],
    still(100, 1),
    still(100),
    [100, 100, 90, 90],
    still(100, 1),
    still(100),
    still(100),
    still(95, 2),
    still(95),
  ];
  const TRIGGERS = [triggerWith({ target: { kind: 'r', multiple: 2 }, exit: 'volume == 2' })];

  it('counts closed trades by hand', () => {
    const { summary } = runRows(ROWS, { triggers: TRIGGERS });

    const stepped = (quantity: number) => Math.floor(quantity * 1e8) / 1e8;
    const win = 200;
    const loss = stepped(10_200 / 1_000) * 10;
    const small = stepped((10_200 - loss) / 1_000) * 5;
    expect(summary).toEqual({
      initial_cash: 10_000,
      final_equity: near(10_000 + win - loss - small),
      equity_return_pct: near((win - loss - small) / 100),
      max_drawdown_pct: near(((loss + small) / 10_200) * 100),
      sharpe_ratio: null,
      sortino_ratio: null,
      profit_factor: near(win / (loss + small)),
      win_rate_pct: near(100 / 3),
      expectancy_r: near((2 - 1 - 0.5) / 3),
      total_trades: 3,
      average_hold_bars: near((0 + 1 + 3) / 3),
      exposure_pct: near(((0 + 1 + 3) / 10) * 100),
      fees: 0,
      funding: 0,
      liquidation_events: 0,
      walk_away_events: [],
      replans: 0,
      blocks: {},
      held_back_exits: 0,
      break_even_cost_pct: expect.any(Number),
      nearest_liquidation_pct: null,
    });
  });

  it('has no profit factor without a loss, and 0 without a win', () => {
    const target = runRows([still(100, 1), [100, 120, 100, 100]], { triggers: TRIGGERS });
    const stop = runRows([still(100, 1), [100, 100, 90, 90]], { triggers: TRIGGERS });

    expect(target.summary.profit_factor).toBeNull();
    expect(stop.summary.profit_factor).toBe(0);
  });

  it('is null where nothing was traded', () => {
    expect(runRows([still(100), still(100)]).summary).toMatchObject({
      final_equity: 10_000,
      equity_return_pct: 0,
      max_drawdown_pct: 0,
      profit_factor: null,
      win_rate_pct: null,
      expectancy_r: null,
      total_trades: 0,
      average_hold_bars: null,
      exposure_pct: 0,
      break_even_cost_pct: null,
      nearest_liquidation_pct: null,
    });
  });

  it('counts a trade that ends at nothing as no win', () => {
    expect(runRows([still(100, 1), still(100, 2), still(100)], { triggers: TRIGGERS }).summary).toMatchObject({
      total_trades: 1,
      win_rate_pct: 0,
      profit_factor: null,
      expectancy_r: near(0),
    });
  });

  it('takes fees and funding of open positions in', () => {
    const { summary } = runRows([still(100, 1), still(100, 2), still(100, 1), still(100), still(100)], {
      triggers: TRIGGERS,
      settings: { taker_fee_pct: 0.1 },
      funding: { 'BTC-USD': fundingAt([openMs(2), 0.001], [openMs(4), 0.002]) },
    });

    const second = 9.997;
    expect(summary.fees, 'a round trip of 10 and an entry').toBeCloseTo((2 * 10 + second) * 100 * 0.001, 8);
    expect(summary.funding).toBeCloseTo(10 * 100 * 0.001 + second * 100 * 0.002, 8);
  });

  it('takes exposure over closes at which any symbol is held', () => {
    const { summary } = runOf({
      bars: {
        'BTC-USD': barsFromRows([still(100, 1), still(100, 2), still(100), still(100)]),
        'ETH-USD': barsFromRows([still(50), still(50, 1), still(50), still(50)]),
      },
      triggers: [triggerWith({ exit: 'volume == 2' }), triggerWith({ id: 'eth', symbol: 'ETH-USD' })],
    });

    expect(summary.exposure_pct, 'closes 1, 2 and 3 of four').toBe(75);
  });
});

describe('the break-even cost', () => {
  const rows = [still(100, 1), still(100), still(110, 2), still(112)];
  const run = (settings: { taker_fee_pct?: number; slippage_pct?: number }) =>
    runRows(rows, { triggers: [triggerWith({ exit: 'volume == 2' })], settings });

  it('is the unslipped result over the unslipped notional of both sides', () => {
    const expected = ((10 * 12) / (10 * (100 + 112))) * 100;

    expect(run({}).summary.break_even_cost_pct).toBeCloseTo(expected, 9);
    expect(run({ taker_fee_pct: 0.3, slippage_pct: 0.7 }).summary.break_even_cost_pct, 'whatever the costs were').toBeCloseTo(expected, 9);
  });

  it('as a fee per side leaves nothing', () => {
    const breakEvenPct = 0.5;
    const { summary } = runRows([still(100, 1), still(100), still(100, 2), still(100 * (1.005 / 0.995))], {
      triggers: [triggerWith({ exit: 'volume == 2' })],
      settings: { taker_fee_pct: breakEvenPct },
    });

    expect(summary.break_even_cost_pct).toBeCloseTo(breakEvenPct, 9);
    expect(summary.final_equity).toBeCloseTo(10_000, 7);
  });

  it('counts funding and leaves open positions out', () => {
    const { summary } = runRows([...rows, still(112, 1), still(112), still(140)], {
      triggers: [triggerWith({ exit: 'volume == 2' })],
      funding: { 'BTC-USD': fundingAt([openMs(2), 0.001], [openMs(6), 0.5]) },
    });

    expect(summary.break_even_cost_pct).toBeCloseTo(((10 * 12 - 10 * 100 * 0.001) / (10 * (100 + 112))) * 100, 9);
  });

  it('leaves a liquidation’s exit out of the notional', () => {
    const { summary } = runRows([still(100, 1), still(100), [100, 100, 70, 70]], {
      triggers: [triggerWith({ stop: { kind: 'pct', pct: 50 } })],
      settings: { max_portfolio_exposure_pct: 200, margin_model: 'half_initial' },
    });

    expect(summary.break_even_cost_pct, 'half of the entry notional is lost').toBeCloseTo(-50, 9);
  });
});

/** Leverage 2 under half_initial: an entry at 100 is liquidated at 75 or, short, at 125. */
describe('the nearest liquidation', () => {
  const nearest = (side: 'long' | 'short', stopPct: number, ...rows: readonly Row[]) =>
    runRows([still(100, 1), ...rows], {
      triggers: [triggerWith({ side, stop: { kind: 'pct', pct: stopPct }, exit: 'volume == 2' })],
      settings: { max_portfolio_exposure_pct: 200, margin_model: 'half_initial' },
    }).summary.nearest_liquidation_pct;

  it('is the least distance of an adverse extreme, in % of that price', () => {
    expect(nearest('long', 40, still(100), [100, 110, 80, 105], [105, 105, 90, 90])).toBeCloseTo(((80 - 75) / 80) * 100, 9);
    expect(nearest('short', 40, still(100), [100, 120, 90, 95], [95, 110, 95, 100])).toBeCloseTo(((125 - 120) / 120) * 100, 9);
    expect(nearest('long', 40, [100, 100, 79, 100]), 'the entry bar counts').toBeCloseTo(((79 - 75) / 79) * 100, 9);
  });

  it('is taken at the stop when stopped, not at the extreme that came after', () => {
    expect(nearest('long', 20, still(100), [100, 100, 76, 76])).toBeCloseTo(((80 - 75) / 80) * 100, 9);
  });

  it('leaves out what a bar does after the exit at its open', () => {
    expect(nearest('long', 40, still(100, 2), [95, 95, 76, 76])).toBeCloseTo(((95 - 75) / 95) * 100, 9);
  });

  it('is 0 once liquidated, and null where that is impossible', () => {
    expect(nearest('long', 40, still(100), [100, 100, 60, 60])).toBe(0);
    expect(nearest('long', 40, still(100), [70, 70, 60, 60]), 'at the open').toBe(0);
    expect(runRows([still(100, 1), still(100)]).summary.nearest_liquidation_pct, 'a long at leverage 1').toBeNull();
    expect(runRows([still(100, 1), still(100)], { input: { instrument: 'spot' } }).summary.nearest_liquidation_pct).toBeNull();
  });
});
