import { CannotSend } from './cannot-send.ts';
import { LIMITS } from './limits.ts';
import type { LeafOption } from './option-form.ts';
import { OPTION } from './option-type.ts';

/** Members, roles and channels are given by id, an attachment as a file. */
export type OptionValue = string | number | boolean | GivenFile;
export type GivenFile = { readonly name: string; readonly bytes: Uint8Array; readonly contentType?: string };

/** Throws if a client would not accept the value in that option. */
export function checkValue(option: LeafOption, value: OptionValue): void {
  const wanted = findFault(option, value);
  if (wanted === null) return;
  const seen = JSON.stringify(isFile(value) ? value.name : value);
  throw new CannotSend(`Option ${option.name} is ${seen}; Discord takes ${wanted}.`);
}

/** What the option wants instead; null if the value is fine. */
function findFault(option: LeafOption, value: OptionValue): string | null {
  switch (option.type) {
    case OPTION.string:
      return typeof value === 'string' ? findTextFault(option, value) : 'text';
    case OPTION.integer:
      return Number.isSafeInteger(value) && typeof value === 'number' ? findNumberFault(option, value) : 'a whole number';
    case OPTION.number:
      return Number.isFinite(value) && typeof value === 'number' ? findNumberFault(option, value) : 'a number';
    case OPTION.boolean:
      return typeof value === 'boolean' ? null : 'true or false';
    case OPTION.attachment:
      if (!isFile(value)) return 'a file: { name, bytes }';
      return value.bytes.byteLength <= LIMITS.fileBytes ? null : `a file of at most ${LIMITS.fileBytes} bytes`;
    case OPTION.user:
    case OPTION.channel:
    case OPTION.role:
    case OPTION.mentionable:
      return typeof value === 'string' ? null : 'an id';
  }
}

export function isFile(value: OptionValue): value is GivenFile {
  return typeof value === 'object';
}

function findTextFault(option: Extract<LeafOption, { type: 3 }>, value: string): string | null {
  const least = Math.max(1, option.min_length ?? 1);
  const most = option.max_length ?? LIMITS.optionTextChars;
  if (value.length < least || value.length > most) return `${least} to ${most} characters`;
  return findChoiceFault(option, value);
}

function findNumberFault(option: Extract<LeafOption, { type: 4 | 10 }>, value: number): string | null {
  const least = option.min_value ?? Number.MIN_SAFE_INTEGER;
  const most = option.max_value ?? Number.MAX_SAFE_INTEGER;
  if (value < least || value > most) return `${least} to ${most}`;
  return findChoiceFault(option, value);
}

function findChoiceFault(option: Extract<LeafOption, { choices?: unknown }>, value: string | number): string | null {
  const choices = option.choices ?? [];
  if (choices.length === 0 || choices.some((choice) => choice.value === value)) return null;
  return `one of ${choices.map((choice) => JSON.stringify(choice.value)).join(', ')}`;
}
