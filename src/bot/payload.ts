import type { InteractionEditReplyOptions, RawFile, RESTPostAPIChannelMessageJSONBody } from 'discord.js';
import type { Message } from '../render/message.ts';

/** A message as the text of a reply; pictures of earlier texts go. */
export function toReply({ content, embeds, files, mentionedUserIds }: Message): InteractionEditReplyOptions {
  return {
    content,
    embeds,
    attachments: [],
    files: files.map(({ name, bytes, description }) => ({ attachment: Buffer.from(bytes), name, description })),
    allowedMentions: { parse: [], users: mentionedUserIds },
  };
}

type Post = { readonly body: RESTPostAPIChannelMessageJSONBody; readonly files: RawFile[] };

/** A message as a post of its own. Discord keeps one message for a nonce, however often it arrives within minutes. */
export function toPost({ content, embeds, files, mentionedUserIds }: Message, nonce: string): Post {
  return {
    body: {
      content,
      embeds: [...embeds],
      attachments: files.map(({ name, description }, index) => ({ id: index, filename: name, description })),
      allowed_mentions: { parse: [], users: [...mentionedUserIds] },
      nonce,
      enforce_nonce: true,
    },
    files: files.map(({ name, bytes }) => ({ name, data: bytes })),
  };
}
