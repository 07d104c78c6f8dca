import type { CommandOption, LeafOption } from './command-form.ts';

/** Discord's numbers for what an option is. */
export const OPTION = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

/** Whether a member fills the option in, rather than finding further options below it. */
export function isLeaf(option: CommandOption): option is LeafOption {
  return option.type !== OPTION.subcommand && option.type !== OPTION.group;
}
