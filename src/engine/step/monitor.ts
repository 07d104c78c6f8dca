import { HOUR_MS, MINUTE_MS } from '../bar.ts';
import type { MonitorProgram } from '../monitor-program.ts';
import type { ReplanRequest, ReplanTrigger } from '../result.ts';
import { NO_BAR, type Run } from './run.ts';

/** A condition that holds at this close, with its numbers. */
type Firing = { readonly type: ReplanTrigger; readonly symbol: string | null; readonly details: Readonly<Record<string, number>> };

const NONE: readonly Firing[] = [];

/**
 * Looks at the market at a close and asks for a replan when a condition has just become true: in a fixed order, the first
 * that may. Reactive ones respect the day's budget and the interval; those held back are recorded as suppressed.
 */
export function watchMarket(run: Run, openTimeMs: number, closeTimeMs: number): ReplanRequest | null {
  const { program, state, recorder } = run;
  if (program.monitor === null) return null;
  const { monitor, equity } = state;
  if (equity > monitor.peakEquity) monitor.peakEquity = equity;
  const scheduled = scheduledCondition(run, openTimeMs, closeTimeMs);
  const edges = program.monitor.isReactive ? risingEdges(run, program.monitor) : NONE;
  const fired = scheduled === null ? edges : [...edges, scheduled];

  for (const { type, symbol, details } of fired) {
    const suppressed = type === 'scheduled' ? null : suppression(run, closeTimeMs);
    const request = { time: closeTimeMs, trigger_type: type, symbol, trigger_details: details };
    if (suppressed === null) {
      if (type !== 'scheduled') monitor.reactiveToday++;
      monitor.lastReplanMs = closeTimeMs;
      monitor.earlierPeakEquity = Math.max(monitor.earlierPeakEquity, monitor.peakEquity);
      monitor.peakEquity = equity;
      recorder.event({ kind: 'replan_requested', ...request });
      return request;
    }
    recorder.event({ kind: 'replan_suppressed', ...request, reason: suppressed });
  }
  return null;
}

/** The conditions that are true now and were not at the last close at which they were asked. */
function risingEdges(run: Run, columns: MonitorProgram): readonly Firing[] {
  const { monitor } = run.state;
  const before = monitor.firing;
  const holding = [...reactiveConditions(run, columns)];
  monitor.firing = [...stillFiring(run), ...holding.map(keyOf)];
  return holding.filter((firing) => !before.includes(keyOf(firing)));
}

/** A symbol without a bar is not asked: what was true of it has not been false since. */
function stillFiring({ program, state, barIndex }: Run): readonly string[] {
  if (!barIndex.includes(NO_BAR)) return [];
  const silent = program.symbols.filter((_, index) => barIndex[index] === NO_BAR);
  return state.monitor.firing.filter((key) => silent.some(({ symbol }) => key.endsWith(` ${symbol}`)));
}

function suppression({ program, state }: Run, closeTimeMs: number): 'budget' | 'interval' | null {
  const { max_reactive_replans_per_day, min_replan_interval_minutes } = program.settings;
  const { reactiveToday, lastReplanMs } = state.monitor;
  if (reactiveToday >= max_reactive_replans_per_day) return 'budget';
  const isTooSoon = lastReplanMs !== null && closeTimeMs - lastReplanMs < min_replan_interval_minutes * MINUTE_MS;
  return isTooSoon ? 'interval' : null;
}

/** Every reactive condition that is true at this close, in the order in which they are asked. */
function* reactiveConditions(run: Run, monitor: MonitorProgram): Generator<Firing> {
  const { settings } = run.program;
  const indexes = run.program.symbols.map((_, index) => index).filter((index) => run.barIndex[index] !== NO_BAR);
  if (settings.volatility_spike_enabled) for (const index of indexes) yield* volatilitySpike(run, monitor, index);
  if (settings.drawdown_replan_enabled) yield* drawdown(run);
  if (settings.support_break_enabled) for (const index of indexes) yield* levelBreak(run, monitor, index, 'support_break');
  if (settings.resistance_break_enabled) for (const index of indexes) yield* levelBreak(run, monitor, index, 'resistance_break');
}

/** ATR above the multiple of its mean over the bars before, this one excluded. */
function* volatilitySpike({ program, barIndex }: Run, { atr: columns }: MonitorProgram, index: number): Generator<Firing> {
  const { volatility_spike_lookback_bars: lookback, volatility_spike_multiplier: multiplier } = program.settings;
  const bar = barIndex[index] as number;
  const column = columns[index];
  if (column === undefined || bar < lookback) return;
  let sum = 0;
  for (let back = 1; back <= lookback; back++) sum += column[bar - back] as number;
  const meanAtr = sum / lookback;
  const atr = column[bar] as number;
  if (atr > multiplier * meanAtr) {
    yield { type: 'volatility_spike', symbol: symbolOf(program, index), details: { atr, mean_atr: meanAtr, ratio: atr / meanAtr } };
  }
}

function* drawdown({ program, state }: Run): Generator<Firing> {
  const { peakEquity } = state.monitor;
  const { drawdown_threshold_pct: thresholdPct } = program.settings;
  const fall = (peakEquity - state.equity) * 100;
  if (fall < thresholdPct * peakEquity) return;
  yield { type: 'drawdown', symbol: null, details: { equity: state.equity, peak_equity: peakEquity, drawdown_pct: fall / peakEquity } };
}

/** A close beyond the plan's nearest level of that kind; without levels for the symbol, beyond the Donchian channel. */
function* levelBreak(
  { program, plan, barIndex }: Run,
  { donchianLow, donchianHigh }: MonitorProgram,
  index: number,
  type: 'support_break' | 'resistance_break',
): Generator<Firing> {
  const bar = barIndex[index] as number;
  const symbol = symbolOf(program, index);
  const close = program.symbols[index]?.candles.close[bar] as number;
  const isSupport = type === 'support_break';
  const levels = plan.plan.levels?.[symbol]?.[isSupport ? 'support' : 'resistance'] ?? [];
  const channel = (isSupport ? donchianLow : donchianHigh)[index]?.[bar] ?? Number.NaN;
  // Before its first bar a symbol stood nowhere else than where that bar closes.
  const before = program.symbols[index]?.candles.close[bar - 1] ?? close;
  const level = levels.length === 0 ? channel : nearestLevel(levels, before, isSupport);
  if (isSupport ? close < level : close > level) yield { type, symbol, details: { close, level } };
}

/**
 * The first level on the way down (up) from where the price stood before this bar, so that no bar leaps over one and no price that turns back
 * breaks it; the last one of all where it stood beyond every level.
 */
function nearestLevel(levels: readonly number[], before: number, isSupport: boolean): number {
  const ahead = levels.filter((level) => (isSupport ? level <= before : level >= before));
  if (ahead.length === 0) return isSupport ? Math.min(...levels) : Math.max(...levels);
  return isSupport ? Math.max(...ahead) : Math.min(...ahead);
}

/** An hour of the schedule that passed since the previous close. */
function scheduledCondition({ program, state, barMs }: Run, openTimeMs: number, closeTimeMs: number): Firing | null {
  const previousMs = state.lastTimeMs === null ? openTimeMs : state.lastTimeMs + barMs;
  const first = Math.floor(previousMs / HOUR_MS) + 1;
  const last = Math.floor(closeTimeMs / HOUR_MS);
  for (let hours = last; hours >= first && hours > last - 24; hours--) {
    if (program.settings.scheduled_hours.includes(hours % 24)) {
      return { type: 'scheduled', symbol: null, details: { hour: hours % 24 } };
    }
  }
  return null;
}

function keyOf({ type, symbol }: Firing): string {
  return symbol === null ? type : `${type} ${symbol}`;
}

function symbolOf(program: Run['program'], index: number): string {
  return program.symbols[index]?.symbol ?? '';
}
