import type { Candles } from '../engine/candles.ts';
import type { EquityCurve } from '../engine/equity-curve.ts';
import { equityPath, type Point } from './equity-path.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';

export type EquityPane = {
  readonly min: number;
  readonly max: number;
  readonly datasets: readonly JsonObject[];
  /** What the marks mean. */
  readonly key: readonly string[];
};

/** For each candle that holds equity points: the lowest of them, and the highest since the start. */
type CandleEquity = { readonly trough: readonly Point[]; readonly peak: readonly Point[] };

/** The equity line over its drawdown: the area between the highest equity so far and the lowest of each candle. Axes xIndex and yEquity. */
export function equityPane(candles: Candles, equity: EquityCurve, initialCash: number): EquityPane {
  const curve = drawdownOf(candles, equity, initialCash);
  const path = equityPath(equity, candles.openTimeMs);
  const values = [initialCash, ...curve.trough.map((point) => point.y), ...curve.peak.map((point) => point.y)];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(high) * 0.02 || 1) * 0.12;

  const line = { type: 'line', xAxisID: 'xIndex', yAxisID: 'yEquity', pointRadius: 0 };
  const startData = [
    { x: -0.5, y: initialCash },
    { x: candles.openTimeMs.length - 0.5, y: initialCash },
  ];
  const hasDrawdown = curve.trough.some((point, index) => point.y < (curve.peak[index]?.y ?? point.y));
  const pointRadius = path.length === 1 ? 6 : 0;
  return {
    min: low - room,
    max: high + room,
    datasets: [
      {
        ...line,
        pointRadius,
        data: path,
        borderColor: PALETTE.equity,
        backgroundColor: PALETTE.equity,
        borderWidth: 4,
        borderJoinStyle: 'round',
        order: 10,
      },
      { ...line, data: startData, borderColor: PALETTE.startingCash, borderWidth: 2, borderDash: [4, 6], order: 15 },
      { ...line, data: curve.trough, borderWidth: 0, backgroundColor: PALETTE.drawdown, fill: '+1', order: 20 },
      { ...line, data: curve.peak, borderWidth: 0, order: 21 },
    ],
    key: hasDrawdown ? ['red: drawdown'] : [],
  };
}

function drawdownOf(candles: Candles, equity: EquityCurve, initialCash: number): CandleEquity {
  const trough: Point[] = [];
  const peak: Point[] = [];
  let next = 0;
  let highest = initialCash;
  for (let x = 0; x < candles.openTimeMs.length; x++) {
    const endMs = candles.openTimeMs[x + 1] ?? Number.POSITIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (; next < equity.timesMs.length && (equity.timesMs[next] as number) < endMs; next++) {
      const value = equity.values[next] as number;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    if (lowest === Number.POSITIVE_INFINITY) continue;
    trough.push({ x, y: lowest });
    peak.push({ x, y: highest });
  }
  return { trough, peak };
}
