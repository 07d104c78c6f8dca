import { TIMEFRAME_MS, type Timeframe } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { findGaps } from './gaps.ts';
import { hashInput, hashJson } from './hash.ts';
import { resolvePeriods } from './indicators/periods.ts';
import { MARGIN_MODEL_NAMES, marginModel } from './margin.ts';
import { summarize } from './metrics.ts';
import type { Plan } from './plan.ts';
import { warmUpStartMs } from './plan-columns.ts';
import type { PlanSource } from './plan-source.ts';
import { compileProgram, type Instrument, type Market, type Program } from './program.ts';
import { Refusal } from './refusal.ts';
import { type Replay, type ReplayProgress, replay } from './replay.ts';
import type { DataQuality, OpenPosition, RunResult } from './result.ts';
import { leverageOf, type Settings } from './settings.ts';
import { countLiquidationsByModel, sideOf } from './step/fill.ts';
import { type DroppedTrigger, validatePlan } from './validate-plan.ts';

/** Part of every input hash: a change of what the engine means is a change of this. */
export const ENGINE_VERSION = '1';

export type BacktestInput = {
  readonly settings: Settings;
  /** As it was written; it is validated here, trigger by trigger. */
  readonly plan: unknown;
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
};

/** Runs one plan with one set of settings over bars, and tells everything about it. */
export function backtest(input: BacktestInput, report: ReplayProgress = () => {}, plans: PlanSource = { kind: 'none' }): RunResult {
  const markets = input.instrument === 'spot' ? input.markets.map((market) => ({ ...market, funding: null })) : input.markets;
  refuseImpossible(input);
  const symbols = markets.map(({ symbol }) => symbol);
  const validated = validatePlan(input.plan, { symbols, timeframes: input.timeframes });
  const startMs = input.startMs ?? Math.min(...markets.map(({ candles }) => candles.openTimeMs[0] ?? Number.POSITIVE_INFINITY));

  refuseEmptyRange(markets, startMs);

  const program = compileProgram({ ...input, markets });
  const replayed = replay({ program, plan: validated, startMs, plans, report });
  const summary = summarize(replayed, input.settings.initial_cash, TIMEFRAME_MS[input.timeframes[0]]);
  const outcome = {
    summary,
    trades: replayed.trades,
    open_positions: openPositions(program, replayed),
    events: replayed.events,
    blocks: summary.blocks,
    blocks_by_trigger: Object.fromEntries(replayed.blocks),
    equity: Array.from(replayed.timesMs, (timeMs, index) => [timeMs, replayed.equity[index] as number] as const),
  };
  const data = describeData(input, validated.plan, markets, startMs);
  const description = {
    engine_version: ENGINE_VERSION,
    settings: input.settings,
    plan: validated.plan,
    timeframes: input.timeframes,
    instrument: input.instrument,
    exchange: input.exchange,
    startMs,
    plans: plans.kind === 'frozen' ? plans.timeline : plans.kind,
  };
  return {
    input_hash: hashInput(description, markets),
    result_hash: hashJson(outcome),
    engine_version: ENGINE_VERSION,
    data,
    settings: input.settings,
    plans: replayed.plans.map(({ from, plan, dropped }) => ({ from, hash: hashJson(plan), plan, dropped })),
    ...outcome,
    remarks: remarksOn(input, data, validated.dropped, replayed),
  };
}

function refuseImpossible({ markets, instrument, settings }: BacktestInput): void {
  if (markets.length === 0) throw new Refusal('A run needs at least one symbol, e.g. BTC-USD');
  const empty = markets.find(({ candles }) => candles.openTimeMs.length === 0);
  if (empty !== undefined) throw new Refusal(`There are no bars of ${empty.symbol}; fetch or import some first`);
  const leverage = leverageOf(settings);
  if (instrument === 'spot' && leverage > 1) {
    throw new Refusal(
      `Spot has no leverage, but max_portfolio_exposure_pct ${settings.max_portfolio_exposure_pct} means ${leverage}×; set it to 100 or less`,
    );
  }
}

function refuseEmptyRange(markets: readonly Market[], startMs: number): void {
  if (markets.some(({ candles }) => firstBarFrom(candles, startMs) < candles.openTimeMs.length)) return;
  const lastMs = Math.max(...markets.map(({ candles }) => candles.openTimeMs.at(-1) ?? 0));
  throw new Refusal(`There are no bars from ${isoTime(startMs)} on, the last one opened at ${isoTime(lastMs)}; give an earlier start`);
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16);
}

function openPositions(program: Program, { state }: Replay): readonly OpenPosition[] {
  return state.symbols.flatMap(({ position, mark }, index) =>
    position === null || mark === null
      ? []
      : [
          {
            symbol: program.symbols[index]?.symbol ?? '',
            side: sideOf(position.direction),
            trigger_id: position.origin.id,
            grade: position.origin.grade,
            quantity: position.quantity,
            entry_time: position.entryTimeMs,
            entry_price: position.entryPrice,
            stop: position.stop,
            target: position.target,
            liquidation_price: position.liquidationPrice,
            unrealised_pnl: position.direction * position.quantity * (mark - position.entryPrice),
            fees: position.entryFee,
            funding: position.fundingPaid,
          },
        ],
  );
}

function describeData(input: BacktestInput, plan: Plan, markets: readonly Market[], startMs: number): DataQuality {
  const baseTimeframe = input.timeframes[0];
  const barMs = TIMEFRAME_MS[baseTimeframe];
  const periods = resolvePeriods(input.settings);
  const leverage = leverageOf(input.settings);
  const traded = markets.map(({ candles }) => candles.openTimeMs.subarray(firstBarFrom(candles, startMs)));
  const firsts = traded.flatMap((times) => (times.length === 0 ? [] : [times[0] as number]));
  const warmUpWanted = markets.map(({ symbol }) => (startMs - warmUpStartMs(plan, symbol, baseTimeframe, startMs, periods)) / barMs);
  const models = markets.map(({ symbol }) => ({ symbol, ...marginModel(input.settings.margin_model, input.exchange, symbol, leverage) }));
  return {
    source: input.source,
    simulated: input.simulated,
    symbols: markets.map(({ symbol }) => symbol),
    timeframe: baseTimeframe,
    timeframes: input.timeframes,
    instrument: input.instrument,
    exchange: input.exchange,
    start: Math.min(...firsts),
    end: Math.max(...markets.map(({ candles }) => candles.openTimeMs.at(-1) ?? 0)) + barMs,
    bars: traded.reduce((sum, times) => sum + times.length, 0),
    gaps: markets.flatMap(({ symbol, candles }) => findGaps(symbol, candles, baseTimeframe).filter(({ to }) => to > startMs)),
    warm_up_bars: Math.min(...markets.map(({ candles }) => firstBarFrom(candles, startMs))),
    warm_up_bars_wanted: Math.max(...warmUpWanted),
    funding_not_charged: markets.filter(({ funding }) => funding === null).map(({ symbol }) => symbol),
    margin_models: input.instrument === 'spot' ? [] : [...new Set(models.map(({ description }) => description))],
    margin_assumed: input.instrument === 'spot' ? [] : models.filter(({ assumed }) => assumed).map(({ symbol }) => symbol),
  };
}

function remarksOn(
  { settings, instrument }: BacktestInput,
  data: DataQuality,
  dropped: readonly DroppedTrigger[],
  { state }: Replay,
): readonly string[] {
  const missing = data.warm_up_bars_wanted - data.warm_up_bars;
  const liquidations = [...state.tally.liquidationsByModel];
  for (const { position } of state.symbols) if (position !== null) countLiquidationsByModel(liquidations, position);
  const others = MARGIN_MODEL_NAMES.flatMap((name, index) =>
    name !== settings.margin_model && (liquidations[index] ?? 0) !== state.tally.liquidations
      ? [`margin model ${name}: ${liquidations[index]} liquidated instead of ${state.tally.liquidations}`]
      : [],
  );
  return [
    ...dropped.map(({ id, reason }) => `trigger ${id ?? '(without id)'} dropped: ${reason}`),
    ...(missing > 0 ? [`warm-up short by ${missing} bars: indicators start late`] : []),
    ...(instrument === 'spot' || data.funding_not_charged.length === 0
      ? []
      : [`funding not charged (${data.funding_not_charged.join(', ')})`]),
    ...(data.margin_assumed.length === 0 ? [] : [`margin assumed 2 % (${data.margin_assumed.join(', ')})`]),
    ...others,
  ];
}
