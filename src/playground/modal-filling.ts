import { CannotSend } from './cannot-send.ts';
import { findChoiceFault } from './choices.ts';
import type { Field, ModalView } from './modal-view.ts';

/** What a member puts into a field: text, the values of options (of radio buttons one), or whether it is ticked. */
export type Filled = string | readonly string[] | boolean;

/** Every field as it stands at the end: as it was opened, where nobody touched it. Throws what a client would not let through. */
export function fillIn({ title, fields }: ModalView, given: Readonly<Record<string, Filled>>): ReadonlyMap<string, Filled> {
  const unknown = Object.keys(given).find((id) => !fields.some(({ customId }) => customId === id));
  if (unknown !== undefined) {
    const known = fields.map(({ customId }) => customId).join(', ') || 'none';
    throw new CannotSend(`The modal "${title}" has no field "${unknown}"; it has: ${known}.`);
  }
  return new Map(
    fields.map((field) => {
      const filled = given[field.customId] ?? standing(field);
      const fault = findFault(field, filled);
      if (fault === null) return [field.customId, filled];
      throw new CannotSend(`Field ${field.customId} of "${title}" is ${JSON.stringify(filled)}; Discord takes ${fault}.`);
    }),
  );
}

function standing(field: Field): Filled {
  return field.kind === 'choice' ? field.values : field.value;
}

/** What the field wants instead; null if it is fine. */
function findFault(field: Field, filled: Filled): string | null {
  switch (field.kind) {
    case 'text':
      return typeof filled === 'string' ? findTextFault(field, filled) : 'text';
    case 'choice': {
      if (typeof filled === 'string' || typeof filled === 'boolean') return 'a list of values';
      if (!field.required && filled.length === 0) return null;
      return findChoiceFault({ options: field.options, least: Math.max(field.minValues, 1), most: field.maxValues }, filled);
    }
    case 'tick':
      return typeof filled === 'boolean' ? null : 'true or false';
  }
}

function findTextFault({ minLength, maxLength, lines, required }: Extract<Field, { readonly kind: 'text' }>, text: string): string | null {
  if (text === '' && !required) return null;
  const least = required ? Math.max(minLength, 1) : minLength;
  if (text.length < least || text.length > maxLength) return `${least} to ${maxLength} characters`;
  return lines === 'one' && /[\r\n]/.test(text) ? 'one line' : null;
}
