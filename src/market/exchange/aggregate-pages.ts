import { aggregateCandles } from '../../engine/aggregate.ts';
import { TIMEFRAME_MS, type Timeframe } from '../../engine/bar.ts';
import { allocateCandles, CANDLE_COLUMNS, type Candles, firstBarFrom, sliceCandles } from '../../engine/candles.ts';
import type { FetchedPage } from './read-fetched-pages.ts';

/** Pages of a longer timeframe out of pages of a shorter one. The range they settle must begin where a longer bar does. */
export async function* aggregatePages(pages: AsyncIterable<FetchedPage>, from: Timeframe, to: Timeframe): AsyncGenerator<FetchedPage> {
  const stepMs = TIMEFRAME_MS[to];
  let waiting = allocateCandles(0);
  let fromMs: number | null = null;
  for await (const page of pages) {
    fromMs ??= page.fromMs;
    waiting = joinCandles(waiting, page.candles);
    const toMs = Math.floor(page.toMs / stepMs) * stepMs;
    if (toMs <= fromMs) continue;

    const cut = firstBarFrom(waiting, toMs);
    yield { candles: aggregateSettled(sliceCandles(waiting, 0, cut), { from, to, toMs }), fromMs, toMs };
    waiting = sliceCandles(waiting, cut, waiting.openTimeMs.length);
    fromMs = toMs;
  }
}

type Aggregation = { readonly from: Timeframe; readonly to: Timeframe; readonly toMs: number };

/**
 * All longer bars up to a time by which everything is known. One more bar at that time closes the last of them, even where its own
 * last short bar is missing, and is left out itself because its own boundary has not passed.
 */
function aggregateSettled(candles: Candles, { from, to, toMs }: Aggregation): Candles {
  const closing = allocateCandles(1);
  closing.openTimeMs[0] = toMs;
  return aggregateCandles(joinCandles(candles, closing), from, to);
}

function joinCandles(before: Candles, after: Candles): Candles {
  const joined = allocateCandles(before.openTimeMs.length + after.openTimeMs.length);
  for (const name of CANDLE_COLUMNS) {
    joined[name].set(before[name]);
    joined[name].set(after[name], before[name].length);
  }
  return joined;
}
