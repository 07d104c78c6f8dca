import { fetchOutcomeSchema } from '../jobs/fetch-candles.job.ts';
import { renderFetchEnd } from '../render/fetched.ts';
import type { Message } from '../render/message.ts';
import { renderRunEnd } from '../render/run-end.ts';
import type { ClaimedMessage } from '../store/outbox.ts';
import { findRun } from '../store/runs.ts';
import { RUN_ENDED } from './end-run.ts';
import { type CardPorts, composeRunCard } from './run-card.ts';
import { runEndOf } from './run-notices.ts';
import { CANDLES_FETCHED } from './start-fetch-worker.ts';

/** The message of an outbox row; null when what it tells of is gone. */
export async function composeMessage(ports: CardPorts, { kind, runId, guildId, payload }: ClaimedMessage): Promise<Message | null> {
  if (kind === CANDLES_FETCHED) return renderFetchEnd(fetchOutcomeSchema.parse(payload));
  if (kind === RUN_ENDED && runId !== null) return composeRunEnd(ports, { runId, guildId });
  throw new Error(`Nobody knows how to write a message of kind ${kind}`);
}

async function composeRunEnd(
  ports: CardPorts,
  { runId, guildId }: { readonly runId: string; readonly guildId: string },
): Promise<Message | null> {
  const run = await findRun(ports.pool, { id: runId, guildId });
  const end = run === null ? null : runEndOf(run);
  if (run === null || end === null) return null;
  if (end.kind === 'done') return composeRunCard(ports, run, run.requestedBy);
  return renderRunEnd({ runId: run.id, userId: run.requestedBy, end });
}
