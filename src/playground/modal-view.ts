import { COMPONENT } from './component-type.ts';
import { LIMITS } from './limits.ts';
import type { FieldForm, ModalPart } from './modal-form.ts';
import type { Modal, User } from './world.ts';

export type Choice = { readonly label: string; readonly value: string; readonly description: string | null };

/** What stands in a field while nobody has touched it, and what a client would take. */
export type FieldContent =
  | {
      readonly kind: 'text';
      readonly value: string;
      readonly placeholder: string | null;
      readonly minLength: number;
      readonly maxLength: number;
      readonly lines: 'one' | 'many';
    }
  | {
      readonly kind: 'choice';
      readonly look: 'select' | 'radio buttons' | 'checkboxes';
      readonly options: readonly Choice[];
      readonly values: readonly string[];
      readonly placeholder: string | null;
      readonly minValues: number;
      readonly maxValues: number;
    }
  | { readonly kind: 'tick'; readonly value: boolean };

export type Field = FieldContent & {
  readonly customId: string;
  readonly label: string;
  readonly description: string | null;
  readonly required: boolean;
};

/** A modal as the member who asked for it sees it. */
export type ModalView = {
  /** Of the interaction that opened it. */
  readonly id: string;
  readonly customId: string;
  readonly title: string;
  readonly user: User;
  readonly state: Modal['state'];
  /** Fields and words from top to bottom. */
  readonly parts: readonly (Field | { readonly kind: 'words'; readonly words: string })[];
  readonly fields: readonly Field[];
};

export function viewModal({ form, openedBy, state }: Modal): ModalView {
  const parts = form.components.flatMap(viewPart);
  const fields = parts.filter((part) => part.kind !== 'words');
  return { id: openedBy.id, customId: form.custom_id, title: form.title, user: openedBy.user, state, parts, fields };
}

function viewPart(part: ModalPart): ModalView['parts'] {
  switch (part.type) {
    case COMPONENT.words:
      return [{ kind: 'words', words: part.content }];
    case COMPONENT.label:
      return [viewField(part.component, { label: part.label, description: part.description ?? null })];
    case COMPONENT.row:
      return part.components.map((input) => viewField(input, { label: input.label ?? '', description: null }));
  }
}

export function viewField(field: FieldForm, caption: Pick<Field, 'label' | 'description'>): Field {
  const required = field.type !== COMPONENT.checkbox && field.required !== false;
  return { customId: field.custom_id, ...caption, required, ...readContent(field) };
}

function readContent(field: FieldForm): FieldContent {
  switch (field.type) {
    case COMPONENT.textInput:
      return {
        kind: 'text',
        value: field.value ?? '',
        placeholder: field.placeholder ?? null,
        minLength: field.min_length ?? 0,
        maxLength: field.max_length ?? LIMITS.inputChars,
        lines: field.style === 1 ? 'one' : 'many',
      };
    case COMPONENT.select:
      return { look: 'select', placeholder: field.placeholder ?? null, ...readChoices(field, field.max_values ?? 1) };
    case COMPONENT.radioGroup:
      return { look: 'radio buttons', placeholder: null, ...readChoices(field, 1) };
    case COMPONENT.checkboxGroup:
      return { look: 'checkboxes', placeholder: null, ...readChoices(field, field.max_values ?? field.options.length) };
    case COMPONENT.checkbox:
      return { kind: 'tick', value: field.default ?? false };
  }
}

type FieldOfChoices = Extract<FieldForm, { readonly options: unknown }>;

function readChoices(field: FieldOfChoices, maxValues: number) {
  const { options } = field;
  const minValues = ('min_values' in field ? field.min_values : null) ?? 1;
  return {
    kind: 'choice',
    options: options.map(({ label, value, description }) => ({ label, value, description: description ?? null })),
    values: options.flatMap((option) => (option.default ? [option.value] : [])),
    minValues,
    maxValues,
  } as const;
}
