import type { DeskPorts } from '../commands/ports.ts';
import type { WorkKind } from '../engine/work.ts';
import { findComparison, findComparisonsByPrefix } from '../store/comparisons.ts';
import { countKeptSeries, listKeptSeries } from '../store/kept-series.ts';
import { countReplans, countWalkAways, listReplans, listWalkAways } from '../store/run-events.ts';
import { countRuns, findRunsByPrefix, listRuns } from '../store/run-list.ts';
import { findRun } from '../store/runs.ts';
import { againPorts } from './again-ports.ts';
import { cancelWork } from './cancel-work.ts';
import { composeComparisonCard, readFinished } from './comparison-card.ts';
import { guildPorts } from './guild-ports.ts';
import type { GuildViews } from './guild-views.ts';
import type { ImportAttachments } from './import-attachments.ts';
import { readKnownComparison } from './known-comparison.ts';
import { readKnownFetch } from './known-fetch.ts';
import { readKnownRun } from './known-run.ts';
import type { SymbolMemory } from './known-symbols.ts';
import type { Desk } from './open-desk.ts';
import type { PlanningNow } from './plan-now.ts';
import { planningPorts } from './planning-ports.ts';
import { type Acknowledged, readStatus } from './read-status.ts';
import type { RunAgain } from './run-again.ts';
import { composeRunCard } from './run-card.ts';
import { submitComparison } from './submit-comparison.ts';
import { submitFetch } from './submit-fetch.ts';
import { submitRun } from './submit-run.ts';
import type { Requester } from './submit-work.ts';

type Around = {
  readonly chartUrl: string;
  readonly symbols: SymbolMemory;
  readonly imports: ImportAttachments;
  readonly acknowledged: () => Acknowledged;
  readonly guilds: Pick<GuildViews, 'refresh' | 'change'>;
  readonly again: RunAgain;
  readonly planningNow: PlanningNow;
};

/** What the desk does for one asker: everything is of the asker's guild. */
export function deskPorts(
  desk: Desk,
  { chartUrl, symbols, imports, acknowledged, guilds, again, planningNow }: Around,
  asker: Requester,
): DeskPorts {
  const { pool } = desk;
  const { guildId, userId } = asker;
  const readRun: DeskPorts['readRun'] = (runId) => readKnownRun(pool, { runId, guildId });
  const reading = {
    run: readRun,
    fetch: (id) => readKnownFetch(pool, { id, guildId }),
    comparison: (id) => readKnownComparison(pool, { id, guildId }),
  } as const satisfies Record<WorkKind, (id: string) => ReturnType<DeskPorts['readWork']>>;
  const readWork: DeskPorts['readWork'] = ({ kind, id }) => reading[kind](id);
  return {
    submitBacktest: (asked) => submitRun(desk, asked, asker),
    submitComparison: (asked) => submitComparison(desk, asked, asker),
    countRuns: () => countRuns(pool, guildId),
    listRuns: (slice) => listRuns(pool, { guildId, ...slice }),
    findRuns: (prefix, limit) => findRunsByPrefix(pool, { guildId, prefix, limit }),
    readRun,
    composeCard: async (runId) => {
      const run = await findRun(pool, { id: runId, guildId });
      if (run === null) throw new Error(`Run ${runId} is gone`);
      return composeRunCard({ pool, chartUrl, reportError: desk.reportError }, run, null);
    },
    findComparisons: (prefix, limit) => findComparisonsByPrefix(pool, { guildId, prefix, limit }),
    readComparison: async (id) => {
      const comparison = await findComparison(pool, { id, guildId });
      return comparison === null || comparison.result === null ? null : readFinished(pool, comparison);
    },
    composeComparison: async (id) => {
      const comparison = await findComparison(pool, { id, guildId });
      if (comparison === null) throw new Error(`Comparison ${id} is gone`);
      return composeComparisonCard({ pool, chartUrl, reportError: desk.reportError }, comparison, null);
    },
    ...againPorts({ pool, again, chartUrl, reportError: desk.reportError }, guildId),
    ...planningPorts({ pool, access: desk.config, planningNow }, guildId),
    readWork,
    cancelWork: async (work) => {
      if (await cancelWork(desk, { work, guildId, userId: userId ?? guildId })) return { kind: 'cancelled-now' };
      const known = await readWork(work);
      if (known === null) throw new Error(`The ${work.kind} ${work.id} is gone`);
      return { kind: 'over', known };
    },
    countSeries: () => countKeptSeries(pool, guildId),
    listSeries: (slice) => listKeptSeries(pool, { guildId, ...slice }),
    knownSymbols: () => symbols.of(guildId),
    importCandles: (request) => imports(guildId, request).finally(() => symbols.forget(guildId)),
    submitFetch: (fetch) => submitFetch(desk, fetch, asker),
    countWalkAways: () => countWalkAways(pool, guildId),
    listWalkAways: (slice) => listWalkAways(pool, { guildId, ...slice }),
    countReplans: () => countReplans(pool, guildId),
    listReplans: (slice, trigger) => listReplans(pool, { guildId, trigger, ...slice }),
    ...guildPorts(desk, guilds, { guildId, userId: userId ?? guildId }),
    readStatus: () => readStatus(desk, guildId, acknowledged()),
  };
}
