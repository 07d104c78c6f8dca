import { z } from 'zod';
import { componentId, customId } from './component-parts.ts';
import { COMPONENT } from './component-type.ts';
import { addIssue, list, text } from './form.ts';
import { LIMITS } from './limits.ts';
import { choiceParts, refuseBadChoices } from './select-form.ts';

const required = z.boolean().nullish().describe('Whether the modal cannot be submitted without it; it is unless said otherwise');

/** Where somebody types. Blanks at the ends of what stands in it beforehand are part of it. */
export const textInputSchema = z
  .object({
    type: z.literal(COMPONENT.textInput),
    id: componentId,
    custom_id: customId,
    style: z.literal([1, 2]).describe('1 one line, 2 many'),
    label: text('Caption, where no label says it', { min: 1, max: LIMITS.labelChars }).nullish(),
    value: z.string().nullish().describe('What stands in it beforehand; characters, 1–4000'),
    placeholder: text('Shown while nothing is typed', { max: LIMITS.inputPlaceholderChars }).nullish(),
    min_length: z.int().min(0).max(LIMITS.inputChars).nullish().describe('Shortest text; characters, 0–4000'),
    max_length: z.int().min(1).max(LIMITS.inputChars).nullish().describe('Longest text; characters, 1–4000'),
    required,
  })
  .superRefine(({ value, min_length, max_length }, context) => {
    const most = max_length ?? LIMITS.inputChars;
    if ((min_length ?? 0) > most) {
      const message = `min_length value should be less than or equal to ${most}.`;
      addIssue(context, { path: ['min_length'], code: 'NUMBER_TYPE_MAX', message });
    }
    if (value === '') addIssue(context, { path: ['value'], code: 'BASE_TYPE_MIN_LENGTH', message: 'Must be 1 or more in length.' });
    if ((value ?? '').length > most) {
      addIssue(context, { path: ['value'], code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${most} or fewer in length.` });
    }
  });

const groupParts = { id: componentId, custom_id: customId, required };
const choiceSchema = z.object(choiceParts);

export const radioGroupSchema = z
  .object({
    type: z.literal(COMPONENT.radioGroup),
    options: list('What can be chosen', choiceSchema, { min: 2, max: LIMITS.groupOptions }),
    ...groupParts,
  })
  .superRefine(({ options }, context) => refuseBadChoices({ options }, context));

export const checkboxGroupSchema = z
  .object({
    type: z.literal(COMPONENT.checkboxGroup),
    options: list('What can be ticked', choiceSchema, { min: 1, max: LIMITS.groupOptions }),
    min_values: z.int().min(0).max(LIMITS.groupOptions).nullish().describe('Fewest ticks; 0–10'),
    max_values: z.int().min(1).max(LIMITS.groupOptions).nullish().describe('Most ticks; 1–10, as many as there are unless said otherwise'),
    ...groupParts,
  })
  .superRefine((group, context) => refuseBadChoices({ ...group, max_values: group.max_values ?? group.options.length }, context));

export const checkboxSchema = z.object({
  type: z.literal(COMPONENT.checkbox),
  id: componentId,
  custom_id: customId,
  default: z.boolean().nullish().describe('Ticked beforehand'),
});
