import type { DeskPorts } from '../commands/ports.ts';
import { countKeptSeries, listKeptSeries } from '../store/kept-series.ts';
import { countRuns, findRunsByPrefix, listRuns } from '../store/run-list.ts';
import { findRun } from '../store/runs.ts';
import { cancelRun } from './cancel-run.ts';
import type { ImportAttachments } from './import-attachments.ts';
import { readKnownRun } from './known-run.ts';
import type { SymbolMemory } from './known-symbols.ts';
import type { Desk } from './open-desk.ts';
import { type Acknowledged, readStatus } from './read-status.ts';
import { requestFetch } from './request-fetch.ts';
import { composeRunCard } from './run-card.ts';
import { type Requester, submitRun } from './submit-run.ts';

type Around = {
  readonly chartUrl: string;
  readonly symbols: SymbolMemory;
  readonly imports: ImportAttachments;
  readonly acknowledged: () => Acknowledged;
};

/** What the desk does for one asker: everything is of the asker's guild. */
export function deskPorts(desk: Desk, { chartUrl, symbols, imports, acknowledged }: Around, asker: Requester): DeskPorts {
  const { pool } = desk;
  const { guildId, userId } = asker;
  const readRun: DeskPorts['readRun'] = (runId) => readKnownRun(pool, { runId, guildId });
  return {
    submitBacktest: (asked) => submitRun(desk, asked, asker),
    countRuns: () => countRuns(pool, guildId),
    listRuns: (slice) => listRuns(pool, { guildId, ...slice }),
    findRuns: (prefix, limit) => findRunsByPrefix(pool, { guildId, prefix, limit }),
    readRun,
    composeCard: async (runId) => {
      const run = await findRun(pool, { id: runId, guildId });
      if (run === null) throw new Error(`Run ${runId} is gone`);
      return composeRunCard({ pool, chartUrl, reportError: desk.reportError }, run, null);
    },
    cancelRun: async (runId) => {
      if (await cancelRun(desk, { runId, guildId, userId: userId ?? guildId })) return { kind: 'cancelled-now' };
      const run = await readRun(runId);
      if (run === null) throw new Error(`Run ${runId} is gone`);
      return { kind: 'over', run };
    },
    countSeries: () => countKeptSeries(pool, guildId),
    listSeries: (slice) => listKeptSeries(pool, { guildId, ...slice }),
    knownSymbols: () => symbols.of(guildId),
    importCandles: (request) => imports(guildId, request).finally(() => symbols.forget(guildId)),
    requestFetch: (fetch) => requestFetch(desk, fetch, asker),
    readStatus: () => readStatus(desk, guildId, acknowledged()),
  };
}
