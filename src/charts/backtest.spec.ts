import type { Timeframe } from '../engine/bar.ts';
import type { Candles } from '../engine/candles.ts';
import type { EquityCurve } from '../engine/equity-curve.ts';
import { Refusal } from '../engine/refusal.ts';
import type { OpenPosition, Trade } from '../engine/result.ts';
import { chartTitles } from './chart-titles.ts';
import { type DrawnCandles, drawnCandles } from './drawn-candles.ts';
import { equityPane } from './equity-pane.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';
import { pricePane } from './price-pane.ts';
import { stackedScales } from './scales.ts';
import { labelTimes, rangeText } from './time-text.ts';
import { MANY_TRADES } from './trade-marks.ts';

export type BacktestChartInput = {
  /** The answer first, e.g. "+12.4 % after fees, 34 trades". */
  readonly title: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** The traded range, without warm-up. */
  readonly candles: Candles;
  /** Round trips of this symbol. */
  readonly trades: readonly Trade[];
  readonly openPositions: readonly OpenPosition[];
  readonly equity: EquityCurve;
  readonly initialCash: number;
  readonly simulated: boolean;
};

export type BacktestChart = { readonly config: JsonObject; readonly altText: string; readonly drawnTimeframe: Timeframe };

/** The picture the configuration is laid out for. */
export const CHART_SIZE = { widthPx: 1_200, heightPx: 675 } as const;

/** What is left for candles after the axis on the right, and for the price pane after titles and the equity pane. */
const PLOT_SIZE = { widthPx: 1_010, heightPx: 295 } as const;

/** A backtest as one picture: price with what was traded above, equity and drawdown below. Plain JSON, drawn by any Chart.js 4. */
export function backtestChartSpec(input: BacktestChartInput): BacktestChart {
  if (input.candles.openTimeMs.length === 0)
    throw new Refusal(`There is no bar of ${input.symbol} to draw; choose a range that has candles.`);
  const drawn = drawnCandles(input.candles, input.timeframe);
  const price = pricePane(drawn.candles, input.trades, input.openPositions, PLOT_SIZE);
  const equity = equityPane(drawn.candles, input.equity, input.initialCash);
  const labels = labelTimes(drawn.candles.openTimeMs, PLOT_SIZE.widthPx);
  const config = {
    type: 'bar',
    data: { labels, datasets: [...price.datasets, ...equity.datasets] },
    options: {
      locale: 'en-US',
      animation: false,
      responsive: false,
      color: PALETTE.text,
      layout: { padding: { top: 14, right: 18, bottom: 12, left: 22 } },
      plugins: chartTitles({
        title: input.title,
        subtitle: subtitleParts(input, drawn),
        isWarning: input.simulated,
        legend: { display: false },
      }),
      scales: stackedScales(labels, price, equity, `price ${input.symbol.split('-')[1] ?? ''}`),
    },
  };
  return { config, altText: altText(input), drawnTimeframe: drawn.timeframe };
}

function subtitleParts(input: BacktestChartInput, drawn: DrawnCandles): readonly string[] {
  const drawnAs = drawn.groupedDays === null ? drawn.timeframe : `${drawn.groupedDays}-day`;
  const isAsGiven = drawn.candles === input.candles;
  return [
    ...(input.simulated ? ['simulated'] : []),
    `${input.symbol} ${input.timeframe}`,
    ...(isAsGiven ? [] : [`drawn as ${drawnAs} bars`]),
    ...(input.trades.length > MANY_TRADES ? [`${grouped(input.trades.length)} trades`] : []),
    dates(input),
  ];
}

function altText(input: BacktestChartInput): string {
  const { trades, openPositions, equity } = input;
  const longs = trades.filter((trade) => trade.side === 'long').length;
  const last = equity.values.at(-1) ?? input.initialCash;
  const held = openPositions.length === 0 ? '' : `, ${openPositions.length} still open`;
  const counts =
    trades.length === 0
      ? 'no trades'
      : `${grouped(trades.length)} ${trades.length === 1 ? 'trade' : 'trades'} (${grouped(longs)} long, ${grouped(trades.length - longs)} short)`;
  const source = input.simulated ? ', simulated market' : '';
  const market = `${input.symbol} ${input.timeframe}, ${dates(input)}${source}`;
  return `Backtest chart: ${input.title}. ${market}: ${counts}${held}; equity from ${grouped(input.initialCash)} to ${grouped(last)}.`;
}

function dates({ candles: { openTimeMs } }: BacktestChartInput): string {
  return rangeText(openTimeMs[0] as number, openTimeMs[openTimeMs.length - 1] as number);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
