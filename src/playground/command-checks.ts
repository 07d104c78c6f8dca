import type { z } from 'zod';
import { addIssue } from './form.ts';
import { LIMITS } from './limits.ts';
import type { CommandOption, LeafOption } from './option-form.ts';
import { isLeaf } from './option-form.ts';

type Texts = Readonly<Record<string, string>> | null | undefined;

/** The texts of a command, or of an option in it. */
type Counted = {
  readonly name: string;
  readonly description: string;
  readonly name_localizations?: Texts;
  readonly description_localizations?: Texts;
  readonly options?: readonly Counted[] | null | undefined;
};
type CheckedCommand = Counted & { readonly options?: readonly CommandOption[] | null | undefined };

/** What Discord demands of a command beyond the shape of its parts. */
export function checkCommand(command: CheckedCommand, context: z.core.$RefinementCtx): void {
  checkOptions(command.options ?? [], ['options'], context);
  if (countChars(command) <= LIMITS.commandTotalChars) return;
  const message = `Command exceeds maximum size (${LIMITS.commandTotalChars})`;
  addIssue(context, { path: [], code: 'APPLICATION_COMMAND_TOO_LARGE', message });
}

function checkOptions(all: readonly CommandOption[], path: readonly PropertyKey[], context: z.core.$RefinementCtx): void {
  const names = new Set<string>();
  let optionalSeen = false;
  for (const [index, option] of all.entries()) {
    const at = [...path, index];
    if (names.has(option.name)) {
      addIssue(context, {
        path: [...at, 'name'],
        code: 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
        message: `Option name ${option.name} already exists`,
      });
    }
    names.add(option.name);
    if (isLeaf(option) !== all.every(isLeaf)) {
      const message = 'Sub-command and sub-command group option types are mutually exclusive to all other types';
      addIssue(context, { path: [...at, 'type'], code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message });
    }
    if (!isLeaf(option)) {
      checkOptions(option.options ?? [], [...at, 'options'], context);
      continue;
    }
    if (option.required && optionalSeen) {
      const message = 'Required options must be placed before non-required options';
      addIssue(context, { path: at, code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message });
    }
    optionalSeen ||= !option.required;
    checkChoices(option, at, context);
  }
}

function checkChoices(option: LeafOption, path: readonly PropertyKey[], context: z.core.$RefinementCtx): void {
  if (!('choices' in option) || !option.choices) return;
  if (option.autocomplete && option.choices.length > 0) {
    const message = 'Autocomplete can not be set when choices are present';
    addIssue(context, { path: [...path, 'autocomplete'], code: 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES', message });
  }
  const names = new Set<string>();
  option.choices.forEach(({ name }, index) => {
    if (names.has(name)) {
      const code = 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS';
      addIssue(context, { path: [...path, 'choices', index, 'name'], code, message: `Choice name ${name} already exists` });
    }
    names.add(name);
  });
}

/** Names, descriptions and text values of everything in the command; of a translated text the longest version counts. */
function countChars(command: Counted): number {
  const longest = (own: string, translated: Texts) =>
    Math.max(own.length, ...Object.values(translated ?? {}).map((version) => version.length));
  const own = longest(command.name, command.name_localizations) + longest(command.description, command.description_localizations);
  const choices = 'choices' in command && Array.isArray(command.choices) ? command.choices : [];
  const choiceChars = choices.reduce(
    (sum: number, { name, value }) => sum + String(name).length + (typeof value === 'string' ? value.length : 0),
    0,
  );
  return (command.options ?? []).reduce((sum, option) => sum + countChars(option), own + choiceChars);
}
