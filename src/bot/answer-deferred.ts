import type { BaseInteraction, InteractionWebhook } from 'discord.js';
import type { Answer, Asker, CommandContext } from '../commands/command.ts';
import { Refusal } from '../engine/refusal.ts';
import { type Message, textMessage } from '../render/message.ts';
import { replyAddressOf } from './asker.ts';
import { toReply } from './payload.ts';
import type { RouterPorts } from './router-ports.ts';
import { apologise, DATABASE_AWAY, showRefusal } from './words.ts';

type Work = (context: CommandContext) => Promise<Answer>;

type Deferred = BaseInteraction & { readonly webhook: Pick<InteractionWebhook, 'editMessage'> };

/** Does what was asked once it is acknowledged, and shows what comes of it in the reply. */
export async function answerDeferred(interaction: Deferred, work: Work, asker: Asker, ports: RouterPorts): Promise<void> {
  const edit = async (message: Message): Promise<void> => {
    // Not editReply, which wants to have acknowledged by itself.
    await interaction.webhook.editMessage('@original', toReply(message));
  };
  const answered = await run(interaction, work, asker, ports);
  if (answered.kind === 'message') return finish(interaction, () => edit(answered.message), ports);
  ports.presses.letGo(interaction.id);
  const { work: asked, heading, isQueueAway } = answered;
  ports.followWork({ work: asked, heading, isQueueAway, repliedAtMs: interaction.createdTimestamp, startedAtMs: null, edit });
}

/** In the place of work that may not be done without being written down. */
export async function refuseWork(): Promise<Answer> {
  throw new Refusal(DATABASE_AWAY);
}

/** What Discord did not take is not answered: people are told so by and by. */
async function finish({ id }: Deferred, tell: () => Promise<void>, { presses }: RouterPorts): Promise<void> {
  try {
    await tell();
    presses.noteAnswered(id);
  } catch (error) {
    presses.letGo(id);
    throw error;
  }
}

async function run(interaction: Deferred, work: Work, asker: Asker, ports: RouterPorts): Promise<Answer> {
  try {
    return await work(ports.commandContextOf(asker, replyAddressOf(interaction)));
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'message', message: textMessage(showRefusal(error)) };
    ports.reportBug(error, interaction.id);
    return { kind: 'message', message: textMessage(apologise(interaction.id)) };
  }
}
