import type { BaseInteraction, ChatInputCommandInteraction } from 'discord.js';
import type { Asker } from '../commands/command.ts';
import { type Captioned, captionOf, typedText } from './asked-text.ts';
import type { Pressed } from './permissions.ts';
import type { PressedInteraction, ReplyAddress, RouterPorts } from './router-ports.ts';

type Asking = Pick<BaseInteraction, 'guildId' | 'channelId' | 'user' | 'createdTimestamp'> & Pressed;

/** Who asks, by what came with the interaction; null outside a server. */
export function askerOf(interaction: Asking, mayUse: RouterPorts['mayUse']): Asker | null {
  const { guildId, channelId, user, createdTimestamp } = interaction;
  if (guildId === null || channelId === null) return null;
  return { guildId, channelId, userId: user.id, requestedAtMs: createdTimestamp, isAdmin: mayUse(interaction, 'admin') };
}

export function replyAddressOf({ id, applicationId, token, createdTimestamp }: BaseInteraction): ReplyAddress {
  return { interactionId: id, applicationId, token, repliedAtMs: createdTimestamp };
}

/** What is written down of a press. */
export function pressOf(interaction: ChatInputCommandInteraction | Captioned, asker: Asker): PressedInteraction {
  const { interactionId, applicationId, token, repliedAtMs } = replyAddressOf(interaction);
  const { guildId, channelId, userId } = asker;
  const asked = interaction.isChatInputCommand()
    ? ({ kind: 'command', asked: typedText(interaction) } as const)
    : ({ kind: 'button', asked: captionOf(interaction) } as const);
  return { interactionId, applicationId, token, guildId, channelId, userId, ...asked, pressedAtMs: repliedAtMs };
}

/** How long ago an interaction was made. Discord's clock and ours need not agree, and nothing is answered before it is asked. */
export function afterMs({ createdTimestamp }: Pick<BaseInteraction, 'createdTimestamp'>, nowMs: number): number {
  return Math.max(0, nowMs - createdTimestamp);
}
