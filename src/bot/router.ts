import { type ChatInputCommandInteraction, type Interaction, MessageFlags } from 'discord.js';
import type { Answer, Asker, Command, CommandContext, Permission, RequestContext } from '../commands/command.ts';
import { Refusal } from '../engine/refusal.ts';
import { escapeText } from '../render/escape-text.ts';
import { type Message, textMessage } from '../render/message.ts';
import { toReply } from './payload.ts';
import type { FollowedReply } from './progress.ts';

export type RouterPorts = {
  readonly mayUse: (interaction: ChatInputCommandInteraction, permission: Permission) => boolean;
  /** Without I/O: it is asked for before the interaction is acknowledged. */
  readonly requestContextOf: (asker: Asker) => RequestContext;
  readonly commandContextOf: (asker: Asker) => CommandContext;
  /** Takes over a reply that shows the progress of a run. */
  readonly followRun: (reply: FollowedReply) => void;
  /** Is given every error that is not for the person; an apology carries the same reference. */
  readonly reportBug: (error: unknown, reference: string) => void;
};

type Work = (context: CommandContext) => Promise<Answer>;

/** Discord takes 2 000 characters, and escaping can double a text. */
const REFUSAL_CHARACTERS = 950;

/** The only place that checks permission, acknowledges, answers, or turns an error into a message. It never rejects. */
export function createRouter(commands: readonly Command[], ports: RouterPorts) {
  const byName = new Map(commands.map((command) => [command.definition.name, command]));

  return async function route(interaction: Interaction): Promise<void> {
    if (!interaction.isChatInputCommand()) return;
    try {
      await handle(interaction);
    } catch (error) {
      ports.reportBug(error, interaction.id);
    }
  };

  async function handle(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = byName.get(interaction.commandName);
    const asker = askerOf(interaction);
    if (asker === null) return refuse(interaction, 'Commands work in a server only; give it in a channel of your server.');
    if (command === undefined)
      return refuse(interaction, `There is no command /${interaction.commandName} any more; reload Discord to see those there are.`);
    if (!ports.mayUse(interaction, command.permission)) {
      return refuse(
        interaction,
        `/${interaction.commandName} needs the ${command.permission} permission, which you do not have; ask an admin of this server.`,
      );
    }
    // Who sees the reply is fixed by the first answer: refusals are immediate and ephemeral, work is deferred.
    const work = prepare(interaction, command, asker);
    if (typeof work !== 'function') return refuse(interaction, work.refusal);
    await interaction.deferReply(command.firstAnswer === 'ephemeral' ? { flags: MessageFlags.Ephemeral } : {});
    await answer(interaction, work, asker);
  }

  function prepare(interaction: ChatInputCommandInteraction, command: Command, asker: Asker): Work | { readonly refusal: string } {
    try {
      return command.prepare(interaction.options, ports.requestContextOf(asker));
    } catch (error) {
      if (error instanceof Refusal) return { refusal: showRefusal(error) };
      ports.reportBug(error, interaction.id);
      return { refusal: apologise(interaction.id) };
    }
  }

  async function answer(interaction: ChatInputCommandInteraction, work: Work, asker: Asker): Promise<void> {
    const edit = async (message: Message): Promise<void> => {
      await interaction.editReply(toReply(message));
    };
    const answered = await run(interaction, work, asker);
    if (answered.kind === 'message') return edit(answered.message);
    ports.followRun({ runId: answered.runId, heading: answered.heading, repliedAtMs: interaction.createdTimestamp, edit });
  }

  async function run(interaction: ChatInputCommandInteraction, work: Work, asker: Asker): Promise<Answer> {
    try {
      return await work(ports.commandContextOf(asker));
    } catch (error) {
      if (error instanceof Refusal) return { kind: 'message', message: textMessage(showRefusal(error)) };
      ports.reportBug(error, interaction.id);
      return { kind: 'message', message: textMessage(apologise(interaction.id)) };
    }
  }
}

function askerOf({ guildId, channelId, user, createdTimestamp }: ChatInputCommandInteraction): Asker | null {
  return guildId === null ? null : { guildId, channelId, userId: user.id, requestedAtMs: createdTimestamp };
}

async function refuse(interaction: ChatInputCommandInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

function showRefusal({ message }: Refusal): string {
  return escapeText(message.length <= REFUSAL_CHARACTERS ? message : `${message.slice(0, REFUSAL_CHARACTERS)}… (shortened)`);
}

function apologise(reference: string): string {
  return `Something broke on our side. Reference: \`${reference}\``;
}
