import { type REST, type RESTPostAPIChannelMessageResult, Routes } from 'discord.js';
import { type Message, textMessage } from '../render/message.ts';
import { type ClaimedMessage, nonceOf } from '../store/outbox.ts';
import { mayHaveBeenAccepted, neverSucceeds } from './discord-errors.ts';
import { findSentMessage } from './find-sent.ts';
import { toPost } from './payload.ts';
import { markPossibleRepeat, shortIdOf, signMessage } from './short-id.ts';

/** What became of one attempt to deliver a message. */
export type Delivery =
  | { readonly kind: 'sent'; readonly messageId: string }
  | { readonly kind: 'retry'; readonly error: unknown; readonly mayHaveBeenSent: boolean }
  | { readonly kind: 'given-up'; readonly error: unknown };

/** The message of a row; null when what it tells of is gone. */
export type Compose = (claimed: ClaimedMessage) => Promise<Message | null>;

type Deps = {
  readonly rest: Pick<REST, 'get' | 'post'>;
  readonly botUserId: string;
  readonly compose: Compose;
  readonly reportError: (error: unknown) => void;
};

/** A message that cannot be drawn must not hold up its channel for ever. */
const COMPOSE_ATTEMPTS = 5;

/** Brings messages to their channels, each at most once as far as Discord lets us know. */
export function createDelivery({ rest, botUserId, compose, reportError }: Deps) {
  const failuresById = new Map<string, number>();

  return async function deliver(claimed: ClaimedMessage, signal: AbortSignal): Promise<Delivery> {
    const found = claimed.mayHaveBeenSent ? await lookFor(claimed, signal) : null;
    if (found !== null && found !== 'unreadable') return { kind: 'sent', messageId: found.messageId };

    const composed = await tryCompose(claimed);
    if (composed.kind !== 'composed') return composed;
    const message = found === 'unreadable' ? markPossibleRepeat(composed.message) : composed.message;
    return post(claimed, signMessage(message, shortIdOf(claimed.id)), signal);
  };

  async function lookFor(claimed: ClaimedMessage, signal: AbortSignal): Promise<{ readonly messageId: string } | 'unreadable' | null> {
    const { id, channelId, createdAtMs } = claimed;
    try {
      const messageId = await findSentMessage({ rest, botUserId, channelId, shortId: shortIdOf(id), createdAtMs, signal });
      return messageId === null ? null : { messageId };
    } catch (error) {
      reportError(new Error(`The history of channel ${channelId} cannot be read; message ${id} may be sent twice.`, { cause: error }));
      return 'unreadable';
    }
  }

  async function tryCompose(claimed: ClaimedMessage): Promise<Delivery | { readonly kind: 'composed'; readonly message: Message }> {
    try {
      const message = await compose(claimed);
      failuresById.delete(claimed.id);
      if (message === null) return { kind: 'given-up', error: new Error(`What message ${claimed.id} tells of is gone.`) };
      return { kind: 'composed', message };
    } catch (error) {
      const failures = (failuresById.get(claimed.id) ?? 0) + 1;
      failuresById.set(claimed.id, failures);
      if (failures < COMPOSE_ATTEMPTS) return { kind: 'retry', error, mayHaveBeenSent: false };
      failuresById.delete(claimed.id);
      reportError(
        new Error(`Message ${claimed.id} could not be composed ${failures} times; an apology is sent instead.`, { cause: error }),
      );
      return {
        kind: 'composed',
        message: textMessage(`Something broke on our side while this message was made. Reference: \`${claimed.id}\``),
      };
    }
  }

  async function post({ id, channelId }: ClaimedMessage, message: Message, signal: AbortSignal): Promise<Delivery> {
    try {
      const { body, files } = toPost(message, nonceOf(id));
      const sent = (await rest.post(Routes.channelMessages(channelId), { body, files, signal })) as RESTPostAPIChannelMessageResult;
      return { kind: 'sent', messageId: sent.id };
    } catch (error) {
      if (neverSucceeds(error)) return { kind: 'given-up', error };
      return { kind: 'retry', error, mayHaveBeenSent: mayHaveBeenAccepted(error) };
    }
  }
}
