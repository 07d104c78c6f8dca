import type { APIEmbed } from 'discord.js';
import type { Button } from './button.ts';
import type { Select } from './select.ts';

export type Attachment = {
  /** Letters, digits, `_`, `-` and `.` only. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Alt text: what the picture says, or what is in the file. */
  readonly description: string;
};

/** What a command or an alert says, before anybody sends it. */
export type Message = {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly files: readonly Attachment[];
  /** A row each, above the buttons. */
  readonly selects: readonly Select[];
  /** Under the message: up to five in one row, more in rows of three. */
  readonly buttons: readonly Button[];
  /** Ids of the users whom the content may ping; nobody else is pinged, whatever the text says. */
  readonly mentionedUserIds: readonly string[];
};

export function textMessage(content: string): Message {
  return { content, embeds: [], files: [], selects: [], buttons: [], mentionedUserIds: [] };
}
