import { TIMEFRAME_MS } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { findGaps } from './gaps.ts';
import { MARGIN_MODEL_NAMES, marginModel } from './margin.ts';
import type { Plan } from './plan.ts';
import { warmUpStartMs } from './plan-columns.ts';
import type { PreparedBacktest } from './prepare-backtest.ts';
import type { Program } from './program.ts';
import type { Replay } from './replay.ts';
import type { DataQuality, OpenPosition } from './result.ts';
import { leverageOf, type Settings } from './settings.ts';
import { countLiquidationsByModel, sideOf } from './step/fill.ts';
import type { DroppedTrigger } from './validate-plan.ts';

/** Positions that the end of the bars left open, at the last mark. */
export function openPositions(program: Program, { state }: Replay): readonly OpenPosition[] {
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

/** Where the bars of a run came from and what is wrong with them. */
export function describeData({ input, markets, startMs }: PreparedBacktest, plan: Plan, settings: Settings): DataQuality {
  const baseTimeframe = input.timeframes[0];
  const barMs = TIMEFRAME_MS[baseTimeframe];
  const leverage = leverageOf(settings);
  const traded = markets.map(({ candles }) => candles.openTimeMs.subarray(firstBarFrom(candles, startMs)));
  const firsts = traded.flatMap((times) => (times.length === 0 ? [] : [times[0] as number]));
  const warmUpWanted = markets.map(({ symbol }) => (startMs - warmUpStartMs(plan, symbol, baseTimeframe, startMs, settings)) / barMs);
  const models = markets.map(({ symbol }) => ({ symbol, ...marginModel(settings.margin_model, input.exchange, symbol, leverage) }));
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

/** What a reader must know before believing the numbers; a line each. */
export function remarksOn(data: DataQuality, settings: Settings, dropped: readonly DroppedTrigger[], { state }: Replay): readonly string[] {
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
    ...(data.instrument === 'spot' || data.funding_not_charged.length === 0
      ? []
      : [`funding not charged (${data.funding_not_charged.join(', ')})`]),
    ...(data.margin_assumed.length === 0 ? [] : [`margin assumed 2 % (${data.margin_assumed.join(', ')})`]),
    ...others,
  ];
}
