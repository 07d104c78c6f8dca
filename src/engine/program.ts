import type { Timeframe } from './bar.ts';
import type { Candles, FundingRates } from './candles.ts';
import { resolvePeriods } from './indicators/periods.ts';
import type { Instrument } from './instrument.ts';
import { type LiquidationPrice, MARGIN_MODEL_NAMES, marginModel } from './margin.ts';
import { type MarketColumns, openColumns } from './market-columns.ts';
import { compileMonitor, type MonitorProgram } from './monitor-program.ts';
import type { Plan, Trigger } from './plan.ts';
import { leverageOf, type Settings } from './settings.ts';
import { anySignals, type Signals } from './signals.ts';
import type { Direction } from './state.ts';

/** One symbol's bars, warm-up included, and its funding rates if it has any. */
export type Market = { readonly symbol: string; readonly candles: Candles; readonly funding: FundingRates | null };

export type EntryProgram = {
  readonly signals: Signals;
  /** Index of the last bar of the trigger's timeframe that may be seen at each base close; null on the base timeframe. */
  readonly visible: Int32Array | null;
  readonly trigger: Trigger;
  readonly symbolIndex: number;
  readonly direction: Direction;
  /** For an ATR stop: its column on the trigger's timeframe. */
  readonly atr: Float64Array | null;
};

/** A plan made ready to run over the columns. */
export type PlanProgram = {
  readonly plan: Plan;
  /** In the order in which they are asked: grade A first, then the plan's own order. */
  readonly entries: readonly EntryProgram[];
  /** Per symbol, whether any entry fires. */
  readonly anyEntry: readonly Signals[];
  /** Per symbol; null where the plan has none. */
  readonly emergencies: readonly (Signals | null)[];
};

export type SymbolProgram = {
  readonly symbol: string;
  readonly candles: Candles;
  readonly funding: FundingRates | null;
  readonly columns: MarketColumns;
  readonly liquidationPrice: LiquidationPrice | null;
  /** By each of MARGIN_MODEL_NAMES; empty where nothing can be liquidated (spot). */
  readonly liquidationPrices: readonly LiquidationPrice[];
};

/** Settings and markets made ready to run. Nothing in it changes while it runs; plans come and go beside it. */
export type Program = {
  readonly settings: Settings;
  readonly instrument: Instrument;
  readonly baseTimeframe: Timeframe;
  /** The base timeframe first, then the higher ones that plans may look at. */
  readonly timeframes: readonly [Timeframe, ...Timeframe[]];
  readonly leverage: number;
  readonly symbols: readonly SymbolProgram[];
  /** Null where nobody watches, as in the shadow of a walk-away. */
  readonly monitor: MonitorProgram | null;
};

export type ProgramInput = {
  readonly settings: Settings;
  readonly timeframes: readonly [Timeframe, ...Timeframe[]];
  readonly instrument: Instrument;
  /** Whose margin table the venue model uses. */
  readonly exchange: string;
  readonly markets: readonly Market[];
};

/** `columns` are those of an earlier program over the same markets and indicator periods, to be shared. */
export function compileProgram(
  { settings, timeframes, instrument, exchange, markets }: ProgramInput,
  columns?: readonly MarketColumns[],
): Program {
  const leverage = leverageOf(settings);
  const baseTimeframe = timeframes[0];
  const periods = resolvePeriods(settings);
  const symbols = markets.map(({ symbol, candles, funding }, index): SymbolProgram => {
    const models = MARGIN_MODEL_NAMES.map((name) => marginModel(name, exchange, symbol, leverage).liquidationPrice);
    const chosen = models[MARGIN_MODEL_NAMES.indexOf(settings.margin_model)] ?? null;
    return {
      symbol,
      candles,
      funding,
      columns: columns?.[index] ?? openColumns(candles, baseTimeframe, periods),
      liquidationPrice: instrument === 'spot' ? null : chosen,
      liquidationPrices: instrument === 'spot' ? [] : models,
    };
  });
  const monitor = compileMonitor(
    settings,
    baseTimeframe,
    symbols.map(({ columns: known }) => known),
  );
  return { settings, instrument, baseTimeframe, timeframes, leverage, symbols, monitor };
}

export function compilePlan({ symbols, baseTimeframe }: Program, plan: Plan): PlanProgram {
  const entries = plan.triggers.flatMap((trigger): readonly EntryProgram[] => {
    const symbolIndex = symbols.findIndex(({ symbol }) => symbol === trigger.symbol);
    const columns = symbols[symbolIndex]?.columns;
    if (columns === undefined) return [];
    return [
      {
        signals: columns.signals(trigger.entry, trigger.timeframe),
        visible: columns.visible(trigger.timeframe),
        trigger,
        symbolIndex,
        direction: trigger.side === 'long' ? 1 : -1,
        atr: trigger.stop.kind === 'atr' ? columns.column('atr', trigger.timeframe) : null,
      },
    ];
  });
  const rule = plan.emergency_exit;
  return {
    plan,
    entries: entries.sort((one, other) => one.trigger.grade.localeCompare(other.trigger.grade)),
    anyEntry: symbols.map(({ columns }, index) => {
      const own = entries.filter(({ symbolIndex }) => symbolIndex === index).map(({ signals }) => signals);
      const [only] = own;
      return own.length === 1 && only !== undefined ? only : columns.answers(anySignals(own));
    }),
    emergencies: symbols.map(({ columns }) => (rule === null ? null : columns.signals(rule, baseTimeframe))),
  };
}
