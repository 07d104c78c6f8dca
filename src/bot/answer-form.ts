import { MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import type { Answer, Asker, CommandContext } from '../commands/command.ts';
import type { FormAnswer, PressAnswer, Pressable } from '../commands/component.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseCustomId } from '../render/button.ts';
import type { FilledForm } from '../render/form.ts';
import { textMessage } from '../render/message.ts';
import { accept } from './accept.ts';
import { answerDeferred, refuseWork } from './answer-deferred.ts';
import { askerOf, pressOf, replyAddressOf } from './asker.ts';
import type { RouterPorts } from './router-ports.ts';
import { showPressAnswer } from './show-press-answer.ts';
import { apologise, needsPermission, OLDER_BUTTON, OUTSIDE, refuse, showRefusal } from './words.ts';

type Of<Kind extends FormAnswer['kind']> = Extract<FormAnswer, { readonly kind: Kind }>;
type Filled = { readonly args: readonly string[]; readonly filled: FilledForm; readonly asker: Asker };

/** Answers forms that come back: as a press of the message they were opened from, or as a command. */
export function createFormAnswers(pressables: readonly Pressable[], ports: RouterPorts) {
  const byName = new Map(
    pressables.flatMap((pressable) =>
      pressable.kind === 'form-press' || pressable.kind === 'form-command' ? [[pressable.name, pressable] as const] : [],
    ),
  );

  return async function answerForm(interaction: ModalSubmitInteraction): Promise<void> {
    const customId = parseCustomId(interaction.customId);
    const form = customId === null ? undefined : byName.get(customId.component);
    const asker = askerOf(interaction, ports.mayUse);
    if (asker === null) return refuse(interaction, OUTSIDE);
    if (customId === null || form === undefined) return refuse(interaction, OLDER_BUTTON);
    // Between opening and sending a role may have gone.
    if (!ports.mayUse(interaction, form.permission)) return refuse(interaction, needsPermission('This form', form.permission));
    const given = { args: customId.args, filled: readFields(interaction), asker };
    if (form.kind === 'form-press') await answerAsPress(interaction, form, given);
    else await answerAsCommand(interaction, form, given);
  };

  async function answerAsPress(interaction: ModalSubmitInteraction, form: Of<'form-press'>, given: Filled): Promise<void> {
    const accepted = await accept(
      interaction,
      {
        press: pressOf(interaction, given.asker),
        name: form.name,
        acknowledge: () =>
          interaction.isFromMessage() ? interaction.deferUpdate() : interaction.deferReply({ flags: MessageFlags.Ephemeral }),
      },
      ports,
    );
    if (accepted === null) return;
    try {
      await showPressAnswer(interaction, await submit(interaction, form, given));
      ports.presses.noteAnswered(interaction.id);
    } catch (error) {
      ports.presses.letGo(interaction.id);
      throw error;
    }
  }

  async function submit(
    interaction: ModalSubmitInteraction,
    form: Of<'form-press'>,
    { args, filled, asker }: Filled,
  ): Promise<PressAnswer> {
    try {
      return await form.submit(args, filled, ports.commandContextOf(asker, replyAddressOf(interaction)));
    } catch (error) {
      if (error instanceof Refusal) return { update: null, notice: textMessage(showRefusal(error)) };
      ports.reportBug(error, interaction.id);
      return { update: null, notice: textMessage(apologise(interaction.id)) };
    }
  }

  async function answerAsCommand(interaction: ModalSubmitInteraction, form: Of<'form-command'>, given: Filled): Promise<void> {
    const work = prepare(interaction, form, given);
    if (typeof work !== 'function') return refuse(interaction, work.refusal);
    const accepted = await accept(
      interaction,
      {
        // What is lost is told in the reply, as of a command.
        press: { ...pressOf(interaction, given.asker), kind: 'command' },
        name: form.name,
        acknowledge: () => interaction.deferReply(form.firstAnswer === 'ephemeral' ? { flags: MessageFlags.Ephemeral } : {}),
      },
      ports,
    );
    if (accepted === null) return;
    const isSafe = accepted.isKept || form.permission === 'viewer';
    await answerDeferred(interaction, isSafe ? work : refuseWork, given.asker, ports);
  }

  type Work = (context: CommandContext) => Promise<Answer>;

  function prepare(
    interaction: ModalSubmitInteraction,
    form: Of<'form-command'>,
    { args, filled, asker }: Filled,
  ): Work | { readonly refusal: string } {
    try {
      return form.prepare(args, filled, ports.requestContextOf(asker));
    } catch (error) {
      if (error instanceof Refusal) return { refusal: showRefusal(error) };
      ports.reportBug(error, interaction.id);
      return { refusal: apologise(interaction.id) };
    }
  }
}

function readFields({ fields }: ModalSubmitInteraction): FilledForm {
  return new Map(fields.fields.map((_, id) => [id, fields.getTextInputValue(id)] as const));
}
