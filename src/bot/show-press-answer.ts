import { type InteractionWebhook, MessageFlags } from 'discord.js';
import type { PressAnswer } from '../commands/component.ts';
import { toReply } from './payload.ts';

/** Edits the pressed message, and tells the presser alone what is for the presser. */
export async function showPressAnswer(
  { webhook }: { readonly webhook: Pick<InteractionWebhook, 'editMessage' | 'send'> },
  { update, notice }: PressAnswer,
): Promise<void> {
  // Not editReply and followUp, which want to have acknowledged by themselves.
  if (update !== null) await webhook.editMessage('@original', toReply(update));
  if (notice === null) return;
  const { content, components, allowedMentions } = toReply(notice);
  await webhook.send({
    content: content ?? '',
    components: components ?? [],
    flags: MessageFlags.Ephemeral,
    allowedMentions: allowedMentions ?? {},
  });
}
