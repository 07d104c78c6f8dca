import type { Timeframe } from '../engine/bar.ts';
import type { Plan } from '../engine/plan.ts';
import { ARCHETYPES, type ArchetypeName } from './archetypes.ts';
import type { Snapshot } from './snapshot.ts';
import type { FrameView } from './symbol-view.ts';

/** Stop and target of an archetype on one timeframe, and what they are worth there. */
export type Fit = {
  readonly timeframe: Timeframe;
  readonly stopAtr: number;
  /** With the ATR that may be expected while the plan lasts. */
  readonly stopPct: number;
  readonly targetR: number;
  /** A round trip beside that stop. */
  readonly costR: number;
  /** After costs on both sides. */
  readonly rewardToRisk: number;
};

/** Where an archetype is traded, or why nowhere; `nearest` is what comes closest. */
export type Fitting =
  | { readonly kind: 'fits'; readonly fit: Fit; readonly tooDear: readonly Fit[] }
  | { readonly kind: 'costs' | 'reward'; readonly nearest: Fit }
  | { readonly kind: 'unknown' };

/** What costs may take of the risk: a timeframe is good up to the first, and above the second a trade is not tried. */
export const COST_R = { good: 0.15, most: 0.2 } as const;

/** Below this a trade has to be right more often than such trades are. */
export const LEAST_REWARD_TO_RISK = 0.8;

/** In a violent market the usual stop is noise. Its ATR soon falls back, so that distances in it are further than they look. */
const HIGH_VOL = { stopAtr: 3, reach: 0.8 } as const;

type FitRequest = {
  readonly name: ArchetypeName;
  readonly regime: Plan['regime'];
  readonly frames: readonly FrameView[];
  readonly constraints: Pick<Snapshot['constraints'], 'round_trip_cost_pct' | 'periods'>;
};

/** The lowest timeframe whose moves carry the costs, else the one where they weigh least. */
export function fitArchetype(request: FitRequest): Fitting {
  const fits = request.frames.flatMap((frame) => measure(frame, request) ?? []);
  const byCost = fits.toSorted((one, other) => one.costR - other.costR);
  const [cheapest] = byCost;
  if (cheapest === undefined) return { kind: 'unknown' };
  const paying = byCost.filter(({ rewardToRisk }) => rewardToRisk >= LEAST_REWARD_TO_RISK);
  const fit = fits.find((each) => paying.includes(each) && each.costR <= COST_R.good) ?? paying[0];
  if (cheapest.costR > COST_R.most) return { kind: 'costs', nearest: cheapest };
  if (fit === undefined || fit.costR > COST_R.most) return { kind: 'reward', nearest: cheapest };
  return { kind: 'fits', fit, tooDear: fits.slice(0, fits.indexOf(fit)).filter(({ costR }) => costR > COST_R.good) };
}

function measure(
  { timeframe, regime: { atr_pct, atr_ratio, band_atr } }: FrameView,
  { name, regime, constraints }: FitRequest,
): Fit | null {
  const { periods, round_trip_cost_pct: costPct } = constraints;
  const archetype = ARCHETYPES[name];
  const targetAtr = archetype.targetAtr({ smaMediumBars: periods.sma_medium, bandAtr: band_atr });
  if (atr_pct === null || atr_pct <= 0 || targetAtr === null) return null;
  const stopAtr = regime === 'high_vol' ? HIGH_VOL.stopAtr : archetype.stopAtr;
  // Rounded down: a card promises no more than was measured.
  const targetR = Math.floor(((targetAtr * (regime === 'high_vol' ? HIGH_VOL.reach : 1)) / stopAtr) * 10) / 10;
  if (targetR <= 0) return null;
  // A spike makes the lowest bars look large enough for the costs; the stops of the next hours will not be.
  const stopPct = stopAtr * (regime === 'high_vol' ? atr_pct / Math.max(1, atr_ratio ?? 1) : atr_pct);
  return {
    timeframe,
    stopAtr,
    stopPct,
    targetR,
    costR: costPct / stopPct,
    rewardToRisk: (targetR * stopPct - costPct) / (stopPct + costPct),
  };
}
