import { type GuildView, overridesOf } from '../engine/guild-view.ts';
import { nearestName } from '../engine/nearest-name.ts';
import { findRunPreset, RUN_PRESETS, type RunPreset } from '../engine/presets.ts';
import { Refusal } from '../engine/refusal.ts';
import type { AskedRun, RunSpec } from '../engine/run-spec.ts';
import type { Overrides } from '../engine/settings.ts';
import { askedNumber, quote } from './asked-number.ts';
import { askedSettings } from './asked-settings.ts';
import { askedStrategist, NO_STRATEGIST, type StrategistAsk } from './asked-strategist.ts';
import { askedSymbols } from './asked-symbols.ts';
import { askedTimeframe, askedTimeframes, type Timeframes, withHigherTimeframes } from './asked-timeframes.ts';
import { askedWindow } from './asked-window.ts';
import type { RequestContext } from './command.ts';

type FileSource = Omit<Extract<RunSpec['candleSource'], { kind: 'files' }>, 'kind'>;

/** A backtest as a person asks for it, in Discord or in the terminal; null is "not said". */
export type BacktestAsk = {
  readonly preset: string | null;
  /** Commas or spaces between. */
  readonly symbols: string | null;
  /** The base alone: the next two higher ones come with it. */
  readonly timeframe: string | null;
  /** The whole list, base first: taken as it is. */
  readonly timeframes: string | null;
  readonly days: number | string | null;
  /** UTC. */
  readonly start: string | null;
  /** UTC; no bar opens at or after it. */
  readonly end: string | null;
  readonly cash: number | string | null;
  readonly leverage: number | string | null;
  readonly whipsaw: string | null;
  readonly indicatorMode: string | null;
  /** `name=value` pairs. */
  readonly setText: string | null;
  /** Parameters by their own names, parsed already. */
  readonly overrides: Overrides;
  readonly strategyId: string | null;
  /** A plan of the person's own, unchecked. */
  readonly plan: unknown;
  /** Who plans, and plans again while the run goes on. */
  readonly strategist: StrategistAsk;
  readonly instrument: string | null;
  readonly seed: number | string | null;
  /** Imported bars to run on instead of what is there. */
  readonly files: FileSource | null;
};

export const NOTHING_ASKED: BacktestAsk = {
  preset: null,
  symbols: null,
  timeframe: null,
  timeframes: null,
  days: null,
  start: null,
  end: null,
  cash: null,
  leverage: null,
  whipsaw: null,
  indicatorMode: null,
  setText: null,
  overrides: {},
  strategyId: null,
  plan: null,
  strategist: NO_STRATEGIST,
  instrument: null,
  seed: null,
  files: null,
};

/** What runs when no preset is named. */
export const DEFAULT_PRESET = 'conservative';

const INSTRUMENTS = ['perpetual', 'spot'] as const;
const SEED = { name: 'seed', kind: 'integer', min: 0, max: 4_294_967_295, unit: 'names a simulated market', example: 1 } as const;
const DEFAULT_SEED = 1;

/** Turns what was asked into everything the run is; refuses what cannot be meant. */
export function resolveBacktestRequest(asked: BacktestAsk, context: RequestContext): AskedRun {
  const preset = choosePreset(asked.preset, context.guild);
  const timeframes = chooseTimeframes(asked, preset);
  return {
    preset: preset.name,
    symbols: [...chooseSymbols(asked, preset)],
    timeframes: [...timeframes],
    window: askedWindow(asked, {
      defaultDays: preset.days,
      base: timeframes[0],
      requestedAtMs: context.requestedAtMs,
      bars: asked.files === null ? 'until-now' : 'from-files',
    }),
    candleSource: chooseCandleSource(asked),
    instrument: chooseInstrument(asked.instrument),
    exchange: context.exchange,
    settings: askedSettings(asked, [overridesOf(context.guild), preset.overrides]),
    ...choosePlan(asked, preset, context.strategyIds),
    requestedAtMs: context.requestedAtMs,
  };
}

/** A built-in preset, or one of the group's own, which says nothing of symbols, timeframes and days: those of the default then. */
function choosePreset(name: string | null, { presets }: GuildView): RunPreset {
  const own = presets.find((preset) => preset.name === name);
  if (own !== undefined)
    return { ...findRunPreset(DEFAULT_PRESET), name: own.name, description: own.description, overrides: own.overrides };
  const known = [...RUN_PRESETS, ...presets].map((preset) => preset.name);
  if (name === null || known.includes(name)) return findRunPreset(name ?? DEFAULT_PRESET);
  throw new Refusal(`There is no preset ${quote(name)}; the nearest is ${nearestName(name, known)} (all: ${known.join(', ')})`);
}

function chooseSymbols({ symbols, files }: BacktestAsk, preset: RunPreset): readonly string[] {
  const inFiles = files === null ? null : Object.keys(files.candles);
  const chosen = symbols === null ? (inFiles ?? preset.symbols) : askedSymbols(symbols);
  const missing = inFiles === null ? undefined : chosen.find((symbol) => !inFiles.includes(symbol));
  if (missing !== undefined) throw new Refusal(`There is no file of candles for ${missing}; give one, or leave ${missing} out of symbols`);
  return chosen;
}

function chooseTimeframes({ timeframe, timeframes }: BacktestAsk, preset: RunPreset): Timeframes {
  if (timeframe !== null && timeframes !== null) {
    throw new Refusal(`timeframe ${timeframe} and timeframes ${timeframes} are both given; keep one of the two`);
  }
  if (timeframe !== null) return withHigherTimeframes(askedTimeframe(timeframe.trim()));
  return timeframes === null ? preset.timeframes : askedTimeframes(timeframes);
}

function chooseCandleSource({ files, seed }: BacktestAsk): AskedRun['candleSource'] {
  if (seed === null) return files === null ? { kind: 'best', seed: DEFAULT_SEED } : { kind: 'files', ...files };
  if (files === null) return { kind: 'simulated', seed: askedNumber(seed, SEED) };
  throw new Refusal(`seed ${seed} names a simulated market, but files of candles are given; keep one of the two`);
}

function chooseInstrument(word: string | null): RunSpec['instrument'] {
  if (word === null) return 'perpetual';
  const instrument = INSTRUMENTS.find((candidate) => candidate === word.toLowerCase());
  if (instrument !== undefined) return instrument;
  throw new Refusal(
    `There is no instrument ${quote(word)}; the nearest is ${nearestName(word, INSTRUMENTS)} (all: ${INSTRUMENTS.join(', ')})`,
  );
}

type ChosenPlan = Pick<AskedRun, 'strategyId' | 'plan' | 'strategist'>;

function choosePlan({ plan, strategyId, strategist: asked }: BacktestAsk, preset: RunPreset, known: readonly string[]): ChosenPlan {
  if (plan !== null && strategyId !== null) {
    throw new Refusal(`strategy ${strategyId} and a plan of your own are both given; keep one of the two`);
  }
  const strategist = askedStrategist(asked);
  if (strategist !== null) {
    const other = strategyId === null ? (plan === null ? null : 'a plan of your own') : `strategy ${strategyId}`;
    if (other === null) return { strategyId: null, plan: null, strategist };
    throw new Refusal(`A strategist makes the plans, but ${other} is given too; keep one of the two`);
  }
  if (plan !== null) return { strategyId: null, plan };
  const chosen = strategyId ?? preset.strategyId;
  if (known.includes(chosen)) return { strategyId: chosen, plan: null };
  throw new Refusal(`There is no strategy ${quote(chosen)}; the nearest is ${nearestName(chosen, known)} (all: ${known.join(', ')})`);
}
