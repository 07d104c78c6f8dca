import type { AutocompleteInteraction, CommandInteractionOption } from 'discord.js';
import type { Choice, Command } from '../commands/command.ts';
import { Refusal } from '../engine/refusal.ts';
import { askerOf, replyAddressOf } from './asker.ts';
import { isUnknownInteraction } from './discord-errors.ts';
import type { RouterPorts } from './router-ports.ts';

/** Discord waits three seconds; nothing in time is better than an error in somebody's face. */
const ANSWER_WITHIN_MS = 1_500;

/** Suggests while people type. It always answers: what is late or broken is answered with nothing, and typing goes on. */
export function createSuggestions(commands: readonly Command[], ports: Pick<RouterPorts, 'mayUse' | 'commandContextOf' | 'reportBug'>) {
  const byName = new Map(commands.map((command) => [command.definition.name, command]));

  return async function suggest(interaction: AutocompleteInteraction): Promise<void> {
    const choices = await inTime(find(interaction));
    try {
      await interaction.respond(choices.map(({ name, value }) => ({ name, value })));
    } catch (error) {
      // Whoever types on has no use for it any more.
      if (!isUnknownInteraction(error)) throw error;
    }
  };

  async function find(interaction: AutocompleteInteraction): Promise<readonly Choice[]> {
    try {
      const asker = askerOf(interaction, ports.mayUse);
      const command = byName.get(interaction.commandName);
      if (asker === null || command === undefined) return [];
      const { name, value } = interaction.options.getFocused(true);
      const typed = { subcommand: interaction.options.getSubcommand(false), name, text: value, given: givenIn(interaction.options.data) };
      return await command.suggest(typed, ports.commandContextOf(asker, replyAddressOf(interaction)));
    } catch (error) {
      // A refusal is for the person, who is told by the command itself.
      if (!(error instanceof Refusal)) ports.reportBug(error, interaction.id);
      return [];
    }
  }
}

async function inTime(choices: Promise<readonly Choice[]>): Promise<readonly Choice[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly Choice[]>();
  const timer = setTimeout(() => resolve([]), ANSWER_WITHIN_MS);
  return Promise.race([choices, late]).finally(() => clearTimeout(timer));
}

/** Every option that has a value so far, also those of a subcommand. */
function givenIn(options: readonly CommandInteractionOption[]): ReadonlyMap<string, string> {
  return new Map(
    options.flatMap(({ name, value, options: nested }) => [
      ...(value === undefined ? [] : [[name, String(value)] as const]),
      ...givenIn(nested ?? []),
    ]),
  );
}
