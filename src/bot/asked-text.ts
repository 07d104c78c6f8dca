import {
  ApplicationCommandOptionType,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type CommandInteractionOption,
} from 'discord.js';

/** Discord takes 2 000 characters, with our own words among them. */
const ASKED_CHARACTERS = 1_500;

/** A command as it was typed, so that it can be given again; attachments by their names. */
export function typedText({ commandName, options }: ChatInputCommandInteraction): string {
  return kept([`/${commandName}`, ...options.data.flatMap(wordsOf)].join(' '));
}

/** The caption of the button that was pressed. */
export function captionOf({ component, customId }: ButtonInteraction): string {
  return kept('label' in component && component.label ? component.label : customId);
}

function wordsOf(option: CommandInteractionOption): readonly string[] {
  switch (option.type) {
    case ApplicationCommandOptionType.Subcommand:
    case ApplicationCommandOptionType.SubcommandGroup:
      return [option.name, ...(option.options ?? []).flatMap(wordsOf)];
    default:
      return [`${option.name}:${option.attachment?.name ?? option.value}`];
  }
}

/** Whole characters that a database can keep, and no more than can be told again. */
function kept(text: string): string {
  const words = text.replaceAll('\0', '');
  return (words.length <= ASKED_CHARACTERS ? words : `${words.slice(0, ASKED_CHARACTERS)}…`).toWellFormed();
}
