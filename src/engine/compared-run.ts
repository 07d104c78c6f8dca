import type { RunResult } from './result.ts';

/** What a comparison shows of each of its runs. */
export type ComparedRun = Pick<RunResult, 'result_hash' | 'summary' | 'settings' | 'data' | 'evidence' | 'equity' | 'remarks'> & {
  /** When positions were liquidated; ms UTC. */
  readonly liquidationTimesMs: readonly number[];
};

export type LabelledVariant = { readonly label: string; readonly runId: string; readonly run: ComparedRun };
