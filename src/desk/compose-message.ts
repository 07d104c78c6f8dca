import { renderFetched } from '../render/fetched.ts';
import { renderLostPress } from '../render/lost-press.ts';
import type { Message } from '../render/message.ts';
import { renderFruitlessEnd } from '../render/work-end.ts';
import { findComparison } from '../store/comparisons.ts';
import { findFetch } from '../store/fetches.ts';
import type { ClaimedMessage } from '../store/outbox.ts';
import type { Pool } from '../store/pool.ts';
import { lostPressSchema, PRESS_LOST } from '../store/pressed-interactions.ts';
import { findRun } from '../store/runs.ts';
import { composeComparisonCard } from './comparison-card.ts';
import { ENDED } from './end-work.ts';

import { type CardPorts, composeRunCard } from './run-card.ts';
import { workEndOf } from './work-progress.ts';

/** The message of an outbox row; null when what it tells of is gone. */
export async function composeMessage(ports: CardPorts, { kind, id, guildId, payload }: ClaimedMessage): Promise<Message | null> {
  if (kind === ENDED.run) return composeRunEnd(ports, { id, guildId });
  if (kind === ENDED.comparison) return composeComparisonEnd(ports, { id, guildId });
  if (kind === ENDED.fetch) return composeFetchEnd(ports.pool, { id, guildId });
  if (kind === PRESS_LOST) return composeLostPress(payload);
  throw new Error(`Nobody knows how to write a message of kind ${kind}`);
}

function composeLostPress(payload: unknown): Message {
  const { userId, ...lost } = lostPressSchema.parse(payload);
  return renderLostPress(lost, userId);
}

type Wanted = { readonly id: string; readonly guildId: string };

async function composeRunEnd(ports: CardPorts, wanted: Wanted): Promise<Message | null> {
  const run = await findRun(ports.pool, wanted);
  const end = run === null ? null : workEndOf(run);
  if (run === null || end === null) return null;
  if (end.kind === 'done') return composeRunCard(ports, run, run.requestedBy);
  return renderFruitlessEnd({ work: { kind: 'run', id: run.id }, userId: run.requestedBy, end });
}

async function composeComparisonEnd(ports: CardPorts, wanted: Wanted): Promise<Message | null> {
  const comparison = await findComparison(ports.pool, wanted);
  const end = comparison === null ? null : workEndOf(comparison);
  if (comparison === null || end === null) return null;
  if (end.kind === 'done') return composeComparisonCard(ports, comparison, comparison.requestedBy);
  return renderFruitlessEnd({ work: { kind: 'comparison', id: comparison.id }, userId: comparison.requestedBy, end });
}

/** What became of a fetch, for whoever asked for it; null while it goes on, or when it is gone. */
export async function composeFetchEnd(pool: Pool, wanted: Wanted): Promise<Message | null> {
  const fetch = await findFetch(pool, wanted);
  const end = fetch === null ? null : workEndOf(fetch);
  if (fetch === null || end === null) return null;
  const { requestedBy: userId, symbol, timeframe, market, newBars, hasFunding } = fetch;
  if (end.kind !== 'done') return renderFruitlessEnd({ work: { kind: 'fetch', id: fetch.id }, userId, end });
  return renderFetched({ userId, symbol, timeframe, newBars, market: market ?? '', hasFunding: hasFunding === true });
}
