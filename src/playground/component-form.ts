import { z } from 'zod';
import { componentId, customId, emojiSchema, refuseBeyondWidth, refuseSameCustomIds } from './component-parts.ts';
import { COMPONENT } from './component-type.ts';
import { addIssue, list, REQUIRED, text } from './form.ts';
import { LIMITS } from './limits.ts';
import { entitySelectSchemas, stringSelectSchema } from './select-form.ts';

const BUTTON_STYLES = { link: 5, premium: 6 } as const;

const buttonSchema = z
  .object({
    type: z.literal(COMPONENT.button),
    id: componentId,
    style: z.int().min(1).max(6).describe('1 primary, 2 secondary, 3 success, 4 danger, 5 link, 6 premium'),
    label: text('Caption', { max: LIMITS.buttonLabelChars }).nullish(),
    emoji: emojiSchema.nullish().describe('Before the caption'),
    custom_id: customId.nullish(),
    url: text('Where a link leads', { min: 1, max: LIMITS.urlChars }).nullish(),
    sku_id: z.string().nullish().describe('What a premium button sells'),
    disabled: z.boolean().nullish().describe('Shown but not usable'),
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

const controlSchema = z.discriminatedUnion('type', [buttonSchema, stringSelectSchema, ...entitySelectSchemas]);

const rowSchema = z
  .object({
    type: z.literal(COMPONENT.row),
    id: componentId,
    components: list('Buttons, or one select', controlSchema, { min: 1, max: LIMITS.buttonsPerRow }),
  })
  .superRefine(({ components }, context) => {
    if (components.some(({ type }) => type !== COMPONENT.button)) refuseBeyondWidth(components.length, 1, context);
  });

/** Rows of buttons and selects. A container or section would join here as a further kind of top component. */
export const componentsSchema = list('Rows under the message', rowSchema, { max: LIMITS.rows }).superRefine((rows, context) => {
  const named = rows.flatMap((row, rowIndex) =>
    row.components.flatMap(({ custom_id: customId }, index) =>
      typeof customId === 'string' ? [{ path: [rowIndex, 'components', index], customId }] : [],
    ),
  );
  refuseSameCustomIds(named, context);
});

export type Component = z.infer<typeof rowSchema>;
