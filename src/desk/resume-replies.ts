import { type REST, Routes } from 'discord.js';
import { toEdit } from '../bot/payload.ts';
import type { FollowedReply } from '../bot/progress.ts';
import { takeOpenReplies } from '../store/run-replies.ts';
import { headingOfRequest } from './known-run.ts';
import type { Desk } from './open-desk.ts';

type Ports = {
  readonly rest: Pick<REST, 'patch'>;
  readonly applicationId: string;
  readonly follow: (reply: FollowedReply) => void;
};

/** Discord takes edits of a reply for 15 minutes. */
const TOKEN_LIFE_MS = 15 * 60_000;

/** Goes on with the replies of a bot that was stopped or killed: they say again where their runs are. Older ones are left as they are. */
export async function resumeReplies({ pool }: Pick<Desk, 'pool'>, { rest, applicationId, follow }: Ports): Promise<void> {
  const replies = await takeOpenReplies(pool, { applicationId, sinceMs: Date.now() - TOKEN_LIFE_MS });
  for (const { runId, request, createdAtMs, reply } of replies) {
    const route = Routes.webhookMessage(applicationId, reply.token, '@original');
    follow({
      runId,
      heading: headingOfRequest(request),
      repliedAtMs: reply.repliedAtMs,
      startedAtMs: createdAtMs,
      edit: async (message) => {
        // The token in the address is the permission; the bot's own would count against its limits.
        await rest.patch(route, { body: toEdit(message), auth: false });
      },
    });
  }
}
