import type { ButtonInteraction, ChatInputCommandInteraction, StringSelectMenuInteraction } from 'discord.js';
import type { Form } from '../render/form.ts';
import { afterMs } from './asker.ts';
import { isAlreadyAcknowledged } from './discord-errors.ts';
import { toModal } from './form-payload.ts';
import type { RouterPorts } from './router-ports.ts';

type Opening = ChatInputCommandInteraction | ButtonInteraction | StringSelectMenuInteraction;

/** Opens a form as the first answer. Nothing is started by it, so that it need not be written down, and another process may be faster. */
export async function showForm(
  interaction: Opening,
  { form, name }: { readonly form: Form; readonly name: string },
  { noteAcknowledged, nowMs }: Pick<RouterPorts, 'noteAcknowledged' | 'nowMs'>,
): Promise<void> {
  try {
    await interaction.showModal(toModal(form));
  } catch (error) {
    if (isAlreadyAcknowledged(error)) return;
    throw error;
  }
  noteAcknowledged(name, afterMs(interaction, nowMs()));
}
