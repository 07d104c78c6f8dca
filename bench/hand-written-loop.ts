import type { Candles } from '../src/engine/candles.ts';

/**
 * The rules of the common workload written by hand for this one strategy in one pass over typed arrays: no plan, no gates,
 * no records. It is the yardstick, not a backtest anyone should use. Returns the number of trades.
 */
export function runHandWritten({ open, low, close, high }: Candles): number {
  const count = close.length;
  let equity = 10_000;
  let quantity = 0;
  let entryPrice = 0;
  let stop = 0;
  let wantsEntry = false;
  let wantsExit = false;
  let plannedStop = 0;
  let trades = 0;
  let shortSum = 0;
  let mediumSum = 0;
  let gain = 0;
  let loss = 0;
  let atr = 0;
  let wasAbove = 0;
  let previousClose = close[0] as number;

  for (let index = 0; index < count; index++) {
    const price = close[index] as number;
    const barOpen = open[index] as number;
    const barLow = low[index] as number;
    const barHigh = high[index] as number;
    if (wantsExit) {
      equity += quantity * (barOpen - entryPrice) - quantity * barOpen * 0.001;
      quantity = 0;
      wantsExit = false;
      trades++;
    } else if (wantsEntry) {
      quantity = equity / barOpen;
      entryPrice = barOpen;
      stop = plannedStop;
      equity -= quantity * barOpen * 0.001;
      wantsEntry = false;
    }
    if (quantity > 0 && barLow <= stop) {
      const exit = barOpen <= stop ? barOpen : stop;
      equity += quantity * (exit - entryPrice) - quantity * exit * 0.001;
      quantity = 0;
      trades++;
    }

    shortSum += price - (index >= 8 ? (close[index - 8] as number) : 0);
    mediumSum += price - (index >= 21 ? (close[index - 21] as number) : 0);
    const change = price - previousClose;
    const up = change > 0 ? change : 0;
    const down = change < 0 ? -change : 0;
    gain += (up - gain) / 7;
    loss += (down - loss) / 7;
    let range = barHigh - barLow;
    const fromHigh = Math.abs(barHigh - previousClose);
    const fromLow = Math.abs(barLow - previousClose);
    if (fromHigh > range) range = fromHigh;
    if (fromLow > range) range = fromLow;
    atr += (range - atr) / 7;
    previousClose = price;
    if (index < 21) continue;

    const isAbove = shortSum / 8 > mediumSum / 21 ? 1 : 0;
    if (isAbove !== wasAbove) {
      if (isAbove === 0) wantsExit = quantity > 0;
      else if (quantity === 0 && gain / (gain + loss) < 0.7) {
        wantsEntry = true;
        plannedStop = price - 2 * atr;
      }
    }
    wasAbove = isAbove;
  }
  return trades;
}
