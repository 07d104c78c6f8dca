import type { Interaction } from 'discord.js';
import type { Command } from '../commands/command.ts';
import type { Pressable } from '../commands/component.ts';
import { createCommandAnswers } from './answer-command.ts';
import { createFormAnswers } from './answer-form.ts';
import { createPressAnswers } from './answer-press.ts';
import { withoutToken } from './discord-errors.ts';
import type { RouterPorts } from './router-ports.ts';
import { createSuggestions } from './suggest.ts';

export type Known = { readonly commands: readonly Command[]; readonly components: readonly Pressable[] };

/** The only place that checks permission, acknowledges, answers, or turns an error into a message. It never rejects. */
export function createRouter({ commands, components }: Known, ports: RouterPorts) {
  const answerCommand = createCommandAnswers(commands, ports);
  const answerPress = createPressAnswers(components, ports);
  const answerForm = createFormAnswers(components, ports);
  const suggest = createSuggestions(commands, ports);

  return async function route(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isChatInputCommand()) await answerCommand(interaction);
      else if (interaction.isAutocomplete()) await suggest(interaction);
      else if (interaction.isButton() || interaction.isStringSelectMenu()) await answerPress(interaction);
      else if (interaction.isModalSubmit()) await answerForm(interaction);
    } catch (error) {
      ports.reportBug(withoutToken(error), interaction.id);
    }
  };
}
