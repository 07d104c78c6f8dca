import { type Bar, TIMEFRAME_MS, type Timeframe } from '../bar.ts';
import { mostLookbackBars, passOverBars } from '../indicators/compute-columns.ts';
import type { IndicatorPeriods } from '../indicators/periods.ts';
import { followFrame, frameCandles, keepColumns } from './frame-columns.ts';
import type { BarRow, WindowFrame } from './window-frame.ts';

/** What a session keeps of one symbol's market: per timeframe the last bars, and of each higher one the bar that is not yet closed. */
export type MarketWindow = {
  readonly frames: Readonly<Partial<Record<Timeframe, WindowFrame>>>;
  readonly forming: Readonly<Partial<Record<Timeframe, Bar>>>;
};

/** Bars whose columns a rule may ask for: 500 back, one more for a cross, one for what was visible before, and the bar itself. */
export const COLUMN_BARS = 503;

/** Running numbers go forward so many bars at a time: less often costs less in all, but more at once. */
const BATCH_BARS = 64;

const EMPTY_FRAME: WindowFrame = { bars: [], droppedBars: 0, states: {}, statesAt: 0 };

export function emptyWindow(timeframes: readonly Timeframe[]): MarketWindow {
  return { frames: Object.fromEntries(timeframes.map((timeframe) => [timeframe, EMPTY_FRAME])), forming: {} };
}

/**
 * Takes one more base bar in. A higher bar closes with the first base bar whose close reaches its boundary, from whatever
 * base bars it got.
 */
export function appendBar(
  window: MarketWindow,
  bar: Bar,
  timeframes: readonly [Timeframe, ...Timeframe[]],
  periods: IndicatorPeriods,
): MarketWindow {
  const [base, ...higher] = timeframes;
  const frames = { ...window.frames, [base]: pushBar(frameOf(window, base), bar, periods) };
  const forming: Partial<Record<Timeframe, Bar>> = { ...window.forming };
  const closeTimeMs = bar.openTimeMs + TIMEFRAME_MS[base];
  for (const timeframe of higher) {
    const lengthMs = TIMEFRAME_MS[timeframe];
    const openTimeMs = bar.openTimeMs - (bar.openTimeMs % lengthMs);
    const begun = forming[timeframe];
    if (begun !== undefined && begun.openTimeMs !== openTimeMs) frames[timeframe] = pushBar(frameOf({ frames }, timeframe), begun, periods);
    const grown = begun?.openTimeMs === openTimeMs ? grow(begun, bar) : { ...bar, openTimeMs };
    if (openTimeMs + lengthMs <= closeTimeMs) {
      frames[timeframe] = pushBar(frameOf({ frames }, timeframe), grown, periods);
      delete forming[timeframe];
    } else forming[timeframe] = grown;
  }
  return { frames, forming };
}

/** Starts the indicators again on the bars that are kept, as other periods need. */
export function restartIndicators(window: MarketWindow): MarketWindow {
  const frames = Object.entries(window.frames).map(([timeframe, frame]) => [timeframe, { ...frame, states: {}, statesAt: 0 }]);
  return { ...window, frames: Object.fromEntries(frames) };
}

export function frameOf({ frames }: Pick<MarketWindow, 'frames'>, timeframe: Timeframe): WindowFrame {
  return frames[timeframe] ?? EMPTY_FRAME;
}

function grow(begun: Bar, { high, low, close, volume }: Bar): Bar {
  return {
    openTimeMs: begun.openTimeMs,
    open: begun.open,
    high: high > begun.high ? high : begun.high,
    low: low < begun.low ? low : begun.low,
    close,
    volume: begun.volume + volume,
  };
}

function pushBar(frame: WindowFrame, { openTimeMs, open, high, low, close, volume }: Bar, periods: IndicatorPeriods): WindowFrame {
  const row: BarRow = [openTimeMs, open, high, low, close, volume];
  const next = { ...frame, bars: frame.bars.concat([row]) };
  followFrame(frame, next, row);
  const spareBars = next.bars.length - COLUMN_BARS - frame.statesAt;
  return spareBars < BATCH_BARS ? next : letGo(next, frame.statesAt + spareBars, periods);
}

/** Moves the running numbers forward and drops the bars that neither they nor a rule can look at any more. */
function letGo(frame: WindowFrame, statesAt: number, periods: IndicatorPeriods): WindowFrame {
  const states = passOverBars(frame.states, { candles: frameCandles(frame), from: frame.statesAt, to: statesAt }, periods);
  const dropped = Math.max(0, statesAt - mostLookbackBars(periods));
  const next = { bars: frame.bars.slice(dropped), droppedBars: frame.droppedBars + dropped, states, statesAt: statesAt - dropped };
  keepColumns(frame, next);
  return next;
}
