import type { Candles } from '../src/engine/candles.ts';
import type { Plan } from '../src/engine/plan.ts';
import type { ReplanTrigger } from '../src/engine/result.ts';
import type { Settings } from '../src/engine/settings.ts';

/** A run as the monitor's own text needs it: bars, marked equity and the levels that were in force, nothing that the engine worked out. */
export type WatchedRun = {
  readonly settings: Settings;
  /** Every bar that the run was given, in the order of its symbols, those before its start included. */
  readonly markets: readonly { readonly symbol: string; readonly candles: Candles }[];
  readonly barMs: number;
  readonly atrBars: number;
  readonly donchianBars: number;
  /** Marked at the close of the bar that opens at the time of the same index. */
  readonly equity: { readonly timesMs: Float64Array; readonly values: Float64Array };
  /** Of the plan that decides at the close of the bar of that open. */
  readonly levelsAt: (openMs: number) => Plan['levels'];
};

/** What becomes of a condition that fires. One that fires at a close that has already asked is not heard. */
export type Outcome = 'requested' | 'budget' | 'interval' | 'unheard';

export type ReadReplan = {
  readonly timeMs: number;
  readonly type: ReplanTrigger;
  readonly symbol: string | null;
  readonly outcome: Outcome;
  readonly details: Readonly<Record<string, number>>;
};

type Condition = Pick<ReadReplan, 'type' | 'symbol' | 'details'> & { readonly isTrue: boolean };

type Bars = {
  readonly symbol: string;
  readonly at: ReadonlyMap<number, number>;
  readonly candles: Candles;
  readonly atr: readonly number[];
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Section 10 of the engine's rules, read a second time and as plainly as it is written: slow, no column or state shared with the
 * engine. What it says of a run and what the engine says must be the same, bar for bar.
 */
export function readReplans(run: WatchedRun): readonly ReadReplan[] {
  const { settings, equity } = run;
  const symbols = run.markets.map(({ symbol, candles }) => barsOf(symbol, candles, run.atrBars));
  const told: ReadReplan[] = [];
  const wasTrue = new Map<string, boolean>();
  let peak = settings.initial_cash;
  let askedMs = Number.NEGATIVE_INFINITY;
  let closedMs: number | null = null;
  let day = Number.NaN;
  let askedToday = 0;

  equity.timesMs.forEach((openMs, step) => {
    const timeMs = openMs + run.barMs;
    const marked = equity.values[step] ?? Number.NaN;
    peak = Math.max(peak, marked);
    if (Math.floor(openMs / DAY_MS) !== day) askedToday = 0;
    day = Math.floor(openMs / DAY_MS);

    const reactive = conditionsAt(run, symbols, { openMs, marked, peak }).filter(({ type, symbol, isTrue }) => {
      const name = `${type} of ${symbol}`;
      const hasTurned = isTrue && wasTrue.get(name) !== true;
      wasTrue.set(name, isTrue);
      return hasTurned;
    });
    const scheduled = hoursPassed(closedMs ?? openMs, timeMs).filter((hour) => settings.scheduled_hours.includes(hour));
    closedMs = timeMs;

    let hasAsked = false;
    for (const { type, symbol, details } of reactive) {
      const heldBack =
        askedToday >= settings.max_reactive_replans_per_day
          ? 'budget'
          : timeMs < askedMs + settings.min_replan_interval_minutes * MINUTE_MS
            ? 'interval'
            : null;
      const outcome = hasAsked ? 'unheard' : (heldBack ?? 'requested');
      told.push({ timeMs, type, symbol, outcome, details });
      if (outcome !== 'requested') continue;
      hasAsked = true;
      askedToday += 1;
    }
    const hour = scheduled.at(-1);
    if (hour !== undefined) {
      told.push({ timeMs, type: 'scheduled', symbol: null, outcome: hasAsked ? 'unheard' : 'requested', details: { hour } });
      hasAsked = true;
    }
    if (!hasAsked) return;
    askedMs = timeMs;
    peak = marked;
  });
  return told;
}

/** Every reactive condition that is on and can be asked at a close, true or not, in the order of the text. */
function conditionsAt(
  run: WatchedRun,
  symbols: readonly Bars[],
  { openMs, marked, peak }: { readonly openMs: number; readonly marked: number; readonly peak: number },
): readonly Condition[] {
  const { settings } = run;
  const closing = symbols.flatMap((bars) => {
    const index = bars.at.get(openMs);
    return index === undefined ? [] : [{ ...bars, index }];
  });
  const spikes = closing.map(({ symbol, atr, index }) => spike(symbol, atr, index, settings));
  const drawdownPct = (1 - marked / peak) * 100;
  const drawdown: Condition = {
    type: 'drawdown',
    symbol: null,
    isTrue: (peak - marked) * 100 >= settings.drawdown_threshold_pct * peak,
    details: { equity: marked, peak_equity: peak, drawdown_pct: drawdownPct },
  };
  const levels = run.levelsAt(openMs);
  const breaks = (side: 'support' | 'resistance') =>
    closing.map(({ symbol, candles, index }): Condition => {
      const close = candles.close[index] ?? Number.NaN;
      const before = candles.close[index - 1] ?? close;
      const planned = [...(levels?.[symbol]?.[side] ?? [])].sort((one, other) => (side === 'support' ? other - one : one - other));
      const ahead = planned.find((level) => (side === 'support' ? level <= before : level >= before));
      const level = ahead ?? planned.at(-1) ?? channelEdge(candles, index, run.donchianBars, side);
      const isTrue = side === 'support' ? close < level : close > level;
      return { type: `${side}_break`, symbol, isTrue, details: { close, level } };
    });
  return [
    ...(settings.volatility_spike_enabled ? spikes : []),
    ...(settings.drawdown_replan_enabled ? [drawdown] : []),
    ...(settings.support_break_enabled ? breaks('support') : []),
    ...(settings.resistance_break_enabled ? breaks('resistance') : []),
  ];
}

function spike(symbol: string, atrs: readonly number[], index: number, settings: Settings): Condition {
  const { volatility_spike_lookback_bars: lookback, volatility_spike_multiplier: multiplier } = settings;
  const before = atrs.slice(Math.max(0, index - lookback), index);
  const mean = before.length < lookback ? Number.NaN : before.reduce((sum, each) => sum + each, 0) / lookback;
  const atr = atrs[index] ?? Number.NaN;
  return { type: 'volatility_spike', symbol, isTrue: atr > multiplier * mean, details: { atr, mean_atr: mean, ratio: atr / mean } };
}

/** The extreme of so many bars before this one; unknown while there are fewer. */
function channelEdge({ low, high }: Candles, index: number, bars: number, side: 'support' | 'resistance'): number {
  if (index < bars) return Number.NaN;
  const before = (side === 'support' ? low : high).slice(index - bars, index);
  return side === 'support' ? Math.min(...before) : Math.max(...before);
}

/** Full hours of the UTC day in (from, to], oldest first. */
function hoursPassed(fromMs: number, toMs: number): readonly number[] {
  const hours: number[] = [];
  for (let atMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS; atMs <= toMs; atMs += HOUR_MS) {
    if (atMs > fromMs) hours.push((atMs % DAY_MS) / HOUR_MS);
  }
  return hours;
}

/** Wilder: the first is the plain mean of so many true ranges, each further one moves by its share towards the newest. */
function barsOf(symbol: string, candles: Candles, atrBars: number): Bars {
  const { openTimeMs, high, low, close } = candles;
  const ranges = [...high].map((top, index) => {
    const bottom = low[index] ?? Number.NaN;
    const before = close[index - 1];
    return before === undefined ? top - bottom : Math.max(top, before) - Math.min(bottom, before);
  });
  const atr: number[] = [];
  ranges.forEach((range, index) => {
    if (index < atrBars - 1) atr.push(Number.NaN);
    else if (index === atrBars - 1) atr.push(ranges.slice(0, atrBars).reduce((sum, each) => sum + each, 0) / atrBars);
    else atr.push(((atr[index - 1] ?? Number.NaN) * (atrBars - 1) + range) / atrBars);
  });
  return { symbol, candles, at: new Map([...openTimeMs].map((openMs, index) => [openMs, index])), atr };
}
