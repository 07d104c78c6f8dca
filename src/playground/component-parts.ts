import { z } from 'zod';
import { addIssue, type FormIssue, text } from './form.ts';
import { LIMITS } from './limits.ts';

/** What several kinds of component have in common. */
export const componentId = z.int().min(0).nullish().describe('Number of the component; 0 or none lets Discord choose');
export const customId = text('What the bot hears when it is used', { min: 1, max: LIMITS.customIdChars });
export const emojiSchema = z.object({
  id: z.string().nullish().describe('Of a custom emoji'),
  name: z.string().nullish().describe('Unicode, or the name'),
});

/** One after another beside the first is too much for a row. */
export function refuseBeyondWidth(count: number, most: number, context: z.core.$RefinementCtx): void {
  for (let index = most; index < count; index += 1) {
    const message = 'The specified component exceeds the maximum width';
    addIssue(context, { path: ['components', index], code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', message });
  }
}

type Named = { readonly path: FormIssue['path']; readonly customId: string };

/** The bot tells components apart by their custom ids, disabled ones too. */
export function refuseSameCustomIds(components: readonly Named[], context: z.core.$RefinementCtx): void {
  components.forEach(({ path, customId }, index) => {
    if (components.findIndex((earlier) => earlier.customId === customId) === index) return;
    const message = 'Component custom id cannot be duplicated';
    addIssue(context, { path: [...path, 'custom_id'], code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message });
  });
}
