import type { ButtonInteraction, StringSelectMenuInteraction } from 'discord.js';
import type { Asker } from '../commands/command.ts';
import type { Component, FormButton, PressAnswer, Pressable } from '../commands/component.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseCustomId } from '../render/button.ts';
import type { Form } from '../render/form.ts';
import { textMessage } from '../render/message.ts';
import { accept } from './accept.ts';
import { askerOf, pressOf, replyAddressOf } from './asker.ts';
import type { RouterPorts } from './router-ports.ts';
import { showForm } from './show-form.ts';
import { showPressAnswer } from './show-press-answer.ts';
import { apologise, needsPermission, OLDER_BUTTON, OUTSIDE, refuse, showRefusal } from './words.ts';

type Pressed = ButtonInteraction | StringSelectMenuInteraction;

/**
 * Answers buttons and selects. What opens a form does so at once; every other press is acknowledged as an edit to come, and words for
 * the presser alone follow as an ephemeral message.
 */
export function createPressAnswers(pressables: readonly Pressable[], ports: RouterPorts) {
  const byName = new Map(
    pressables.flatMap((pressable) =>
      pressable.kind === 'press' || pressable.kind === 'form-button' ? [[pressable.name, pressable] as const] : [],
    ),
  );

  return async function answerPress(interaction: Pressed): Promise<void> {
    const customId = parseCustomId(interaction.customId);
    const pressable = customId === null ? undefined : byName.get(customId.component);
    const asker = askerOf(interaction, ports.mayUse);
    if (asker === null) return refuse(interaction, OUTSIDE);
    if (customId === null || pressable === undefined) return refuse(interaction, OLDER_BUTTON);
    // Whoever sees a message can press its buttons, so every press is checked anew.
    if (!ports.mayUse(interaction, pressable.permission)) return refuse(interaction, needsPermission('This button', pressable.permission));
    if (pressable.kind === 'form-button') return openForm(interaction, pressable, { args: customId.args, asker });
    const accepted = await accept(
      interaction,
      { press: pressOf(interaction, asker), name: pressable.name, acknowledge: () => interaction.deferUpdate() },
      ports,
    );
    if (accepted === null) return;
    try {
      await showPressAnswer(interaction, await press(interaction, pressable, { args: customId.args, asker }));
      ports.presses.noteAnswered(interaction.id);
    } catch (error) {
      // What Discord did not take is not answered: people are told so by and by.
      ports.presses.letGo(interaction.id);
      throw error;
    }
  };

  type Pressing = { readonly args: readonly string[]; readonly asker: Asker };

  async function openForm(interaction: Pressed, button: FormButton, { args, asker }: Pressing): Promise<void> {
    const form = tryOpen(interaction, button, { args, asker });
    if ('refusal' in form) return refuse(interaction, form.refusal);
    await showForm(interaction, { form, name: button.name }, ports);
  }

  function tryOpen(interaction: Pressed, button: FormButton, { args, asker }: Pressing): Form | { readonly refusal: string } {
    try {
      return button.open(args, ports.requestContextOf(asker), interaction.message.content);
    } catch (error) {
      if (error instanceof Refusal) return { refusal: showRefusal(error) };
      ports.reportBug(error, interaction.id);
      return { refusal: apologise(interaction.id) };
    }
  }

  async function press(interaction: Pressed, component: Component, { args, asker }: Pressing): Promise<PressAnswer> {
    try {
      const values = interaction.isStringSelectMenu() ? interaction.values : [];
      return await component.press(args, ports.commandContextOf(asker, replyAddressOf(interaction)), values);
    } catch (error) {
      if (error instanceof Refusal) return { update: null, notice: textMessage(showRefusal(error)) };
      ports.reportBug(error, interaction.id);
      return { update: null, notice: textMessage(apologise(interaction.id)) };
    }
  }
}
