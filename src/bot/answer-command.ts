import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import type { Action, Answer, Asker, Command, CommandContext } from '../commands/command.ts';
import { Refusal } from '../engine/refusal.ts';
import { type Message, textMessage } from '../render/message.ts';
import { accept } from './accept.ts';
import { askerOf, pressOf, replyAddressOf } from './asker.ts';
import { toReply } from './payload.ts';
import type { RouterPorts } from './router.ts';
import { apologise, DATABASE_AWAY, OUTSIDE, showRefusal } from './words.ts';

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
      return refuse(
        interaction,
        `${fullName(interaction)} needs the ${action.permission} permission, which you do not have; ask an admin of this server.`,
      );
    }
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
    await answer(interaction, isSafe ? work : refuseWork, asker);
  };

  function prepare(interaction: ChatInputCommandInteraction, action: Action, asker: Asker): Work | { readonly refusal: string } {
    try {
      return action.prepare(interaction.options, ports.requestContextOf(asker));
    } catch (error) {
      if (error instanceof Refusal) return { refusal: showRefusal(error) };
      ports.reportBug(error, interaction.id);
      return { refusal: apologise(interaction.id) };
    }
  }

  async function answer(interaction: ChatInputCommandInteraction, work: Work, asker: Asker): Promise<void> {
    const edit = async (message: Message): Promise<void> => {
      // Not editReply, which wants to have acknowledged by itself.
      await interaction.webhook.editMessage('@original', toReply(message));
    };
    const answered = await run(interaction, work, asker);
    if (answered.kind === 'message') return finish(interaction, () => edit(answered.message));
    ports.presses.letGo(interaction.id);
    const { work: asked, heading, isQueueAway } = answered;
    ports.followWork({ work: asked, heading, isQueueAway, repliedAtMs: interaction.createdTimestamp, startedAtMs: null, edit });
  }

  /** What Discord did not take is not answered: people are told so by and by. */
  async function finish({ id }: ChatInputCommandInteraction, tell: () => Promise<void>): Promise<void> {
    try {
      await tell();
      ports.presses.noteAnswered(id);
    } catch (error) {
      ports.presses.letGo(id);
      throw error;
    }
  }

  async function run(interaction: ChatInputCommandInteraction, work: Work, asker: Asker): Promise<Answer> {
    try {
      return await work(ports.commandContextOf(asker, replyAddressOf(interaction)));
    } catch (error) {
      if (error instanceof Refusal) return { kind: 'message', message: textMessage(showRefusal(error)) };
      ports.reportBug(error, interaction.id);
      return { kind: 'message', message: textMessage(apologise(interaction.id)) };
    }
  }
}

async function refuseWork(): Promise<Answer> {
  throw new Refusal(DATABASE_AWAY);
}

/** As it was typed: with its subcommand where it has one. */
function fullName({ commandName, options }: ChatInputCommandInteraction): string {
  const subcommand = options.getSubcommand(false);
  return `/${commandName}${subcommand === null ? '' : ` ${subcommand}`}`;
}

async function refuse(interaction: ChatInputCommandInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}
