import type { Timeframe } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { hashMarkets } from './hash.ts';
import type { IndicatorSource } from './indicators/indicator-source.ts';
import { type IndicatorPeriods, resolvePeriods } from './indicators/periods.ts';
import type { Instrument } from './instrument.ts';
import { isoMinute } from './iso-minute.ts';
import { type MarketColumns, openColumns } from './market-columns.ts';
import type { Plan } from './plan.ts';
import type { PlanSource, TimedPlan } from './plan-source.ts';
import type { Market } from './program.ts';
import { Refusal } from './refusal.ts';
import { leverageOf, type Settings } from './settings.ts';

export type BacktestInput = {
  readonly settings: Settings;
  /** As it was written; it is validated, trigger by trigger. */
  readonly plan: unknown;
  /** Of a run that was planned before it runs: the plans after the first, and what its bars reach back for instead of the first one. */
  readonly planned?: { readonly timeline: readonly TimedPlan[]; readonly warmUp: Plan };
  /** The base timeframe first, then the higher ones that the plan may look at. */
  readonly timeframes: readonly [Timeframe, ...Timeframe[]];
  readonly instrument: Instrument;
  /** Whose margin table the venue model uses, e.g. coinbase. */
  readonly exchange: string;
  /** Open time of the first bar that may trade, ms UTC; null = the first bar there is. */
  readonly startMs: number | null;
  readonly markets: readonly Market[];
  /** Where the bars come from, for people. */
  readonly source: string;
  readonly simulated: boolean;
  /** Left out: kernels of our own. */
  readonly indicators?: IndicatorSource;
};

/** Where the plans of an input come from when nobody says otherwise. */
export function plansOf({ planned }: Pick<BacktestInput, 'planned'>): PlanSource {
  return planned === undefined ? { kind: 'none' } : { kind: 'frozen', timeline: planned.timeline };
}

/** What runs over the same bars share: the bars as they trade, their hash, and columns and rules made on first use. */
export type PreparedBacktest = {
  readonly input: BacktestInput;
  readonly markets: readonly Market[];
  readonly startMs: number;
  readonly marketsHash: string;
  /** Per symbol, for the periods that the settings choose. */
  readonly columnsFor: (settings: Settings) => readonly MarketColumns[];
};

export function prepareBacktest(input: BacktestInput): PreparedBacktest {
  const markets = input.instrument === 'spot' ? input.markets.map((market) => ({ ...market, funding: null })) : input.markets;
  if (markets.length === 0) throw new Refusal('A run needs at least one symbol, e.g. BTC-USD');
  const empty = markets.find(({ candles }) => candles.openTimeMs.length === 0);
  if (empty !== undefined) throw new Refusal(`There are no bars of ${empty.symbol}; fetch or import some first`);
  const startMs = input.startMs ?? Math.min(...markets.map(({ candles }) => candles.openTimeMs[0] ?? Number.POSITIVE_INFINITY));
  refuseEmptyRange(markets, startMs);

  const byPeriods = new Map<IndicatorPeriods, readonly MarketColumns[]>();
  return {
    input,
    markets,
    startMs,
    marketsHash: hashMarkets(markets),
    columnsFor: (settings) => {
      const periods = resolvePeriods(settings);
      const known = byPeriods.get(periods);
      if (known !== undefined) return known;
      const made = markets.map(({ candles }) => openColumns(candles, input.timeframes[0], periods, input.indicators));
      byPeriods.set(periods, made);
      return made;
    },
  };
}

/** Spot has neither leverage nor liquidations. */
export function refuseLeveragedSpot(instrument: Instrument, settings: Settings): void {
  const leverage = leverageOf(settings);
  if (instrument === 'perpetual' || leverage === 1) return;
  throw new Refusal(
    `Spot has no leverage, but max_portfolio_exposure_pct ${settings.max_portfolio_exposure_pct} means ${leverage}×; set it to 100 or less`,
  );
}

function refuseEmptyRange(markets: readonly Market[], startMs: number): void {
  if (markets.some(({ candles }) => firstBarFrom(candles, startMs) < candles.openTimeMs.length)) return;
  const lastMs = Math.max(...markets.map(({ candles }) => candles.openTimeMs.at(-1) ?? 0));
  throw new Refusal(`There are no bars from ${isoMinute(startMs)} on, the last one opened at ${isoMinute(lastMs)}; give an earlier start`);
}
