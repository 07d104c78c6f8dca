import type { Plan, Trigger } from '../engine/plan.ts';
import type { Side } from '../engine/result.ts';
import type { ArchetypeName } from './archetypes.ts';
import { COST_R, type Fit, type Fitting, LEAST_REWARD_TO_RISK } from './fit-archetype.ts';
import { adxLevel, NOISE_ADX } from './regime.ts';
import type { FrameView } from './symbol-view.ts';

type Regime = Plan['regime'];

export type Wish = { readonly name: ArchetypeName; readonly side: Side; readonly grade: Trigger['grade'] };

export type KnownFrame = FrameView & { readonly regime: { readonly spread_atr: number; readonly slope_atr: number; readonly adx: number } };

/** What became of a wish: traded where it fits and is not idle. */
export type Outcome = { readonly wish: Wish; readonly fitting: Fitting; readonly idle: string | null };

type Told = {
  readonly symbol: string;
  readonly regime: Regime;
  readonly context: KnownFrame;
  readonly adxBars: number;
  readonly outcomes: readonly Outcome[];
};

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
  fade: 'when an overdone move turns, back to the other band',
};

/** What a trader wants to know: what the market does, what is tried and where, why there, and why not the rest. */
export function tellPlan(told: Told): string {
  const traded = told.outcomes.flatMap(({ wish, fitting, idle }) =>
    fitting.kind === 'fits' && idle === null ? [{ wish, fit: fitting.fit, tooDear: fitting.tooDear }] : [],
  );
  const setups = [...Map.groupBy(traded, ({ wish }) => wish.name).values()].flatMap(([first, second]) =>
    first === undefined ? [] : [setupText(first, second === undefined ? first.wish.side : 'long and short', told.regime)],
  );
  const [dearest] = traded.toSorted((one, other) => other.tooDear.length - one.tooDear.length);
  const sentences = [
    `${marketText(told)}: ${setups.length === 0 ? 'no entries' : `trade ${setups.join('; ')}`}`,
    ...(dearest === undefined || dearest.tooDear.length === 0 ? [] : [tooDearText(dearest)]),
    ...leftOutTexts(told),
  ];
  return sentences.map((sentence) => `${sentence}.`).join(' ');
}

function marketText({ symbol, regime, adxBars, context: { timeframe, regime: seen } }: Told): string {
  const facts = [
    `ADX ${Math.round(seen.adx)}, noise shows ${Math.round(adxLevel(NOISE_ADX, adxBars))}`,
    `short average ${round(Math.abs(seen.spread_atr))} ATRs ${seen.spread_atr < 0 ? 'below' : 'above'} the long one`,
    ...(seen.atr_ratio === null ? [] : [`ATR ${round(seen.atr_ratio)} times its usual`]),
  ];
  return `${symbol} ${REGIME_WORDS[regime]} on ${timeframe} (${facts.join('; ')})`;
}

type Traded = { readonly wish: Wish; readonly fit: Fit; readonly tooDear: readonly Fit[] };

function setupText({ wish, fit: { timeframe, stopAtr, costR } }: Traded, sides: string, regime: Regime): string {
  const costs = `costs ${round(costR)} R${regime === 'high_vol' ? ' once it calms' : ''}`;
  return `${sides} on ${timeframe} ${WISH_WORDS[wish.name]} (stop ${stopAtr} ATRs, ${costs})`;
}

function tooDearText({ fit, tooDear }: Pick<Traded, 'fit' | 'tooDear'>): string {
  const [lowest] = tooDear;
  const names = tooDear.map(({ timeframe }) => timeframe).join(' and ');
  const example = lowest === undefined ? '' : ` (a stop on ${lowest.timeframe} would pay ${round(lowest.costR)} R)`;
  return `${names} ${tooDear.length === 1 ? 'is' : 'are'} too small for the costs${example}, so ${fit.timeframe}`;
}

/** What was wished and is not traded; both sides together where the reason is the same. */
function leftOutTexts({ outcomes, regime }: Told): readonly string[] {
  if (outcomes.length === 0) return [`Only shorts would fit a market that ${REGIME_WORDS[regime]}, and this one has none`];
  const left = outcomes.flatMap(({ wish, fitting, idle }) => {
    const why = idle ?? whyNot(fitting);
    return why === null ? [] : [{ ...wish, why }];
  });
  const grouped = Map.groupBy(left, ({ name, why }) => `${name}: ${why}`);
  return [...grouped.values()].flatMap(([first, second]) =>
    first === undefined ? [] : [`No ${second === undefined ? `${first.side} ` : ''}${first.name}: ${first.why}`],
  );
}

function whyNot(fitting: Fitting): string | null {
  switch (fitting.kind) {
    case 'fits':
      return null;
    case 'unknown':
      return 'too few bars to measure how far it would run';
    case 'costs': {
      const { timeframe, costR, stopPct } = fitting.nearest;
      return `even on ${timeframe} a stop of ${round(stopPct)} % would pay ${roundUp(costR)} R of costs, more than ${COST_R.most}`;
    }
    case 'reward': {
      const { timeframe, rewardToRisk } = fitting.nearest;
      return `on ${timeframe} it would win ${roundDown(rewardToRisk)} of what it risks after costs, less than ${LEAST_REWARD_TO_RISK}`;
    }
  }
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Beside a limit that was missed: never rounded to the limit itself. */
function roundUp(value: number): string {
  return String(Math.ceil(value * 100) / 100);
}

function roundDown(value: number): string {
  return String(Math.floor(value * 100) / 100);
}
