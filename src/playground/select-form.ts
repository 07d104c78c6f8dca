import { z } from 'zod';
import { componentId, customId, emojiSchema } from './component-parts.ts';
import { COMPONENT } from './component-type.ts';
import { addIssue, list, text } from './form.ts';
import { LIMITS } from './limits.ts';

const disabled = z.boolean().nullish().describe('Shown but not usable');
const required = z.boolean().nullish().describe('Whether a modal cannot be submitted without it; there it is unless said otherwise');

const selectParts = {
  id: componentId,
  custom_id: customId,
  placeholder: text('Shown while nothing is chosen', { max: LIMITS.placeholderChars }).nullish(),
  min_values: z.int().min(0).max(LIMITS.selectOptions).nullish().describe('Fewest choices; 0–25, 1 unless said otherwise'),
  max_values: z.int().min(1).max(LIMITS.selectOptions).nullish().describe('Most choices; 1–25, 1 unless said otherwise'),
  disabled,
  required,
};

export const choiceParts = {
  label: text('Caption', { min: 1, max: LIMITS.selectTextChars }),
  value: text('What the bot hears', { min: 1, max: LIMITS.selectTextChars }),
  description: text('Second line', { max: LIMITS.selectTextChars }).nullish(),
  default: z.boolean().nullish().describe('Chosen beforehand'),
};

const optionSchema = z.object({ ...choiceParts, emoji: emojiSchema.nullish().describe('Before the caption') });

/** A menu of texts. Discord looks at how the numbers fit together only once each is fine by itself. */
export const stringSelectSchema = z
  .object({
    type: z.literal(COMPONENT.select),
    options: list('What can be chosen', optionSchema, { min: 1, max: LIMITS.selectOptions }),
    ...selectParts,
  })
  .superRefine((select, context) => {
    refuseBadChoices(select, context);
    if (select.required === true) refuseRequiredNothing(select.min_values, [], context);
  });

/** Menus of members, roles, both, and channels. */
export const entitySelectSchemas = [
  z.object({ type: z.literal(COMPONENT.userSelect), ...selectParts }),
  z.object({ type: z.literal(COMPONENT.roleSelect), ...selectParts }),
  z.object({ type: z.literal(COMPONENT.mentionableSelect), ...selectParts }),
  z.object({
    type: z.literal(COMPONENT.channelSelect),
    channel_types: z.array(z.int()).nullish().describe('Kinds of channel offered'),
    ...selectParts,
  }),
] as const;

type Choice = { readonly value: string; readonly default?: boolean | null | undefined };
type Choices = {
  readonly options: readonly Choice[];
  readonly min_values?: number | null | undefined;
  readonly max_values?: number | null | undefined;
};

export function refuseBadChoices({ options, min_values, max_values }: Choices, context: z.core.$RefinementCtx): void {
  const least = min_values ?? 1;
  const most = max_values ?? 1;
  const count = options.length;
  if (context.issues.length > 0) return;
  if (least > Math.min(most, count)) {
    const message = `min_values value should be less than or equal to ${Math.min(most, count)}.`;
    addIssue(context, { path: ['min_values'], code: 'NUMBER_TYPE_MAX', message });
  }
  if (most > count) addIssue(context, { path: ['options'], code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${most} or more in length.` });

  options.forEach(({ value }, index) => {
    if (options.findIndex((earlier) => earlier.value === value) === index) return;
    const message = 'The specified option value is already used';
    addIssue(context, { path: ['options', index], code: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', message });
  });
  if (options.filter((option) => option.default).length > most) {
    const message = 'The specified number of default values exceeds the specified maximum values';
    addIssue(context, { path: ['options'], code: 'SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES', message });
  }
}

export function refuseRequiredNothing(
  minValues: number | null | undefined,
  path: readonly PropertyKey[],
  context: z.core.$RefinementCtx,
): void {
  if (minValues !== 0) return;
  const message = 'Select menus marked as required cannot have a min_values of 0';
  addIssue(context, { path: [...path, 'min_values'], code: 'SELECT_COMPONENT_REQUIRED_ZERO_MIN_VALUES', message });
}
