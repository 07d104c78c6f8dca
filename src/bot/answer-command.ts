import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import type { Action, Answer, Asker, Command, CommandContext } from '../commands/command.ts';
import { Refusal } from '../engine/refusal.ts';
import type { Form } from '../render/form.ts';
import { accept } from './accept.ts';
import { answerDeferred, refuseWork } from './answer-deferred.ts';
import { askerOf, pressOf } from './asker.ts';
import type { RouterPorts } from './router-ports.ts';
import { showForm } from './show-form.ts';
import { apologise, needsPermission, OUTSIDE, refuse, showRefusal } from './words.ts';

type Refused = { readonly refusal: string };

type Work = (context: CommandContext) => Promise<Answer>;

/** Answers slash commands: a refusal at once and to the asker alone, everything else deferred and then worked on. */
export function createCommandAnswers(commands: readonly Command[], ports: RouterPorts) {
  const byName = new Map(commands.map((command) => [command.definition.name, command]));

  return async function answerCommand(interaction: ChatInputCommandInteraction): Promise<void> {
    const asker = askerOf(interaction, ports.mayUse);
    if (asker === null) return refuse(interaction, OUTSIDE);
    const action = byName.get(interaction.commandName)?.actionOf(interaction.options) ?? null;
    if (action === null)
      return refuse(interaction, `There is no command ${fullName(interaction)} any more; reload Discord to see those there are.`);
    if (!ports.mayUse(interaction, action.permission)) {
      return refuse(interaction, needsPermission(fullName(interaction), action.permission));
    }
    const form = formFor(interaction, action, asker);
    if (form !== null && 'refusal' in form) return refuse(interaction, form.refusal);
    if (form !== null) return showForm(interaction, { form, name: interaction.commandName }, ports);
    // Who sees the reply is fixed by the first answer: refusals are immediate and ephemeral, work is deferred.
    const work = prepare(interaction, action, asker);
    if (typeof work !== 'function') return refuse(interaction, work.refusal);
    const accepted = await accept(
      interaction,
      {
        press: pressOf(interaction, asker),
        name: interaction.commandName,
        acknowledge: () => interaction.deferReply(action.firstAnswer === 'ephemeral' ? { flags: MessageFlags.Ephemeral } : {}),
      },
      ports,
    );
    if (accepted === null) return;
    // What only reads may be done without a row, and twice.
    const isSafe = accepted.isKept || action.permission === 'viewer';
    await answerDeferred(interaction, isSafe ? work : refuseWork, asker, ports);
  };

  function formFor(interaction: ChatInputCommandInteraction, action: Action, asker: Asker): Form | Refused | null {
    return orRefused(interaction, () => action.formFor(interaction.options, ports.requestContextOf(asker)));
  }

  function prepare(interaction: ChatInputCommandInteraction, action: Action, asker: Asker): Work | Refused {
    return orRefused(interaction, () => action.prepare(interaction.options, ports.requestContextOf(asker)));
  }

  function orRefused<Made>(interaction: ChatInputCommandInteraction, make: () => Made): Made | Refused {
    try {
      return make();
    } catch (error) {
      if (error instanceof Refusal) return { refusal: showRefusal(error) };
      ports.reportBug(error, interaction.id);
      return { refusal: apologise(interaction.id) };
    }
  }
}

/** As it was typed: with its subcommand where it has one. */
function fullName({ commandName, options }: ChatInputCommandInteraction): string {
  const subcommand = options.getSubcommand(false);
  return `/${commandName}${subcommand === null ? '' : ` ${subcommand}`}`;
}
