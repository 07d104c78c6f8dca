import { marketText, shortRunId } from './run-list.ts';

/** Of which backtest something is told. */
export type OfRun = {
  readonly runId: string;
  readonly symbols: readonly string[];
  /** The base timeframe. */
  readonly timeframe: string;
};

export function ofRunText(run: OfRun): string {
  return `${marketText(run)} · run \`${shortRunId(run.runId)}\``;
}
