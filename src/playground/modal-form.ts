import { z } from 'zod';
import { componentId, customId, refuseBeyondWidth, refuseSameCustomIds } from './component-parts.ts';
import { COMPONENT } from './component-type.ts';
import { addIssue, type FormIssue, list, REQUIRED, text } from './form.ts';
import { LIMITS } from './limits.ts';
import { checkboxGroupSchema, checkboxSchema, radioGroupSchema, textInputSchema } from './modal-field-form.ts';
import { refuseRequiredNothing, stringSelectSchema } from './select-form.ts';

/** The older form: a row that holds one text input, which brings its own caption. */
const rowSchema = z
  .object({
    type: z.literal(COMPONENT.row),
    id: componentId,
    components: list('One text input', z.discriminatedUnion('type', [textInputSchema]), { min: 1, max: LIMITS.buttonsPerRow }),
  })
  .superRefine(({ components }, context) => {
    refuseBeyondWidth(components.length, 1, context);
    components.forEach(({ label }, index) => {
      if (!label) addIssue(context, { ...REQUIRED, path: ['components', index, 'label'] });
    });
  });

/** Menus of members, roles and channels and uploads would join here; the playground does not speak them yet. */
const fieldSchema = z.discriminatedUnion('type', [
  stringSelectSchema,
  textInputSchema,
  radioGroupSchema,
  checkboxGroupSchema,
  checkboxSchema,
]);

const labelSchema = z
  .object({
    type: z.literal(COMPONENT.label),
    id: componentId,
    label: text('Caption', { min: 1, max: LIMITS.labelChars }),
    description: text('Line below the caption', { min: 1, max: LIMITS.labelDescriptionChars }).nullish(),
    component: fieldSchema,
  })
  .superRefine(({ component }, context) => {
    if (component.type === COMPONENT.textInput && typeof component.label === 'string') {
      refuseInModal('label', 'A text input inside a label cannot have a label of its own', context);
    }
    if (component.type === COMPONENT.select && component.disabled) {
      refuseInModal('disabled', 'Components in modals cannot be disabled', context);
    }
    // A select that says it is required was refused already, wherever it stands.
    if ('min_values' in component && component.required !== false && !(component.type === COMPONENT.select && component.required)) {
      refuseRequiredNothing(component.min_values, ['component'], context);
    }
  });

/** Discord documents that these are errors but not their code. */
function refuseInModal(field: string, message: string, context: z.core.$RefinementCtx): void {
  addIssue(context, { path: ['component', field], code: 'BASE_TYPE_INVALID', message });
}

const wordsSchema = z.object({
  type: z.literal(COMPONENT.words),
  id: componentId,
  content: text('Words between the fields', { min: 1, max: LIMITS.wordsChars }),
});

/** A form that opens over the channel. */
export const modalSchema = z.object({
  custom_id: customId,
  title: text('Heading', { min: 1, max: LIMITS.modalTitleChars }),
  components: list('Fields and words', z.discriminatedUnion('type', [rowSchema, wordsSchema, labelSchema]), {
    min: 1,
    max: LIMITS.modalParts,
  }).superRefine((parts, context) => {
    const named = parts.flatMap((part, index): { readonly path: FormIssue['path']; readonly customId: string }[] => {
      if (part.type === COMPONENT.label) return [{ path: [index, 'component'], customId: part.component.custom_id }];
      if (part.type === COMPONENT.words) return [];
      return part.components.map(({ custom_id: customId }, inner) => ({ path: [index, 'components', inner], customId }));
    });
    refuseSameCustomIds(named, context);
  }),
});

export type ModalForm = z.infer<typeof modalSchema>;
export type ModalPart = ModalForm['components'][number];
export type FieldForm = z.infer<typeof fieldSchema>;
