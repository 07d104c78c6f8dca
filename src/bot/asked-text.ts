import {
  ApplicationCommandOptionType,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type CommandInteractionOption,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';

/** Discord takes 2 000 characters, with our own words among them. */
const ASKED_CHARACTERS = 1_500;

/** A command as it was typed, so that it can be given again; attachments by their names. */
export function typedText({ commandName, options }: ChatInputCommandInteraction): string {
  return kept([`/${commandName}`, ...options.data.flatMap(wordsOf)].join(' '));
}

/** What is pressed or sent back, and not typed as a command. */
export type Captioned = ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction;

/** The caption of the button that was pressed or of the option that was chosen; of a form, what was typed. */
export function captionOf(interaction: Captioned): string {
  if (interaction.isModalSubmit())
    return kept(interaction.fields.fields.map((_, id) => `${id}: ${interaction.fields.getTextInputValue(id)}`).join('\n'));
  if (interaction.isStringSelectMenu()) return kept(interaction.values.join(', '));
  const { component, customId } = interaction;
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
