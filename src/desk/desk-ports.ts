import type { DeskPorts } from '../commands/ports.ts';
import { countKeptSeries, listKeptSeries } from '../store/kept-series.ts';
import { countRuns, findRunsByPrefix, listRuns } from '../store/run-list.ts';
import { findRun } from '../store/runs.ts';
import { cancelWork } from './cancel-work.ts';
import { guildPorts } from './guild-ports.ts';
import type { GuildViews } from './guild-views.ts';
import type { ImportAttachments } from './import-attachments.ts';
import { readKnownFetch } from './known-fetch.ts';
import { readKnownRun } from './known-run.ts';
import type { SymbolMemory } from './known-symbols.ts';
import type { Desk } from './open-desk.ts';
import { type Acknowledged, readStatus } from './read-status.ts';
import { composeRunCard } from './run-card.ts';
import { submitFetch } from './submit-fetch.ts';
import { submitRun } from './submit-run.ts';
import type { Requester } from './submit-work.ts';

type Around = {
  readonly chartUrl: string;
  readonly symbols: SymbolMemory;
  readonly imports: ImportAttachments;
  readonly acknowledged: () => Acknowledged;
  readonly guilds: Pick<GuildViews, 'refresh'>;
};

/** What the desk does for one asker: everything is of the asker's guild. */
export function deskPorts(desk: Desk, { chartUrl, symbols, imports, acknowledged, guilds }: Around, asker: Requester): DeskPorts {
  const { pool } = desk;
  const { guildId, userId } = asker;
  const readRun: DeskPorts['readRun'] = (runId) => readKnownRun(pool, { runId, guildId });
  const readWork: DeskPorts['readWork'] = ({ kind, id }) => (kind === 'run' ? readRun(id) : readKnownFetch(pool, { id, guildId }));
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
    ...guildPorts(desk, guilds, { guildId, userId: userId ?? guildId }),
    readStatus: () => readStatus(desk, guildId, acknowledged()),
  };
}
