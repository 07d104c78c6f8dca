import type { Timeframe } from '../../src/engine/bar.ts';
import { triggerWith } from './bars.ts';

type Triggering = { readonly base: Timeframe; readonly higher: Timeframe; readonly stopPct: number; readonly historyBars: number };

/** Three ways into a symbol that its volume or its bars signal all the time, and one for runs with a long history. */
export function generatedTriggers(symbol: string, { base, higher, stopPct, historyBars }: Triggering): ReturnType<typeof triggerWith>[] {
  const stop = { kind: 'pct', pct: stopPct } as const;
  return [
    triggerWith({
      id: `${symbol}-l`,
      symbol,
      timeframe: base,
      grade: 'A',
      entry: 'volume > 0.75 and close > 0',
      exit: 'volume < 0.1 or close crosses_below ema_fast',
      stop,
      target: { kind: 'pct', pct: 3 },
    }),
    triggerWith({
      id: `${symbol}-s`,
      symbol,
      timeframe: base,
      side: 'short',
      grade: 'C',
      entry: 'volume < 0.25',
      stop,
      target: { kind: 'r', multiple: 2 },
    }),
    triggerWith({
      id: `${symbol}-q`,
      symbol,
      timeframe: higher,
      side: 'short',
      entry: 'close < sma_short or close < close[1]',
      exit: 'rsi > 60 and close > low[1]',
      stop: { kind: 'atr', multiple: 2 },
    }),
    ...(historyBars < EMA_BARS
      ? []
      : [triggerWith({ id: `${symbol}-m`, symbol, timeframe: base, entry: `${BANDS} > 0`, exit: `${BANDS} < 0`, stop })]),
  ];
}

/** Length of the slow mean; bars. */
export const EMA_BARS = 400;

/** Turns its sign wherever the close passes one of many levels of a mean that remembers a long history, so that it tells when that was lost. */
const BANDS = [0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.17, 1.25, 1.4, 1.6]
  .map((share) => `(close - ${share} * ema_slow)`)
  .join(' * ');
