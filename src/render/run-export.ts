import { equityPairs } from '../engine/equity-curve.ts';
import type { RunResult, Trade } from '../engine/result.ts';
import type { ComparisonCard } from './compare.ts';

/** A run as the machine interface gives it: one JSON value, times in ms UTC, null for undefined. */
export function runAsJson(runId: string, result: RunResult): Record<string, unknown> {
  return { run_id: runId, ...result, equity: equityPairs(result.equity) };
}

type ExportedComparison = Pick<ComparisonCard, 'comparisonId' | 'baseRunId' | 'variants' | 'summary' | 'ladder' | 'notes'>;

/** A comparison as the machine interface gives it; each variant is a run of its own, under its id. */
export function comparisonAsJson({
  comparisonId,
  baseRunId,
  variants,
  summary,
  ladder,
  notes,
}: ExportedComparison): Record<string, unknown> {
  return {
    comparison_id: comparisonId,
    base_run_id: baseRunId,
    variant_run_ids: variants.map(({ runId }) => runId),
    labels: variants.map(({ label }) => label),
    summary,
    ladder,
    notes,
  };
}

const TRADE_COLUMNS = [
  'symbol',
  'side',
  'trigger_id',
  'grade',
  'entry_time',
  'entry_price',
  'exit_time',
  'exit_price',
  'quantity',
  'stop',
  'target',
  'exit_reason',
  'fees',
  'funding',
  'pnl',
  'r',
] as const satisfies readonly (keyof Trade)[];

/** The trades as CSV with a header; no value needs quotes, an absent target is empty. */
export function tradesAsCsv(trades: readonly Trade[]): string {
  const rows = trades.map((trade) => TRADE_COLUMNS.map((name) => trade[name] ?? '').join(','));
  return `${[TRADE_COLUMNS.join(','), ...rows].join('\n')}\n`;
}
