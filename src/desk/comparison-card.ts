import { CHART_SIZE } from '../charts/backtest.spec.ts';
import { drawChart } from '../charts/chart-client.ts';
import { compareChartSpec } from '../charts/compare.spec.ts';
import type { ComparedRun } from '../engine/compared-run.ts';
import { comparisonSpecSchema } from '../engine/comparison-spec.ts';
import { headsOf } from '../render/columns-table.ts';
import { answerOfComparison, type FinishedComparison, renderComparison } from '../render/compare.ts';
import type { Attachment, Message } from '../render/message.ts';
import { readComparedRuns, type StoredComparison } from '../store/comparisons.ts';
import { listReplanEvents } from '../store/replan-events.ts';
import type { CardPorts } from './run-card.ts';
import { planningOf } from './strategist.ts';

/** The card with its chart when the renderer draws it: a result is never held back for its picture. */
export async function composeComparisonCard(
  { pool, chartUrl, reportError }: CardPorts,
  comparison: StoredComparison,
  userId: string | null,
): Promise<Message> {
  const finished = await readFinished(pool, comparison);
  const chart = await drawComparison(chartUrl, finished).catch((error: unknown) => {
    reportError(error);
    return null;
  });
  const notes = chart === null ? [...finished.notes, 'the chart could not be drawn; the numbers are complete'] : finished.notes;
  return renderComparison({ ...finished, notes, chart, userId });
}

/** A finished comparison with what is shown of its runs. */
export async function readFinished(pool: CardPorts['pool'], comparison: StoredComparison): Promise<FinishedComparison> {
  const { id, guildId, baseRunId, variantRunIds, labels, request, result } = comparison;
  if (result === null) throw new Error(`Comparison ${id} has no result to show`);
  const runs = await readComparedRuns(pool, { runIds: [baseRunId, ...variantRunIds], guildId });
  const runOf = (runId: string): ComparedRun => {
    const run = runs.get(runId);
    if (run === undefined) throw new Error(`Run ${runId} of comparison ${id} is gone`);
    return run;
  };
  const spec = comparisonSpecSchema.parse(request).base;
  const base = runOf(baseRunId);
  const records = spec.strategist === undefined ? [] : await listReplanEvents(pool, baseRunId);
  return {
    comparisonId: id,
    baseRunId,
    base,
    preset: spec.preset,
    strategyId: spec.strategyId,
    planning: planningOf(spec, { records, baseRunId: null, startMs: base.data.start }),
    variants: variantRunIds.map((runId, index) => ({ label: labels[index] ?? '', runId, run: runOf(runId) })),
    summary: result.summary,
    ladder: result.ladder,
    notes: result.notes,
  };
}

/** Longer labels have no room under the picture; there they are called as in the table. */
const LEGEND_CHARACTERS = 24;

async function drawComparison(chartUrl: string, comparison: FinishedComparison): Promise<Attachment> {
  const { comparisonId, variants } = comparison;
  const { heads } = headsOf(variants.map(({ label }) => label));
  const drawn = variants.map((variant, index) =>
    variant.label.length <= LEGEND_CHARACTERS ? variant : { ...variant, label: heads[index] ?? '' },
  );
  const chart = compareChartSpec({ title: answerOfComparison(comparison), variants: drawn });
  const bytes = await drawChart({ baseUrl: chartUrl }, chart.config, CHART_SIZE);
  return { name: `compare-${comparisonId.slice(0, 8)}.png`, bytes, description: chart.altText };
}
