import { type AskedComparison, askedComparisonSchema } from '../engine/comparison-spec.ts';
import { compareJob } from '../jobs/compare.job.ts';
import { type ComparePorts, compareProcessor } from '../jobs/compare.processor.ts';
import { type EndedComparison, findComparison, finishComparison } from '../store/comparisons.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';
import { WORK_ROWS } from '../store/work-rows.ts';
import { type Cancellations, cancellable } from './cancellations.ts';
import { workEnder } from './end-work.ts';
import type { LoadPorts } from './load-input.ts';
import type { Desk } from './open-desk.ts';
import { type PlannedComparison, preparePlannedComparison } from './prepare-planned.ts';
import { type RunningWorker, startSweptWorker } from './start-swept-worker.ts';

type Parts = Omit<LoadPorts, 'pool'> & { readonly cancellations: Cancellations; readonly runEngine: ComparePorts['runEngine'] };

/** Compares, one comparison after the other: each has a thread to itself and many variants to run on it. */
export function startCompareWorker(desk: Desk, parts: Parts): Promise<RunningWorker> {
  return startSweptWorker(desk, {
    kind: 'comparison',
    contract: compareJob,
    concurrency: 1,
    processor: {
      process: (payload, context) => compareProcessor(portsOf(desk, parts, payload)).process(payload, context),
      abandon: (payload, error) => compareProcessor(portsOf(desk, parts, payload)).abandon(payload, error),
    },
    payloadOf: ({ id, guildId }) => ({ comparisonId: id, guildId }),
  });
}

type ComparisonId = { readonly comparisonId: string; readonly guildId: string };

function portsOf(
  { pool, config, reportError }: Desk,
  { exchange, simulate, cancellations, runEngine }: Parts,
  asked: ComparisonId,
): ComparePorts<PlannedComparison, EndedComparison> {
  const { end, saveRefusal, saveFailure } = workEnder(pool, 'comparison');
  const unlessCancelled = cancellable(cancellations, { kind: 'comparison', id: asked.comparisonId });
  return {
    begin: (id, guildId) => begin(pool, { id, guildId }),
    loadInput: unlessCancelled((request: AskedComparison, options) =>
      preparePlannedComparison({ pool, exchange, simulate, access: config }, asked, request, options),
    ),
    runEngine: unlessCancelled(async ({ comparison, records }: PlannedComparison, options) => ({
      outcome: await runEngine(comparison, options),
      records,
    })),
    saveResult: (id, ended) => end(id, (tx) => finishComparison(tx, { id, ...ended })),
    saveRefusal,
    saveFailure,
    reportError: (error, reference) => reportError(new Error('A comparison failed', { cause: error }), { ...asked, reference }),
  };
}

/** Null when the comparison has ended already. */
async function begin(pool: Pool, wanted: { readonly id: string; readonly guildId: string }): Promise<AskedComparison | null> {
  if (!(await transact(pool, (tx) => WORK_ROWS.comparison.markRunning(tx, wanted.id)))) return null;
  const comparison = await findComparison(pool, wanted);
  return comparison === null ? null : askedComparisonSchema.parse(comparison.request);
}
