import type { Plan, Trigger } from '../engine/plan.ts';
import { buildTrigger, triggerId } from './archetypes.ts';
import { fitArchetype } from './fit-archetype.ts';
import { nameRegime } from './regime.ts';
import { type KnownFrame, type Outcome, tellPlan, type Wish } from './rule-rationale.ts';
import type { Snapshot } from './snapshot.ts';
import { type FrameView, type SymbolView, toPrice } from './symbol-view.ts';

type Regime = Plan['regime'];

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

/** Half the risk where the market is violent, or nobody can say what it is. */
const STANCES: Readonly<Record<Regime, Plan['stance']>> = {
  bull: 'active',
  bear: 'active',
  range: 'active',
  high_vol: 'defensive',
  mixed: 'defensive',
};

/** A level nearer than the first is reached by noise; where no turn lies beyond it, the second is the level. ATRs of the context. */
const LEVEL_ATR = { nearest: 1.5, far: 3 } as const;

type SymbolPlan = {
  readonly regime: Regime;
  readonly triggers: readonly Trigger[];
  /** Null while the market cannot be read. */
  readonly levels: { readonly support: number[]; readonly resistance: number[] } | null;
  readonly told: string;
};

/** Why a trigger is left out whose rules say nothing on the bars so far, by its id. */
export type IdleTriggers = ReadonlyMap<string, string>;

/**
 * A plan without a model: the regime of each symbol's highest timeframe that is known chooses among a few archetypes, which
 * go to the lowest timeframe whose moves carry the costs. The same snapshot and idle triggers give the same plan.
 */
export function planByRules(snapshot: Snapshot, idle: IdleTriggers = new Map()): Plan {
  const plans = snapshot.symbols.map((symbol) => planSymbol(symbol, snapshot, idle));
  const triggers = plans.flatMap((plan) => plan.triggers);
  const traded = plans.filter((plan) => plan.triggers.length > 0);
  const regimes = new Set((traded.length > 0 ? traded : plans).map((plan) => plan.regime));
  const [only = 'mixed'] = regimes;
  const regime = regimes.size === 1 ? only : 'mixed';
  const levels = snapshot.symbols.flatMap(({ symbol }, index) => {
    const own = plans[index]?.levels ?? null;
    return own === null ? [] : [[symbol, own] as const];
  });
  return {
    regime,
    stance: triggers.length === 0 ? 'wait' : STANCES[regime],
    rationale: plans.map(({ told }) => told).join(' '),
    triggers,
    emergency_exit: null,
    levels: levels.length === 0 ? null : Object.fromEntries(levels),
  };
}

function planSymbol({ symbol, frames, levels }: SymbolView, { constraints }: Snapshot, idle: IdleTriggers): SymbolPlan {
  const context = frames.findLast(isKnown);
  if (context === undefined) {
    return {
      regime: 'mixed',
      triggers: [],
      levels: null,
      told: `${symbol}: too few bars to tell what kind of market this is, so no entries yet.`,
    };
  }
  const adxBars = constraints.periods.adx;
  const regime = nameRegime(context.regime, adxBars);
  const upToContext = frames.slice(0, frames.indexOf(context) + 1);
  const allowed = WISHES[regime].filter(({ side }) => side === 'long' || constraints.shorts_allowed);
  const outcomes: readonly Outcome[] = allowed.map((wish) => ({
    wish,
    fitting: fitArchetype({ name: wish.name, regime, frames: upToContext, constraints }),
    idle: idle.get(triggerId({ symbol, ...wish })) ?? null,
  }));
  const triggers = outcomes.flatMap(({ wish, fitting, idle }) =>
    fitting.kind === 'fits' && idle === null
      ? [buildTrigger({ ...wish, ...fitting.fit, symbol, context: context.timeframe, adxBars })]
      : [],
  );
  return {
    regime,
    triggers,
    levels: outerLevels(levels, context, frames[0]?.close ?? null),
    told: tellPlan({ symbol, regime, context, adxBars, outcomes }),
  };
}

/** The levels whose break says that the plan is wrong: far enough from the last close of the base timeframe, each on its side. */
function outerLevels({ support, resistance }: SymbolView['levels'], { indicators }: FrameView, close: number | null): SymbolPlan['levels'] {
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

function isKnown(frame: FrameView): frame is KnownFrame {
  const { spread_atr, slope_atr, adx } = frame.regime;
  return spread_atr !== null && slope_atr !== null && adx !== null;
}
