import type { Timeframe } from '../engine/bar.ts';
import type { Plan, Trigger } from '../engine/plan.ts';
import type { Side } from '../engine/result.ts';
import { ARCHETYPES, type ArchetypeName, buildTrigger } from './archetypes.ts';
import { nameRegime } from './regime.ts';
import type { Snapshot } from './snapshot.ts';
import { type FrameView, type SymbolView, toPrice } from './symbol-view.ts';

type Regime = Plan['regime'];

type Wish = { readonly name: ArchetypeName; readonly side: Side; readonly grade: Trigger['grade'] };

/** What is tried in each kind of market, best first. */
const WISHES: Readonly<Record<Regime, readonly Wish[]>> = {
  bull: [
    { name: 'pullback', side: 'long', grade: 'A' },
    { name: 'breakout', side: 'long', grade: 'B' },
  ],
  bear: [
    { name: 'pullback', side: 'short', grade: 'A' },
    { name: 'breakout', side: 'short', grade: 'B' },
  ],
  range: [
    { name: 'fade', side: 'long', grade: 'B' },
    { name: 'fade', side: 'short', grade: 'B' },
  ],
  high_vol: [
    { name: 'breakout', side: 'long', grade: 'B' },
    { name: 'breakout', side: 'short', grade: 'B' },
  ],
  mixed: [
    { name: 'breakout', side: 'long', grade: 'C' },
    { name: 'breakout', side: 'short', grade: 'C' },
  ],
};

/** In a violent market a stop of the usual width is noise. */
const HIGH_VOL_STOP_ATR = 3.5;

/** The widest stop that is still a stop; ATRs. */
const MAX_STOP_ATR = 4;
const STOP_STEP_ATR = 0.5;

/** Costs beside the risk of a trade: a stop is widened until they are as small as the first, and a trade above the second is not tried. */
const COST_R = { wanted: 0.1, most: 0.2 } as const;

/** A level nearer than the first is reached by noise; where no turn lies beyond it, the second is the level. ATRs of the context. */
const LEVEL_ATR = { nearest: 1.5, far: 3 } as const;

type SymbolPlan = {
  readonly regime: Regime;
  readonly triggers: readonly Trigger[];
  /** Null while the market cannot be read. */
  readonly levels: { readonly support: number[]; readonly resistance: number[] } | null;
  readonly told: string;
};

/**
 * A plan without a model: the regime of each symbol's highest timeframe that is known chooses among a few archetypes, their
 * stops are widened, and their timeframe raised, until the costs are small beside the risk. The same snapshot gives the same plan.
 */
export function planByRules(snapshot: Snapshot): Plan {
  const plans = snapshot.symbols.map((symbol) => planSymbol(symbol, snapshot));
  const triggers = plans.flatMap((plan) => plan.triggers);
  const regimes = new Set(plans.map(({ regime }) => regime));
  const [only = 'mixed'] = regimes;
  const levels = snapshot.symbols.flatMap(({ symbol }, index) => {
    const own = plans[index]?.levels ?? null;
    return own === null ? [] : [[symbol, own] as const];
  });
  return {
    regime: regimes.size === 1 ? only : 'mixed',
    stance: triggers.length === 0 ? 'wait' : regimes.has('high_vol') ? 'defensive' : 'active',
    rationale: plans.map(({ told }) => told).join(' '),
    triggers,
    emergency_exit: null,
    levels: levels.length === 0 ? null : Object.fromEntries(levels),
  };
}

function planSymbol({ symbol, frames, levels }: SymbolView, { constraints }: Snapshot): SymbolPlan {
  const context = frames.findLast(isKnown);
  if (context === undefined) {
    return {
      regime: 'mixed',
      triggers: [],
      levels: null,
      told: `${symbol}: too few bars to tell what kind of market this is, so no entries yet.`,
    };
  }
  const regime = nameRegime(context.regime);
  const upToContext = frames.slice(0, frames.indexOf(context) + 1);
  const allowed = WISHES[regime].filter(({ side }) => side === 'long' || constraints.shorts_allowed);
  const chosen = allowed.flatMap((wish) => {
    const fit = fitFrame(wish.name, regime, upToContext, constraints.round_trip_cost_pct);
    return fit === null ? [] : [{ wish, ...fit }];
  });
  const triggers = chosen.map(({ wish, stopAtr, timeframe }) =>
    buildTrigger({ ...wish, symbol, stopAtr, timeframe, context: context.timeframe }),
  );
  return {
    regime,
    triggers,
    levels: outerLevels(levels, context),
    told: tell(symbol, regime, context, { chosen, allowed: allowed.length }),
  };
}

/** The levels whose break says that the plan is wrong. */
function outerLevels({ support, resistance }: SymbolView['levels'], { close, indicators }: FrameView): SymbolPlan['levels'] {
  if (close === null || indicators.atr === null) return null;
  const nearest = indicators.atr * LEVEL_ATR.nearest;
  const far = indicators.atr * LEVEL_ATR.far;
  const below = support.filter((price) => price <= close - nearest);
  const above = resistance.filter((price) => price >= close + nearest);
  return {
    support: below.length > 0 ? below : [close - far].filter((price) => price > 0).map(toPrice),
    resistance: above.length > 0 ? above : [toPrice(close + far)],
  };
}

type KnownFrame = FrameView & { readonly regime: { readonly spread_atr: number; readonly slope_atr: number; readonly adx: number } };

function isKnown(frame: FrameView): frame is KnownFrame {
  const { spread_atr, slope_atr, adx } = frame.regime;
  return spread_atr !== null && slope_atr !== null && adx !== null;
}

type Fit = { readonly timeframe: Timeframe; readonly stopAtr: number; readonly costR: number };

/** The lowest timeframe whose moves carry the costs, else the one that comes nearest; null when none comes near enough. */
function fitFrame(name: ArchetypeName, regime: Regime, frames: readonly FrameView[], costPct: number): Fit | null {
  const fits = frames.flatMap(({ timeframe, regime: { atr_pct } }) => {
    if (atr_pct === null || atr_pct <= 0) return [];
    const least = regime === 'high_vol' ? HIGH_VOL_STOP_ATR : ARCHETYPES[name].stopAtr;
    const wide = Math.ceil(costPct / COST_R.wanted / atr_pct / STOP_STEP_ATR) * STOP_STEP_ATR;
    const stopAtr = Math.min(MAX_STOP_ATR, Math.max(least, wide));
    return [{ timeframe, stopAtr, costR: costPct / (stopAtr * atr_pct) }];
  });
  const fit = fits.find(({ costR }) => costR <= COST_R.wanted) ?? fits.toSorted((one, other) => one.costR - other.costR)[0];
  return fit !== undefined && fit.costR <= COST_R.most ? fit : null;
}

type Outcome = { readonly chosen: readonly (Fit & { readonly wish: Wish })[]; readonly allowed: number };

const REGIME_WORDS: Readonly<Record<Regime, string>> = {
  bull: 'rises',
  bear: 'falls',
  range: 'moves sideways',
  high_vol: 'moves violently',
  mixed: 'shows no clear trend',
};

const WISH_WORDS: Readonly<Record<ArchetypeName, string>> = {
  pullback: 'when a pullback ends',
  breakout: 'on a breakout with volume',
  fade: 'against an overdone move',
};

function tell(symbol: string, regime: Regime, { timeframe, regime: seen }: KnownFrame, { chosen, allowed }: Outcome): string {
  const facts = [
    `ADX ${Math.round(seen.adx)}`,
    `short average ${round(Math.abs(seen.spread_atr))} ATRs ${seen.spread_atr < 0 ? 'below' : 'above'} the long one`,
    ...(seen.atr_ratio === null ? [] : [`ATR ${round(seen.atr_ratio)} times its usual`]),
  ];
  const market = `${symbol} ${REGIME_WORDS[regime]} on ${timeframe} (${facts.join(', ')})`;
  if (chosen.length === 0) {
    const why = allowed === 0 ? 'only shorts would fit and this market has none' : 'a round trip would cost too much of the risk';
    return `${market}: no entries, ${why}.`;
  }
  const setups = [...Map.groupBy(chosen, ({ wish }) => wish.name).values()].flatMap((fits) =>
    fits.slice(0, 1).map(({ wish, timeframe: on, stopAtr, costR }) => {
      const sides = fits.length === 2 ? 'long and short' : wish.side;
      return `${sides} on ${on} ${WISH_WORDS[wish.name]} (stop ${stopAtr} ATRs, costs ${round(costR)} R)`;
    }),
  );
  const left = chosen.length < allowed ? ' What would cost too much of the risk is left alone.' : '';
  return `${market}: trade ${setups.join('; ')}.${left}`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
