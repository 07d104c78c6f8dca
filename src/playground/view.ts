import { isEmbedded } from './attachments.ts';
import { current, FLAGS } from './messages.ts';
import { PATIENCE_MS, waitFor } from './wait.ts';
import type { Attachment, Message, Pings, Revision, User, World } from './world.ts';

export type ViewedAttachment = Attachment & { readonly inEmbed: boolean };

export type ViewedRevision = Omit<Revision, 'attachments'> & { readonly attachments: readonly ViewedAttachment[] };

/** A message as people see it now, with everything it was before. */
export type MessageView = ViewedRevision & {
  readonly id: string;
  readonly channelId: string;
  readonly author: User;
  readonly createdAtMs: number;
  /** Only the member who gave the command sees it. */
  readonly ephemeral: boolean;
  readonly silent: boolean;
  readonly pings: Pings;
  readonly nonce: string | number | null;
  readonly repliesToId: string | null;
  /** The command this answers, if it does. */
  readonly answers: { readonly interactionId: string; readonly user: User; readonly typed: string; readonly first: boolean } | null;
  /** Every state since it was sent, oldest first; the last is the present one. */
  readonly revisions: readonly ViewedRevision[];
};

export type ChannelView = {
  readonly id: string;
  readonly name: string;
  /** All messages, oldest first, also the ephemeral ones of every member. */
  readonly messages: readonly MessageView[];
  /** The first message that fits, at once or as soon as it is sent or edited. */
  readonly waitForMessage: (fits: (message: MessageView) => boolean, timeoutMs?: number) => Promise<MessageView>;
  /** Name behind a mention's id: user, role or channel. */
  readonly nameOf: (id: string) => string | null;
};

export function viewMessage(message: Message): MessageView {
  const { id, channelId, author, ephemeral, pings, nonce, repliesToId, interaction } = message;
  return {
    ...viewRevision(current(message)),
    id,
    channelId,
    author,
    createdAtMs: message.revisions[0]?.atMs ?? current(message).atMs,
    ephemeral,
    silent: (message.flags & FLAGS.suppressNotifications) !== 0,
    pings,
    nonce,
    repliesToId,
    answers: interaction && {
      interactionId: interaction.id,
      user: interaction.user,
      typed: interaction.typed,
      first: interaction.originalId === id,
    },
    revisions: message.revisions.map(viewRevision),
  };
}

export function viewChannel(world: World, channelId: string): ChannelView {
  const channel = world.channels.get(channelId);
  if (channel === undefined) throw new Error(`There is no channel ${channelId}; use an id that addChannel returned.`);
  const read = () => (world.messages.get(channelId) ?? []).map(viewMessage);
  return {
    id: channel.id,
    name: channel.name,
    get messages() {
      return read();
    },
    waitForMessage: (fits, timeoutMs = PATIENCE_MS) =>
      waitFor(world, () => read().find(fits) ?? null, { timeoutMs, what: `a fitting message in #${channel.name}` }),
    nameOf: (id) =>
      world.users.get(id)?.name ?? world.guilds.get(channel.guildId)?.roles.get(id)?.name ?? world.channels.get(id)?.name ?? null,
  };
}

function viewRevision(revision: Revision): ViewedRevision {
  const attachments = revision.attachments.map((attachment) => ({ ...attachment, inEmbed: isEmbedded(attachment, revision.embeds) }));
  return { ...revision, attachments };
}
