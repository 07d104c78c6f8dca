import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { type FundingRates, firstBarFrom, sliceCandles } from '../../src/engine/candles.ts';
import { compare } from '../../src/engine/compare.ts';
import { warmUpStartMs } from '../../src/engine/plan-columns.ts';
import { findRunPreset } from '../../src/engine/presets.ts';
import { effectiveSettings, type Settings } from '../../src/engine/settings.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { planOfStrategy } from '../../src/strategist/strategy.ts';

const START_MS = Date.UTC(2025, 9, 1);
const RANGE = { symbol: 'BTC-USD', startMs: START_MS, endMs: START_MS + 10 * DAY_MS, seed: 4 };
const preset = findRunPreset('scalper-5m');
const base: BacktestInput = {
  settings: effectiveSettings(preset.overrides),
  plan: planOfStrategy('aggressive_active', ['BTC-USD'], '5m'),
  timeframes: preset.timeframes,
  instrument: 'perpetual',
  exchange: 'coinbase',
  startMs: null,
  markets: [{ symbol: 'BTC-USD', candles: simulateCandles({ ...RANGE, timeframe: '5m' }), funding: simulateFunding(RANGE) }],
  source: 'simulated',
  simulated: true,
};
/** Opens once, small enough for every limit, and stays. */
const HOLD = {
  ...{ id: 'hold', symbol: 'BTC-USD', timeframe: '5m', side: 'long', category: 'trend_continuation', grade: 'A' },
  ...{ entry: 'close > 0', exit: null, stop: { kind: 'pct', pct: 90 }, target: null },
};
const leverage = (times: number) => ({ max_portfolio_exposure_pct: times * 100 });

describe('a comparison', () => {
  it('gives each variant what its own run over the same bars gives', () => {
    const variations = [leverage(1), leverage(3), { indicator_mode: 'standard' } as const];

    const { variants, summary } = compare({ base, variations, labels: ['1×', '3×', 'slow'] });

    const alone = variations.map((variation) => backtest({ ...base, settings: effectiveSettings(base.settings, variation) }));
    expect(variants.map(({ result_hash }) => result_hash)).toEqual(alone.map(({ result_hash }) => result_hash));
    expect(new Set(variants.map(({ result_hash }) => result_hash)).size, 'the variants must differ, or nothing was compared').toBe(3);
    expect(summary.equity_return_pct).toEqual(alone.map((run) => run.summary.equity_return_pct));
    expect(summary.total_trades?.every((trades) => trades !== null && trades > 10)).toBe(true);
  });

  it('lets every variant follow the plans that the base run was given', () => {
    let asked = 0;
    const planner = () => {
      asked++;
      return { ...planOfStrategy('aggressive_active', ['BTC-USD'], '5m'), stance: asked % 2 === 0 ? 'defensive' : 'active' };
    };

    const { base: first, variants } = compare(
      { base, variations: [leverage(1), leverage(2)], labels: ['1×', '2×'] },
      { kind: 'planner', planner },
    );

    expect(first.plans.length).toBeGreaterThan(20);
    const requests = first.events.filter(({ kind }) => kind === 'replan_requested').length;
    expect(asked, 'the base run asks, the variants ask nobody').toBe(requests);
    for (const variant of variants)
      expect(variant.plans.map(({ from, hash }) => [from, hash])).toEqual(first.plans.map(({ from, hash }) => [from, hash]));
    expect(variants[0]?.trades).toEqual(first.trades);
  });

  it('gives a variant that warms up for longer its own bars, and leaves the others theirs', () => {
    const startMs = START_MS + 6 * DAY_MS;
    const warmed = (settings: Settings) => {
      const plan = validatePlan(base.plan, { symbols: ['BTC-USD'], timeframes: base.timeframes }).plan;
      const fromMs = warmUpStartMs(plan, 'BTC-USD', '5m', startMs, settings);
      return {
        ...base,
        settings,
        startMs,
        markets: base.markets.map(({ symbol, candles, funding }) => ({
          symbol,
          candles: sliceCandles(candles, firstBarFrom(candles, fromMs), candles.openTimeMs.length),
          funding: funding === null ? null : fundingFrom(funding, fromMs),
        })),
      };
    };
    const fundingFrom = ({ timeMs, rate }: FundingRates, fromMs: number): FundingRates => {
      const first = timeMs.findIndex((each) => each >= fromMs);
      return { timeMs: timeMs.subarray(first), rate: rate.subarray(first) };
    };

    const { base: first, variants } = compare({
      base: { ...base, startMs },
      variations: [leverage(2), { indicator_mode: 'standard' }],
      labels: ['2×', 'slow'],
    });

    const alone = [{}, leverage(2), { indicator_mode: 'standard' } as const].map((variation) =>
      backtest(warmed(effectiveSettings(base.settings, variation))),
    );
    expect([first, ...variants].map(({ input_hash }) => input_hash)).toEqual(alone.map(({ input_hash }) => input_hash));
    expect(new Set(alone.map(({ data }) => data.warm_up_bars)).size, 'the warm-ups must differ').toBe(2);
  });

  it('does not tell variants apart by where an open position would be liquidated', () => {
    const held = { ...base, plan: { ...planOfStrategy('aggressive_active', ['BTC-USD'], '5m'), triggers: [HOLD] } };
    const { variants, notes } = compare({ base: held, variations: [leverage(2), leverage(3)], labels: ['2×', '3×'] });

    expect(variants.map(({ open_positions }) => open_positions.length)).toEqual([1, 1]);
    expect(notes).toEqual([expect.stringMatching(/^2× and 3× came out the same/)]);
  });

  it('names variants that came out the same, and what made the parameter idle', () => {
    const { notes } = compare({ base, variations: [leverage(1), { max_trades_per_day: 10 }], labels: ['1×', 'ten a day'] });

    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^1× and ten a day came out the same: .*\d+ of \d+ entries/);
  });

  it.each([
    [[], [], '1 to 25 variants, not 0'],
    [[leverage(1)], ['a', 'b'], '1 variants but 2 labels'],
    [Array.from({ length: 26 }, () => leverage(1)), [], '1 to 25 variants, not 26'],
  ])('refuses %j with labels %j', (variations, labels, words) => {
    expect(() => compare({ base, variations, labels })).toThrow(words);
  });
});
