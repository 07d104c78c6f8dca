import { backtestChartSpec, CHART_SIZE } from '../charts/backtest.spec.ts';
import { drawChart } from '../charts/chart-client.ts';
import type { RunResult } from '../engine/result.ts';
import { type RunSpec, runSpecSchema } from '../engine/run-spec.ts';
import { answerOf, renderBacktest } from '../render/backtest.ts';
import type { Attachment, Message } from '../render/message.ts';
import { loadCandles } from '../store/candles.ts';
import type { Pool } from '../store/pool.ts';
import type { Run } from '../store/runs.ts';
import { candleSourceOf } from './load-input.ts';
import { readPlanningOf } from './planning-ports.ts';

export type CardPorts = { readonly pool: Pool; readonly chartUrl: string; readonly reportError: (error: unknown) => void };

/** A finished run as its card, with the chart when the renderer draws it: a result is never held back for its picture. */
export async function composeRunCard(ports: CardPorts, run: Run, userId: string | null): Promise<Message> {
  if (run.result === null) throw new Error(`Run ${run.id} has no result to show`);
  const spec = runSpecSchema.parse(run.request);
  const chart = await drawRun(ports, run.id, spec, run.result).catch((error: unknown) => {
    ports.reportError(error);
    return null;
  });
  const result =
    chart === null
      ? { ...run.result, remarks: [...run.result.remarks, 'the chart could not be drawn; the numbers are complete'] }
      : run.result;
  const planning = await readPlanningOf(ports.pool, run, spec);
  return renderBacktest({ runId: run.id, preset: spec.preset, strategyId: spec.strategyId, planning, result, chart, userId });
}

/** The picture of the symbol that traded most. */
async function drawRun({ pool, chartUrl }: CardPorts, runId: string, spec: RunSpec, result: RunResult): Promise<Attachment> {
  const symbol = mostTraded(result);
  const { timeframe, start, end, simulated } = result.data;
  const candles = await loadCandles(pool, { source: candleSourceOf(spec, symbol), symbol, timeframe, startMs: start, endMs: end });
  const chart = backtestChartSpec({
    title: answerOf(result.summary),
    symbol,
    timeframe,
    candles,
    trades: result.trades.filter((trade) => trade.symbol === symbol),
    openPositions: result.open_positions.filter((position) => position.symbol === symbol),
    equity: result.equity,
    initialCash: result.summary.initial_cash,
    simulated,
  });
  const bytes = await drawChart({ baseUrl: chartUrl }, chart.config, CHART_SIZE);
  return { name: `backtest-${runId.slice(0, 8)}.png`, bytes, description: chart.altText };
}

function mostTraded({ data, trades }: RunResult): string {
  const counts = data.symbols.map((symbol) => trades.filter((trade) => trade.symbol === symbol).length);
  return data.symbols[counts.indexOf(Math.max(...counts))] ?? '';
}
