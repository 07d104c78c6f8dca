import type { Candles } from '../engine/candles.ts';
import type { EquityCurve } from '../engine/equity-curve.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';

export type EquityPane = {
  readonly min: number;
  readonly max: number;
  readonly datasets: readonly JsonObject[];
  /** What the marks mean. */
  readonly key: readonly string[];
};

type Point = { readonly x: number; readonly y: number };

/** For each candle that holds equity points: the last of them, the lowest, and the highest since the start. */
type CandleEquity = { readonly last: readonly Point[]; readonly trough: readonly Point[]; readonly peak: readonly Point[] };

/** The equity line over its drawdown: the area between the highest equity so far and the lowest of each candle. Axes xIndex and yEquity. */
export function equityPane(candles: Candles, equity: EquityCurve, initialCash: number): EquityPane {
  const curve = equityCurve(candles, equity, initialCash);
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
  const pointRadius = curve.last.length === 1 ? 6 : 0;
  return {
    min: low - room,
    max: high + room,
    datasets: [
      {
        ...line,
        pointRadius,
        data: curve.last,
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

function equityCurve(candles: Candles, equity: EquityCurve, initialCash: number): CandleEquity {
  const last: Point[] = [];
  const trough: Point[] = [];
  const peak: Point[] = [];
  let next = 0;
  let highest = initialCash;
  for (let x = 0; x < candles.openTimeMs.length; x++) {
    const endMs = candles.openTimeMs[x + 1] ?? Number.POSITIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    let latest: number | null = null;
    for (; next < equity.timesMs.length && (equity.timesMs[next] as number) < endMs; next++) {
      latest = equity.values[next] as number;
      lowest = Math.min(lowest, latest);
      highest = Math.max(highest, latest);
    }
    if (latest === null) continue;
    last.push({ x, y: latest });
    trough.push({ x, y: lowest });
    peak.push({ x, y: highest });
  }
  return { last, trough, peak };
}
