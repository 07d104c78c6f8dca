import type { Timeframe } from './bar.ts';
import type { Candles, FundingRates } from './candles.ts';
import { buildFrames, type Frame, findFrame, ruleFrame, type WantedColumns } from './frame.ts';
import type { ColumnName } from './indicators/indicator-names.ts';
import { resolvePeriods } from './indicators/periods.ts';
import { type LiquidationPrice, MARGIN_MODEL_NAMES, marginModel } from './margin.ts';
import type { Plan, Trigger } from './plan.ts';
import { planColumns } from './plan-columns.ts';
import { type Condition, compileRule } from './rules/compile-rule.ts';
import { parseRule } from './rules/parse-rule.ts';
import { leverageOf, type Settings } from './settings.ts';
import type { Direction } from './state.ts';

export type Instrument = 'perpetual' | 'spot';

/** One symbol's bars, warm-up included, and its funding rates if it has any. */
export type Market = { readonly symbol: string; readonly candles: Candles; readonly funding: FundingRates | null };

export type EntryProgram = {
  readonly trigger: Trigger;
  readonly symbolIndex: number;
  readonly direction: Direction;
  readonly condition: Condition;
  /** See Frame.visible; null on the base timeframe. */
  readonly visible: Int32Array | null;
  /** For an ATR stop: its column on the trigger's timeframe. */
  readonly atr: Float64Array | null;
};

export type ExitProgram = { readonly condition: Condition; readonly visible: Int32Array | null };

export type SymbolProgram = {
  readonly symbol: string;
  readonly candles: Candles;
  readonly funding: FundingRates | null;
  readonly emergency: Condition | null;
  readonly liquidationPrice: LiquidationPrice | null;
  /** By each of MARGIN_MODEL_NAMES; empty where nothing can be liquidated (spot). */
  readonly liquidationPrices: readonly LiquidationPrice[];
  /** The exit rule of a position, compiled once. */
  readonly exitProgram: (timeframe: Timeframe, rule: string) => ExitProgram;
};

/** A plan and settings made ready to run over columns. Nothing in it changes while it runs. */
export type Program = {
  readonly settings: Settings;
  readonly instrument: Instrument;
  readonly baseTimeframe: Timeframe;
  readonly leverage: number;
  readonly stance: Plan['stance'];
  readonly symbols: readonly SymbolProgram[];
  /** In the order in which they are asked: grade A first, then the plan's own order. */
  readonly entries: readonly EntryProgram[];
};

export type ProgramInput = {
  readonly settings: Settings;
  readonly plan: Plan;
  readonly baseTimeframe: Timeframe;
  readonly instrument: Instrument;
  /** Whose margin table the venue model uses. */
  readonly exchange: string;
  readonly markets: readonly Market[];
};

export function compileProgram({ settings, plan, baseTimeframe, instrument, exchange, markets }: ProgramInput): Program {
  const leverage = leverageOf(settings);
  const periods = resolvePeriods(settings);
  const framesBySymbol = markets.map(({ symbol, candles }) =>
    buildFrames(candles, baseTimeframe, wantedColumns(plan, symbol, baseTimeframe), periods),
  );
  const symbols = markets.map(({ symbol, candles, funding }, index): SymbolProgram => {
    const frames = framesBySymbol[index] ?? [];
    const models = MARGIN_MODEL_NAMES.map((name) => marginModel(name, exchange, symbol, leverage).liquidationPrice);
    const chosen = models[MARGIN_MODEL_NAMES.indexOf(settings.margin_model)] ?? null;
    return {
      symbol,
      candles,
      funding,
      emergency: plan.emergency_exit === null ? null : compileOn(frames, baseTimeframe, plan.emergency_exit),
      liquidationPrice: instrument === 'spot' ? null : chosen,
      liquidationPrices: instrument === 'spot' ? [] : models,
      exitProgram: exitPrograms(frames),
    };
  });
  return {
    settings,
    instrument,
    baseTimeframe,
    leverage,
    stance: plan.stance,
    symbols,
    entries: compileEntries(plan, markets, framesBySymbol),
  };
}

function compileEntries(plan: Plan, markets: readonly Market[], framesBySymbol: readonly (readonly Frame[])[]): readonly EntryProgram[] {
  return plan.triggers
    .map((trigger): EntryProgram => {
      const symbolIndex = markets.findIndex(({ symbol }) => symbol === trigger.symbol);
      const frames = framesBySymbol[symbolIndex] ?? [];
      const frame = findFrame(frames, trigger.timeframe);
      return {
        trigger,
        symbolIndex,
        direction: trigger.side === 'long' ? 1 : -1,
        condition: compileOn(frames, trigger.timeframe, trigger.entry),
        visible: frame.visible,
        atr: trigger.stop.kind === 'atr' ? (frame.columns.get('atr') ?? null) : null,
      };
    })
    .sort((one, other) => one.trigger.grade.localeCompare(other.trigger.grade));
}

function exitPrograms(frames: readonly Frame[]): SymbolProgram['exitProgram'] {
  const compiled = new Map<string, ExitProgram>();
  return (timeframe, rule) => {
    const key = `${timeframe} ${rule}`;
    const known = compiled.get(key) ?? { condition: compileOn(frames, timeframe, rule), visible: findFrame(frames, timeframe).visible };
    compiled.set(key, known);
    return known;
  };
}

function compileOn(frames: readonly Frame[], timeframe: Timeframe, rule: string): Condition {
  return compileRule(parseRule(rule), ruleFrame(frames, timeframe));
}

function wantedColumns(plan: Plan, symbol: string, baseTimeframe: Timeframe): WantedColumns {
  const wanted = new Map<Timeframe, Set<ColumnName>>();
  for (const { name, timeframe } of planColumns(plan, symbol, baseTimeframe)) {
    wanted.set(timeframe, (wanted.get(timeframe) ?? new Set()).add(name));
  }
  return wanted;
}
