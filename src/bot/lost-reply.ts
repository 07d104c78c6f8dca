import { type APIMessage, DiscordAPIError, MessageFlags, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { Message } from '../render/message.ts';
import { withoutToken } from './discord-errors.ts';
import { toEdit } from './payload.ts';
import type { PressedInteraction } from './router-ports.ts';

type Lost = Pick<PressedInteraction, 'applicationId' | 'token' | 'kind'>;

/** The token is dead: only a message of its own in the channel reaches people now. */
export type LostReply = 'told' | 'nobody waits' | 'unreachable';

/** Puts a message where somebody waits for an answer. Nobody waits where there is one, where it was deleted, or where nothing was acknowledged. */
export async function writeLostReply(
  rest: Pick<REST, 'get' | 'patch' | 'post'>,
  { applicationId, token, kind }: Lost,
  message: Message,
): Promise<LostReply> {
  try {
    if (kind === 'button') {
      // The message of a button is not about the press, and only who pressed it waits.
      const body = { content: message.content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } };
      await rest.post(Routes.webhook(applicationId, token), { body, auth: false });
      return 'told';
    }
    const original = Routes.webhookMessage(applicationId, token, '@original');
    // The token in the address is the permission; the bot's own would count against its limits.
    if (!isThinking(await rest.get(original, { auth: false }))) return 'nobody waits';
    await rest.patch(original, { body: toEdit(message), auth: false });
    return 'told';
  } catch (error) {
    if (error instanceof DiscordAPIError && NOBODY_WAITS.includes(error.code)) return 'nobody waits';
    if (error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InvalidWebhookToken) return 'unreachable';
    throw withoutToken(error);
  }
}

/** The reply was deleted, its channel was, or there never was one. */
const NOBODY_WAITS: readonly unknown[] = [
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.UnknownChannel,
];

function isThinking(reply: unknown): boolean {
  const { flags } = reply as Pick<APIMessage, 'flags'>;
  return ((flags ?? 0) & MessageFlags.Loading) !== 0;
}
