import { type InteractionWebhook, MessageFlags } from 'discord.js';
import type { PressAnswer } from '../commands/component.ts';
import type { Message } from '../render/message.ts';
import { toReply } from './payload.ts';

/** Edits the pressed message, tells the presser alone what is for the presser, and the channel what is for all. */
export async function showPressAnswer(
  { webhook }: { readonly webhook: Pick<InteractionWebhook, 'editMessage' | 'send'> },
  { update, notice, announcement }: PressAnswer,
): Promise<void> {
  // Not editReply and followUp, which want to have acknowledged by themselves.
  if (update !== null) await webhook.editMessage('@original', toReply(update));
  if (notice !== null) await webhook.send({ ...toSend(notice), flags: MessageFlags.Ephemeral });
  if (announcement !== undefined) await webhook.send(toSend(announcement));
}

/** A message of its own keeps nothing of an earlier one. */
function toSend(message: Message) {
  const { content, embeds, components, files, allowedMentions } = toReply(message);
  return {
    content: content ?? '',
    embeds: embeds ?? [],
    components: components ?? [],
    files: files ?? [],
    allowedMentions: allowedMentions ?? {},
  };
}
