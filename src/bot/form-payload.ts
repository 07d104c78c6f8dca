import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { Form } from '../render/form.ts';

/** Discord takes no more in one field. */
const FIELD_CHARACTERS = 4_000;

/** A form as Discord takes it: a label with its description over each field. */
export function toModal({ customId, title, fields }: Form): APIModalInteractionResponseCallbackData {
  return {
    custom_id: customId,
    title,
    components: fields.map(({ id, label, description, value, isRequired, isLong }) => ({
      type: ComponentType.Label,
      label,
      description,
      component: {
        type: ComponentType.TextInput,
        custom_id: id,
        style: isLong ? TextInputStyle.Paragraph : TextInputStyle.Short,
        required: isRequired,
        max_length: FIELD_CHARACTERS,
        ...(value === '' ? {} : { value }),
      },
    })),
  };
}
