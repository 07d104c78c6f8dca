import { z } from 'zod';
import { addIssue, list, text } from './form.ts';
import { LIMITS } from './limits.ts';
import { OPTION } from './option-type.ts';

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const nameSchema = z
  .string()
  .superRefine((name, context) => {
    if (NAME.test(name) && name === name.toLowerCase()) return;
    const nothing = name.length === 0 || name.length > LIMITS.commandNameChars;
    if (nothing)
      addIssue(context, { path: [], code: 'BASE_TYPE_BAD_LENGTH', message: `Must be between 1 and ${LIMITS.commandNameChars} in length.` });
    else addIssue(context, { path: [], code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' });
  })
  .describe('As typed after the slash; lower case, characters, 1–32');

export const described = {
  name: nameSchema,
  description: text('Line under the name', { min: 1, max: LIMITS.commandDescriptionChars }),
  name_localizations: z.record(z.string(), nameSchema).nullish().describe('Name by language'),
  description_localizations: z
    .record(z.string(), text('Line under the name', { min: 1, max: LIMITS.commandDescriptionChars }))
    .nullish()
    .describe('Description by language'),
};

const required = z.boolean().nullish().describe('Whether a client insists on it');
const autocomplete = z.boolean().nullish().describe('The bot suggests while one types');
const choiceName = text('Choice as shown', { min: 1, max: LIMITS.choiceNameChars });
const choicesOf = <T extends z.ZodType>(value: T) =>
  list('The only values allowed', z.object({ name: choiceName, value }), { max: LIMITS.commandChoices }).nullish();
const bound = (meaning: string) => z.number().nullish().describe(meaning);
const length = (meaning: string, min: number) => z.int().min(min).max(LIMITS.optionTextChars).nullish().describe(`${meaning}; characters`);

const stringOption = z.object({
  type: z.literal(OPTION.string),
  ...described,
  required,
  autocomplete,
  choices: choicesOf(text('Value sent', { max: LIMITS.optionTextChars })),
  min_length: length('Shortest text', 0),
  max_length: length('Longest text', 1),
});
const numberParts = { ...described, required, autocomplete, min_value: bound('Least value'), max_value: bound('Greatest value') };
const plainParts = { ...described, required };

const leafSchema = z.discriminatedUnion('type', [
  stringOption,
  z.object({ type: z.literal(OPTION.integer), ...numberParts, choices: choicesOf(z.int()) }),
  z.object({ type: z.literal(OPTION.number), ...numberParts, choices: choicesOf(z.number()) }),
  z.object({ type: z.literal(OPTION.boolean), ...plainParts }),
  z.object({ type: z.literal(OPTION.user), ...plainParts }),
  z.object({
    type: z.literal(OPTION.channel),
    channel_types: z.array(z.int()).nullish().describe('Kinds of channel offered'),
    ...plainParts,
  }),
  z.object({ type: z.literal(OPTION.role), ...plainParts }),
  z.object({ type: z.literal(OPTION.mentionable), ...plainParts }),
  z.object({ type: z.literal(OPTION.attachment), ...plainParts }),
]);

const options = <T extends z.ZodType>(item: T) => list('What can be filled in', item, { max: LIMITS.commandOptions }).nullish();
const subcommandSchema = z.object({ type: z.literal(OPTION.subcommand), ...described, options: options(leafSchema) });
const groupSchema = z.object({ type: z.literal(OPTION.group), ...described, options: options(subcommandSchema) });

/** What a command, or an option without a value of its own, asks for. */
export const optionsSchema = options(z.discriminatedUnion('type', [leafSchema, subcommandSchema, groupSchema]));

export type LeafOption = z.infer<typeof leafSchema>;
export type CommandOption = NonNullable<z.infer<typeof optionsSchema>>[number];

/** Whether a member fills the option in, rather than finding further options below it. */
export function isLeaf(option: CommandOption): option is LeafOption {
  return option.type !== OPTION.subcommand && option.type !== OPTION.group;
}
