import { refuse } from './api-error.ts';
import { attach, checkReferences, type UploadedFile } from './attachments.ts';
import { invalidForm, parseForm } from './form.ts';
import { NONCE_MEMORY_MS, OLD_MESSAGE } from './limits.ts';
import { findPings, NO_PINGS } from './mentions.ts';
import { type MessageForm, messageSchema } from './message-form.ts';
import type { Interaction, Message, Revision, User, World } from './world.ts';

export const FLAGS = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, loading: 1 << 7, suppressNotifications: 1 << 12 } as const;
export const MESSAGE_TYPES = { ordinary: 0, reply: 19, command: 20 } as const;

const SENDABLE_FLAGS = FLAGS.suppressEmbeds | FLAGS.ephemeral | FLAGS.suppressNotifications;

type Sending = {
  readonly channelId: string;
  readonly author: User;
  readonly type: number;
  /** Null for an ordinary message of a channel. */
  readonly interaction: Interaction | null;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
};

/** Posts a message, or finds the one that was posted with the same enforced nonce a little earlier. */
export function sendMessage(world: World, { channelId, author, type, interaction, body, files }: Sending): Message {
  const form = parseForm(messageSchema, body);
  const enforced = interaction === null && form.enforce_nonce === true;
  const earlier = enforced ? findByNonce(world, channelId, author, form.nonce ?? null) : null;
  if (earlier !== null) return earlier;

  const repliesTo = findReplied(world, channelId, form);
  const revision = revise(world, channelId, null, form, files);
  const ephemeral = interaction !== null && ((form.flags ?? 0) & FLAGS.ephemeral) !== 0;
  const pings = findPings(world, {
    author,
    channelId,
    content: revision.content,
    allowed: form.allowed_mentions ?? null,
    byDefault: interaction === null ? ['users', 'roles', 'everyone'] : ['users'],
    repliesTo,
  });
  return post(world, {
    id: world.newId(),
    channelId,
    author,
    type: repliesTo === null ? type : MESSAGE_TYPES.reply,
    flags: (form.flags ?? 0) & (ephemeral ? SENDABLE_FLAGS : SENDABLE_FLAGS & ~FLAGS.ephemeral),
    nonce: form.nonce ?? null,
    repliesToId: repliesTo?.id ?? null,
    interaction,
    ephemeral,
    pings: ephemeral ? NO_PINGS : pings,
    revisions: [revision],
  });
}

/** The "… is thinking" of a deferred answer: a message that waits for its text. */
export function postLoading(world: World, interaction: Interaction, ephemeral: boolean): Message {
  const { channelId } = interaction;
  const flags = ephemeral ? FLAGS.ephemeral : 0;
  const revision = { atMs: world.clock(), content: '', embeds: [], components: [], attachments: [], loading: true };
  return post(world, {
    id: world.newId(),
    channelId,
    author: world.bot,
    type: MESSAGE_TYPES.command,
    flags,
    nonce: null,
    repliesToId: null,
    interaction,
    ephemeral,
    pings: NO_PINGS,
    revisions: [revision],
  });
}

/** Edits never ping, and an old message takes only a few of them. */
export function editMessage(world: World, message: Message, body: unknown, files: readonly UploadedFile[]): Message {
  const form = parseForm(messageSchema, body);
  const revision = revise(world, message.channelId, current(message), form, files);
  countOldEdit(world, message);
  message.revisions.push(revision);
  world.announceChange();
  return message;
}

export function deleteMessage(world: World, message: Message): void {
  const messages = world.messages.get(message.channelId) ?? [];
  world.messages.set(
    message.channelId,
    messages.filter((other) => other !== message),
  );
  world.announceChange();
}

export function findMessage(world: World, channelId: string, id: string | null): Message {
  const message = world.messages.get(channelId)?.find((candidate) => candidate.id === id);
  if (message === undefined) throw refuse('unknownMessage');
  return message;
}

export function current(message: Message): Revision {
  const revision = message.revisions.at(-1);
  if (revision === undefined) throw new Error(`Message ${message.id} has no revision.`);
  return revision;
}

function post(world: World, message: Message): Message {
  const messages = world.messages.get(message.channelId);
  if (messages === undefined) throw refuse('unknownChannel');
  messages.push(message);
  world.announceChange();
  return message;
}

function revise(world: World, channelId: string, earlier: Revision | null, form: MessageForm, files: readonly UploadedFile[]): Revision {
  const pick = <T>(given: T | null | undefined, before: T | undefined, nothing: T) =>
    given === undefined ? (before ?? nothing) : (given ?? nothing);
  const listed = form.attachments === null ? [] : (form.attachments ?? null);
  const revision = {
    atMs: world.clock(),
    content: pick(form.content, earlier?.content, ''),
    embeds: pick(form.embeds, earlier?.embeds.slice(), []),
    components: pick(form.components, earlier?.components.slice(), []),
    attachments: attach(world, { channelId, listed, files, earlier: earlier?.attachments ?? [] }),
    loading: false,
  };
  checkReferences(revision.embeds, revision.attachments);
  const { content, embeds, components, attachments } = revision;
  if (content === '' && embeds.length + components.length + attachments.length === 0) throw refuse('emptyMessage');
  return revision;
}

function findByNonce(world: World, channelId: string, author: User, nonce: string | number | null): Message | null {
  if (nonce === null) return null;
  const sinceMs = world.clock() - NONCE_MEMORY_MS;
  const isSame = (message: Message) =>
    String(message.nonce) === String(nonce) && message.author.id === author.id && (message.revisions[0]?.atMs ?? 0) >= sinceMs;
  return world.messages.get(channelId)?.find(isSame) ?? null;
}

function findReplied(world: World, channelId: string, { message_reference: reference }: MessageForm): Message | null {
  if (!reference) return null;
  const message = world.messages.get(channelId)?.find(({ id, ephemeral }) => id === reference.message_id && !ephemeral);
  if (message !== undefined) return message;
  if (reference.fail_if_not_exists === false) return null;
  throw invalidForm([{ path: ['message_reference'], code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' }]);
}

function countOldEdit(world: World, { channelId, revisions }: Message): void {
  const nowMs = world.clock();
  if (nowMs - (revisions[0]?.atMs ?? nowMs) <= OLD_MESSAGE.ageMs) return;
  const recent = (world.oldEditsAtMs.get(channelId) ?? []).filter((atMs) => atMs > nowMs - OLD_MESSAGE.windowMs);
  const oldest = recent[0];
  if (recent.length >= OLD_MESSAGE.edits && oldest !== undefined) {
    throw refuse('tooManyOldEdits', { retryAfterMs: oldest + OLD_MESSAGE.windowMs - nowMs });
  }
  world.oldEditsAtMs.set(channelId, [...recent, nowMs]);
}
