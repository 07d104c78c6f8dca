import { equityPairs } from '../engine/equity-curve.ts';
import type { RunResult, Trade } from '../engine/result.ts';

/** A run as the machine interface gives it: one JSON value, times in ms UTC, null for undefined. */
export function runAsJson(runId: string, result: RunResult): Record<string, unknown> {
  return { run_id: runId, ...result, equity: equityPairs(result.equity) };
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
