import { z } from 'zod';
import { addIssue, list, REQUIRED, text } from './form.ts';
import { LIMITS } from './limits.ts';

const BUTTON_STYLES = { link: 5, premium: 6 } as const;

const customId = text('What the bot hears when it is used', { min: 1, max: LIMITS.customIdChars });
const emojiSchema = z.object({
  id: z.string().nullish().describe('Of a custom emoji'),
  name: z.string().nullish().describe('Unicode, or the name'),
});
const disabled = z.boolean().nullish().describe('Shown but not usable');

const buttonSchema = z
  .object({
    type: z.literal(2),
    style: z.int().min(1).max(6).describe('1 primary, 2 secondary, 3 success, 4 danger, 5 link, 6 premium'),
    label: text('Caption', { max: LIMITS.buttonLabelChars }).nullish(),
    emoji: emojiSchema.nullish().describe('Before the caption'),
    custom_id: customId.nullish(),
    url: text('Where a link leads', { min: 1, max: LIMITS.urlChars }).nullish(),
    sku_id: z.string().nullish().describe('What a premium button sells'),
    disabled,
  })
  .superRefine((button, context) => {
    const wanted = button.style === BUTTON_STYLES.link ? 'url' : button.style === BUTTON_STYLES.premium ? 'sku_id' : 'custom_id';
    if (button[wanted] === undefined || button[wanted] === null) addIssue(context, { ...REQUIRED, path: [wanted] });
    if (wanted === 'url' && typeof button.custom_id === 'string') {
      const message = 'A custom id and url cannot both be specified';
      addIssue(context, { path: ['custom_id'], code: 'BUTTON_COMPONENT_CUSTOM_ID_AND_URL', message });
    }
    if (wanted !== 'sku_id' && !button.label && !button.emoji) addIssue(context, { ...REQUIRED, path: ['label'] });
  });

const selectParts = {
  custom_id: customId,
  placeholder: text('Shown while nothing is chosen', { max: LIMITS.placeholderChars }).nullish(),
  min_values: z.int().min(0).max(LIMITS.selectOptions).nullish().describe('Fewest choices; 0–25'),
  max_values: z.int().min(1).max(LIMITS.selectOptions).nullish().describe('Most choices; 1–25'),
  disabled,
};

const selectOptionSchema = z.object({
  label: text('Caption', { min: 1, max: LIMITS.selectTextChars }),
  value: text('What the bot hears', { min: 1, max: LIMITS.selectTextChars }),
  description: text('Second line', { max: LIMITS.selectTextChars }).nullish(),
  emoji: emojiSchema.nullish().describe('Before the caption'),
  default: z.boolean().nullish().describe('Chosen beforehand'),
});

const choices = list('What can be chosen', selectOptionSchema, { min: 1, max: LIMITS.selectOptions });

const controlSchema = z.discriminatedUnion('type', [
  buttonSchema,
  z.object({ type: z.literal(3), options: choices, ...selectParts }),
  z.object({ type: z.literal(5), ...selectParts }),
  z.object({ type: z.literal(6), ...selectParts }),
  z.object({ type: z.literal(7), ...selectParts }),
  z.object({ type: z.literal(8), channel_types: z.array(z.int()).nullish().describe('Kinds of channel offered'), ...selectParts }),
]);

const rowSchema = z
  .object({
    type: z.literal(1),
    components: list('Buttons, or one select', controlSchema, { min: 1, max: LIMITS.buttonsPerRow }),
  })
  .superRefine(({ components }, context) => {
    if (components.length === 1 || components.every(({ type }) => type === 2)) return;
    const message = 'The specified component exceeds the maximum width';
    addIssue(context, { path: ['components'], code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', message });
  });

/** Rows of buttons and selects. A container or section would join here as a further kind of top component. */
export const componentsSchema = list('Rows under the message', rowSchema, { max: LIMITS.rows }).superRefine((rows, context) => {
  const seen = new Set<string>();
  rows.forEach((row, rowIndex) => {
    row.components.forEach((control, index) => {
      const id = control.custom_id;
      if (typeof id !== 'string') return;
      if (seen.has(id)) {
        const path = [rowIndex, 'components', index, 'custom_id'];
        addIssue(context, { path, code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message: 'Component custom id cannot be duplicated' });
      }
      seen.add(id);
    });
  });
});

export type Component = z.infer<typeof rowSchema>;
