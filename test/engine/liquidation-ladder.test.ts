import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { compareWithEvidence } from '../../src/engine/comparison-outcome.ts';
import { barsOf, type CandlesOf, heldPositions } from '../../src/engine/held-positions.ts';
import { liquidationLadder } from '../../src/engine/liquidation-ladder.ts';
import { MARGIN_MODEL_NAMES } from '../../src/engine/margin.ts';
import { barsFromRows, closeMs, inputOf, openMs, type Row, randomWalk, SYMBOL, still, triggerWith } from '../support/bars.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../support/property-cases.ts';

const candlesIn =
  ({ markets }: BacktestInput): CandlesOf =>
  (symbol) => {
    const market = markets.find((candidate) => candidate.symbol === symbol);
    if (market === undefined) throw new Error(`There are no bars of ${symbol}.`);
    return market.candles;
  };
const leverage = (times: number) => ({ max_portfolio_exposure_pct: times * 100 });

/** Long at 100 with a stop far below; the price falls to 82 and comes back, then the signal comes again. */
const FALL: readonly Row[] = [
  still(100, 1),
  still(100),
  [100, 100, 90, 95],
  [95, 96, 82, 90],
  still(90),
  still(90, 1),
  still(90),
  still(90),
];

describe('the liquidation ladder', () => {
  const input = inputOf({
    bars: { [SYMBOL]: barsFromRows(FALL) },
    triggers: [triggerWith({ stop: { kind: 'pct', pct: 50 }, exit: 'close == 90' })],
    settings: { max_position_risk_pct: 10, min_hold_bars: 0 },
  });
  const { ladder, variants } = compareWithEvidence({
    base: input,
    variations: [leverage(1), leverage(2), leverage(5), { ...leverage(5), margin_model: 'half_initial' }],
    labels: ['1×', '2×', '5×', '5× half'],
  });
  const [one, two, five, half] = ladder ?? [];

  it('says where the largest position would have been liquidated', () => {
    // Flat: 100 × (1 − (1/L − 0.005)).
    expect(one?.largest).toMatchObject({ symbol: SYMBOL, side: 'long', quantity: 20, entry_price: 100, liquidation_price: null });
    expect(two?.largest?.liquidation_price).toBeCloseTo(50.5, 9);
    expect(five?.largest?.liquidation_price).toBeCloseTo(80.5, 9);
    expect(half?.largest?.liquidation_price).toBeCloseTo(90, 9);
  });

  it('says how near each came, when, and how long it was near', () => {
    expect(one).toMatchObject({ nearest_pct: null, nearest_time: null, near_bars: 0 });
    expect(two?.nearest_pct).toBeCloseTo(((82 - 50.5) / 82) * 100, 9);
    expect(two).toMatchObject({ nearest_time: closeMs(3), near_bars: 0 });
    expect(five?.nearest_pct).toBeCloseTo(((82 - 80.5) / 82) * 100, 9);
    expect(five, 'a fifth of the 19.5 to go is 3.9: the bar down to 82 alone').toMatchObject({ nearest_time: closeMs(3), near_bars: 1 });
    expect(half, 'the bar down to 90 liquidates').toMatchObject({ nearest_pct: 0, nearest_time: closeMs(2), near_bars: 1 });
  });

  it('compares over the positions that all held, and names the one that stopped early', () => {
    expect(variants.map(({ trades, open_positions }) => trades.length + open_positions.length)).toEqual([2, 2, 2, 1]);
    expect(ladder?.map(({ common_positions }) => common_positions)).toEqual([1, 1, 1, 1]);
    expect(half?.stopped).toEqual({ time: closeMs(2), cause: 'liquidation' });
    expect(five?.stopped).toBeNull();
  });

  it('counts what each margin model would have liquidated', () => {
    expect(two?.liquidations).toEqual({ venue: 0, flat: 0, half_initial: 0 });
    expect(five?.liquidations).toEqual({ venue: 0, flat: 0, half_initial: 1 });
    expect(half?.liquidations.half_initial).toBe(1);
  });

  it('does not guess a chance from a few bars', () => {
    expect(ladder?.map(({ chance }) => chance)).toEqual([null, null, null, null]);
  });

  it('is no question where all have one leverage', () => {
    const same = compareWithEvidence({ base: input, variations: [{ min_hold_bars: 0 }, { min_hold_bars: 5 }], labels: ['0', '5'] });

    expect(same.ladder).toBeNull();
  });
});

describe('positions held', () => {
  it('end in the bar that ended them, whether at its open or inside it', () => {
    const ended = (rows: readonly Row[]) => {
      const input = inputOf({ bars: { [SYMBOL]: barsFromRows([still(100, 1), still(100), ...rows]) } });
      const result = backtest(input);
      const [held] = heldPositions(result, candlesIn(input));
      if (held === undefined) throw new Error('Nothing was held.');
      return {
        exit: result.trades[0]?.exit_time,
        lastBar: held.lastBar,
        worst: [...barsOf(held, candlesIn(input)(SYMBOL))].at(-1)?.adversePrice,
      };
    };

    expect(ended([[100, 100, 85, 95], still(95)]), 'the stop at 90 is reached inside bar 2').toEqual({
      exit: closeMs(2),
      lastBar: 2,
      worst: 90,
    });
    expect(ended([still(100), [85, 85, 80, 82]]), 'bar 3 opens beyond the stop').toEqual({ exit: openMs(3), lastBar: 3, worst: 85 });
  });

  it('came as near to liquidation as their run says, and were liquidated as often', { timeout: PROPERTY_TIMEOUT_MS }, async () => {
    const seen = await forCases(generatedRuns({ min: 20, max: 60 }), 5, (input, note) => {
      if (input.instrument === 'spot') return;
      const result = backtest(input);
      let nearest: number | null = null;
      let liquidated = 0;
      for (const held of heldPositions(result, candlesIn(input))) {
        const { direction, liquidationPrice } = held;
        for (const { adversePrice, isLiquidated } of barsOf(held, candlesIn(input)(held.symbol))) {
          if (isLiquidated) liquidated++;
          if (liquidationPrice === null) continue;
          const pct = isLiquidated ? 0 : ((direction * (adversePrice - liquidationPrice)) / adversePrice) * 100;
          nearest = nearest === null ? pct : Math.min(nearest, pct);
        }
        note('positions');
      }
      expect(liquidated).toBe(result.summary.liquidation_events);
      if (liquidated === 0 && nearest !== null) expect(nearest).toBeCloseTo(result.summary.nearest_liquidation_pct ?? Number.NaN, 9);
      note('liquidations', liquidated);
    });

    expectSeen(seen, { positions: 3_000, liquidations: 100 });
  });

  it('would have been liquidated under other models as the remarks of their run say', { timeout: PROPERTY_TIMEOUT_MS }, async () => {
    const seen = await forCases(generatedRuns({ min: 20, max: 60 }), 6, (input, note) => {
      if (input.instrument === 'spot') return;
      const result = backtest(input);
      const [rung] = liquidationLadder([{ label: 'a', result }], candlesIn(input));
      for (const name of MARGIN_MODEL_NAMES) {
        const told = result.remarks.find((remark) => remark.includes(`${name}`) && remark.includes('liquidated instead of'));
        const counted = rung?.liquidations[name] ?? 0;
        if (name === result.settings.margin_model) expect(counted).toBe(result.summary.liquidation_events);
        else if (told !== undefined) expect(told).toContain(`${counted} liquidated instead of`);
        if (told !== undefined) note('told');
      }
    });

    expectSeen(seen, { told: 50 });
  });
});

describe('the chance of liquidation', () => {
  const DAYS = 20;
  const bars = randomWalk({ seed: 4, barCount: DAYS * 288, movePct: 3 });
  const input = inputOf({
    bars: { [SYMBOL]: bars },
    triggers: [triggerWith({ entry: 'volume > 0.99', exit: 'volume < 0.005', stop: { kind: 'pct', pct: 60 } })],
    settings: { max_position_risk_pct: 10 },
  });
  const compared = (times: readonly number[], base = input) =>
    compareWithEvidence({ base, variations: times.map(leverage), labels: times.map((each) => `${each}×`) });

  it('grows with the leverage, lies within its interval, and is the same every time', () => {
    const chances = compared([1, 2, 3, 5]).ladder?.map(({ chance }) => chance) ?? [];

    expect(chances[0]).toEqual({ pct: 0, low_pct: 0, high_pct: 0, level_pct: 90, resamples: 0 });
    const pcts = chances.map((chance) => chance?.pct ?? Number.NaN);
    expect(pcts).toEqual(pcts.toSorted((a, b) => a - b));
    expect(pcts.at(-1), 'something must have been at risk').toBeGreaterThan(5);
    for (const chance of chances.slice(1)) {
      expect(chance?.low_pct).toBeLessThanOrEqual(chance?.pct ?? Number.NaN);
      expect(chance?.high_pct).toBeGreaterThanOrEqual(chance?.pct ?? Number.NaN);
      expect(chance?.resamples).toBeGreaterThanOrEqual(100);
    }
    expect(compared([1, 2, 3, 5]).ladder?.map(({ chance }) => chance)).toEqual(chances);
  });

  it('is nothing where a stop stands before every liquidation and no bar opens beyond it', () => {
    const near = {
      ...input,
      plan: inputOf({ bars: {}, triggers: [triggerWith({ entry: 'volume > 0.99', exit: 'volume < 0.05', stop: { kind: 'pct', pct: 3 } })] })
        .plan,
    };
    const { ladder, variants } = compareWithEvidence({ base: near, variations: [leverage(2), leverage(3)], labels: ['2×', '3×'] });

    expect(variants[0]?.summary.total_trades).toBeGreaterThan(10);
    expect(ladder?.map(({ chance }) => chance?.pct)).toEqual([0, 0]);
  });

  it('counts the gaps that jump over a stop', () => {
    const gaps = new Set([1_000, 3_000]);
    const jumping = bars.map((bar, index) => (gaps.has(index) ? { ...bar, open: bar.open * 0.7, low: bar.low * 0.7 } : bar));
    const [market] = inputOf({ bars: { [SYMBOL]: jumping } }).markets;
    if (market === undefined) throw new Error('There is no market.');
    const { plan } = inputOf({
      bars: {},
      triggers: [triggerWith({ entry: 'volume > 0.99', exit: 'volume < 0.05', stop: { kind: 'pct', pct: 3 } })],
    });
    const { ladder } = compared([2, 5], { ...input, plan, markets: [market] });

    expect(ladder?.map(({ chance }) => chance?.pct)).toEqual([0, expect.any(Number)]);
    expect(ladder?.[1]?.chance?.pct, 'a gap of 30 % is beyond the 19.5 % of 5×').toBeGreaterThan(0);
    expect(ladder?.[0]?.chance?.resamples, 'and within the 49.5 % of 2×').toBe(0);
  });

  it('does not fall because a variant was stopped early', () => {
    const crashes = new Set([1_500, 2_000, 2_500, 3_000]);
    const crashing = bars.map((bar, index) => (crashes.has(index) ? { ...bar, low: bar.low * 0.78 } : bar));
    const [market] = inputOf({ bars: { [SYMBOL]: crashing } }).markets;
    if (market === undefined) throw new Error('There is no market.');
    const crashed = { ...input, markets: [market] };
    const { ladder, variants } = compared([3, 5], crashed);
    const [three, five] = ladder ?? [];
    const stopped = variants[1];
    if (stopped === undefined) throw new Error('There is no second variant.');
    const [alone] = liquidationLadder([{ label: 'alone', result: stopped }], candlesIn(crashed));

    expect(variants[1]?.summary.liquidation_events, 'the higher leverage must have been stopped').toBe(1);
    expect(five?.stopped).not.toBeNull();
    expect(five?.chance?.pct).toBeGreaterThanOrEqual(three?.chance?.pct ?? Number.NaN);
    expect(five?.chance?.pct, 'it would have held more').toBeGreaterThan(alone?.chance?.pct ?? Number.NaN);
  });
});
