import { type BaseInteraction, type InteractionReplyOptions, MessageFlags } from 'discord.js';
import type { Permission } from '../commands/command.ts';
import type { Refusal } from '../engine/refusal.ts';
import { escapeText } from '../render/escape-text.ts';

/** Discord takes 2 000 characters, and escaping can double a text. */
const REFUSAL_CHARACTERS = 950;

export const OUTSIDE = 'Commands work in a server only; give it in a channel of your server.';

export const DATABASE_AWAY = 'The database is unavailable at the moment; nothing was started. Wait a few seconds and try again.';

/** A refusal as Discord shows it as written. */
export function showRefusal({ message }: Refusal): string {
  return escapeText(message.length <= REFUSAL_CHARACTERS ? message : `${message.slice(0, REFUSAL_CHARACTERS)}… (shortened)`);
}

export function apologise(reference: string): string {
  return `Something broke on our side. Reference: \`${reference}\``;
}

export const OLDER_BUTTON = 'This button is of an older version; give the command again.';

export function needsPermission(what: string, permission: Permission): string {
  return `${what} needs the ${permission} permission, which you do not have; ask an admin of this server.`;
}

type Replying = Pick<BaseInteraction, 'id'> & { readonly reply: (options: InteractionReplyOptions) => Promise<unknown> };

/** The first answer to an interaction that comes to nothing, for the asker alone. */
export async function refuse(interaction: Replying, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}
