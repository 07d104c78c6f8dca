import { isEmbedded, referencedName } from './attachments.ts';
import { INTERACTION_TYPES } from './interaction-payload.ts';
import type { Embed } from './message-form.ts';
import { current, FLAGS } from './messages.ts';
import { isoTime, userJson } from './wire.ts';
import type { Attachment, Interaction, Message, World } from './world.ts';

/** A message as the bot reads it. */
export function messageJson(world: World, message: Message) {
  const { embeds, components, attachments, content, atMs, loading } = current(message);
  const { interaction, author, pings } = message;
  // Without the message content intent a bot reads only its own messages and those that name it.
  const readable = author.id === world.bot.id || pings.users.includes(world.bot.id);
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: userJson(author),
    content: readable ? content : '',
    embeds: readable ? embeds.map((embed) => embedJson(embed, attachments)) : [],
    components: readable ? components : [],
    attachments: readable ? attachments.filter((attachment) => !isEmbedded(attachment, embeds)).map(attachmentJson) : [],
    timestamp: isoTime(message.revisions[0]?.atMs ?? atMs),
    edited_timestamp: message.revisions.length > 1 ? isoTime(atMs) : null,
    flags: message.flags | (loading ? FLAGS.loading : 0),
    mentions: pings.users.flatMap((id) => world.users.get(id) ?? []).map(userJson),
    mention_roles: pings.roles,
    mention_everyone: pings.everyone,
    pinned: false,
    tts: false,
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.repliesToId === null
      ? {}
      : { message_reference: { type: 0, message_id: message.repliesToId, channel_id: message.channelId } }),
    ...(interaction === null
      ? {}
      : {
          webhook_id: world.bot.id,
          application_id: world.bot.id,
          interaction_metadata: interactionMetadata(interaction),
        }),
  };
}

/** What a message says of the interaction it answers; of a modal also what opened it. */
function interactionMetadata({ id, kind, user, guildId, sourceId, openedBy }: Interaction): unknown {
  return {
    id,
    type: INTERACTION_TYPES[kind],
    user: userJson(user),
    authorizing_integration_owners: { 0: guildId },
    ...(kind === 'component' && sourceId !== null ? { interacted_message_id: sourceId } : {}),
    ...(openedBy === null ? {} : { triggering_interaction_metadata: interactionMetadata(openedBy) }),
  };
}

export function attachmentJson({ id, name, bytes, contentType, description, url }: Attachment) {
  const told = description === null ? {} : { description };
  return { id, filename: name, size: bytes.byteLength, content_type: contentType, url, proxy_url: url, ...told, ...pngSize(bytes) };
}

function embedJson(embed: Embed, attachments: readonly Attachment[]) {
  const resolve = (url: string) => {
    const name = referencedName(url);
    return attachments.findLast((attachment) => attachment.name === name)?.url ?? url;
  };
  const withIcon = <T extends { readonly icon_url?: string | null | undefined }>(line: T) =>
    line.icon_url ? { ...line, icon_url: resolve(line.icon_url) } : line;
  return {
    ...embed,
    type: 'rich',
    ...(embed.image ? { image: { url: resolve(embed.image.url) } } : {}),
    ...(embed.thumbnail ? { thumbnail: { url: resolve(embed.thumbnail.url) } } : {}),
    ...(embed.author ? { author: withIcon(embed.author) } : {}),
    ...(embed.footer ? { footer: withIcon(embed.footer) } : {}),
  };
}

/** A PNG says its size at a fixed place. */
function pngSize(bytes: Uint8Array): { readonly width?: number; readonly height?: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 24 || view.getUint32(0) !== 0x89504e47) return {};
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
