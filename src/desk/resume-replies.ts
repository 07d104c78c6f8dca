import { type REST, Routes } from 'discord.js';
import { toEdit } from '../bot/payload.ts';
import type { FollowedReply } from '../bot/progress.ts';
import { WORK_KINDS, type Work } from '../engine/work.ts';
import { fetchHeading } from '../render/fetched.ts';
import { findFetch } from '../store/fetches.ts';
import type { Pool } from '../store/pool.ts';
import { takeOpenReplies } from '../store/work-replies.ts';
import { readRequest } from '../store/work-requests.ts';
import { headingOfComparison } from './known-comparison.ts';
import { headingOfRequest } from './known-run.ts';
import type { Desk } from './open-desk.ts';

type Ports = {
  readonly rest: Pick<REST, 'patch'>;
  readonly applicationId: string;
  readonly follow: (reply: FollowedReply) => void;
};

/** Discord takes edits of a reply for 15 minutes. */
const TOKEN_LIFE_MS = 15 * 60_000;

/** Goes on with the replies of a bot that was stopped or killed: they say again where their work is. Older ones are left as they are. */
export async function resumeReplies({ pool }: Pick<Desk, 'pool'>, { rest, applicationId, follow }: Ports): Promise<void> {
  const sinceMs = Date.now() - TOKEN_LIFE_MS;
  const replies = await Promise.all(WORK_KINDS.map((kind) => takeOpenReplies(pool, { kind, applicationId, sinceMs })));
  for (const { work, createdAtMs, reply } of replies.flat()) {
    const route = Routes.webhookMessage(applicationId, reply.token, '@original');
    follow({
      work,
      heading: await readHeading(pool, work),
      repliedAtMs: reply.repliedAtMs,
      startedAtMs: createdAtMs,
      isQueueAway: false,
      edit: async (message) => {
        // The token in the address is the permission; the bot's own would count against its limits.
        await rest.patch(route, { body: toEdit(message), auth: false });
      },
    });
  }
}

async function readHeading(pool: Pool, { kind, id, guildId }: Work & { readonly guildId: string }): Promise<string> {
  if (kind === 'run') return headingOfRequest(await readRequest(pool, { kind, id }));
  if (kind === 'comparison') return headingOfComparison(await readRequest(pool, { kind, id }));
  const fetch = await findFetch(pool, { id, guildId });
  return fetch === null ? '**Fetch**' : fetchHeading(fetch);
}
