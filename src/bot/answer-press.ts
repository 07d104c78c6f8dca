import { type ButtonInteraction, MessageFlags } from 'discord.js';
import type { Asker } from '../commands/command.ts';
import type { Component, PressAnswer } from '../commands/component.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseCustomId } from '../render/button.ts';
import { textMessage } from '../render/message.ts';
import { accept } from './accept.ts';
import { askerOf, pressOf, replyAddressOf } from './asker.ts';
import { toReply } from './payload.ts';
import type { RouterPorts } from './router.ts';
import { apologise, OUTSIDE, showRefusal } from './words.ts';

/** Answers presses. Acknowledged at once as an edit to come; words for the presser alone follow as an ephemeral message. */
export function createPressAnswers(components: readonly Component[], ports: RouterPorts) {
  const byName = new Map(components.map((component) => [component.name, component]));

  return async function answerPress(interaction: ButtonInteraction): Promise<void> {
    const customId = parseCustomId(interaction.customId);
    const component = customId === null ? undefined : byName.get(customId.component);
    const asker = askerOf(interaction, ports.mayUse);
    if (asker === null) return refuse(interaction, OUTSIDE);
    if (customId === null || component === undefined)
      return refuse(interaction, 'This button is of an older version; give the command again.');
    // Whoever sees a message can press its buttons, so every press is checked anew.
    if (!ports.mayUse(interaction, component.permission)) {
      return refuse(
        interaction,
        `This button needs the ${component.permission} permission, which you do not have; ask an admin of this server.`,
      );
    }
    const accepted = await accept(
      interaction,
      { press: pressOf(interaction, asker), name: component.name, acknowledge: () => interaction.deferUpdate() },
      ports,
    );
    if (accepted === null) return;
    try {
      await show(interaction, await press(interaction, component, { args: customId.args, asker }));
      ports.presses.noteAnswered(interaction.id);
    } catch (error) {
      // What Discord did not take is not answered: people are told so by and by.
      ports.presses.letGo(interaction.id);
      throw error;
    }
  };

  async function show({ webhook }: ButtonInteraction, { update, notice }: PressAnswer): Promise<void> {
    // Not editReply and followUp, which want to have acknowledged by themselves.
    if (update !== null) await webhook.editMessage('@original', toReply(update));
    if (notice === null) return;
    const { content, allowedMentions } = toReply(notice);
    await webhook.send({ content: content ?? '', flags: MessageFlags.Ephemeral, allowedMentions: allowedMentions ?? {} });
  }

  type Pressing = { readonly args: readonly string[]; readonly asker: Asker };

  async function press(interaction: ButtonInteraction, component: Component, { args, asker }: Pressing): Promise<PressAnswer> {
    try {
      return await component.press(args, ports.commandContextOf(asker, replyAddressOf(interaction)));
    } catch (error) {
      if (error instanceof Refusal) return { update: null, notice: textMessage(showRefusal(error)) };
      ports.reportBug(error, interaction.id);
      return { update: null, notice: textMessage(apologise(interaction.id)) };
    }
  }
}

async function refuse(interaction: ButtonInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}
