import type { APIEmbed } from 'discord.js';

export type Attachment = {
  /** Letters, digits, `_`, `-` and `.` only. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Alt text: what the picture says. */
  readonly description: string;
};

/** What a command or an alert says, before anybody sends it. */
export type Message = {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly files: readonly Attachment[];
  /** Ids of the users whom the content may ping; nobody else is pinged, whatever the text says. */
  readonly mentionedUserIds: readonly string[];
};

export function textMessage(content: string): Message {
  return { content, embeds: [], files: [], mentionedUserIds: [] };
}
