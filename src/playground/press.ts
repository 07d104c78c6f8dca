import { ANSWERS } from './interactions.ts';
import { type ModalView, viewModal } from './modal-view.ts';
import { type MessageView, viewMessage } from './view.ts';
import { PATIENCE_MS, waitFor } from './wait.ts';
import type { Interaction, World } from './world.ts';

export type FirstAnswer = { readonly kind: keyof typeof ANSWERS; readonly ephemeral: boolean; readonly afterMs: number };

/** A command somebody gave, a button or select somebody used or a modal somebody submitted, and what came of it. */
export type Press = {
  readonly interactionId: string;
  readonly createdAtMs: number;
  readonly firstAnswer: (timeoutMs?: number) => Promise<FirstAnswer>;
  /** How long the bot took to acknowledge; null while it has not. */
  readonly acknowledgedAfterMs: () => number | null;
  /** The original answer as it stands, of an edit the message of the component; null before there is one and after it was deleted. */
  readonly reply: () => MessageView | null;
  readonly followUps: () => readonly MessageView[];
  /** The original answer as soon as it fits; without a condition as soon as it is more than "thinking". */
  readonly waitForReply: (fits?: (message: MessageView) => boolean, timeoutMs?: number) => Promise<MessageView>;
  /** The modal this opened, as it stands; null while it opened none. */
  readonly modal: () => ModalView | null;
  readonly waitForModal: (timeoutMs?: number) => Promise<ModalView>;
};

export function viewPress(world: World, interaction: Interaction): Press {
  const find = (id: string | null) => world.messages.get(interaction.channelId)?.find((message) => message.id === id) ?? null;
  const reply = () => {
    const message = find(interaction.originalId);
    return message && viewMessage(message);
  };
  const modal = () => {
    const opened = world.modals.get(interaction.id);
    return opened === undefined ? null : viewModal(opened);
  };
  const first = (): FirstAnswer | null => {
    if (interaction.firstAnswer === null) return null;
    const { type, atMs, ephemeral } = interaction.firstAnswer;
    return { kind: kindOf(type), ephemeral, afterMs: atMs - interaction.createdAtMs };
  };
  return {
    interactionId: interaction.id,
    createdAtMs: interaction.createdAtMs,
    firstAnswer: (timeoutMs = PATIENCE_MS) => waitFor(world, first, { timeoutMs, what: `a first answer to ${interaction.typed}` }),
    acknowledgedAfterMs: () => first()?.afterMs ?? null,
    reply,
    followUps: () => interaction.followUpIds.flatMap((id) => find(id) ?? []).map(viewMessage),
    waitForReply: (fits = ({ loading }) => !loading, timeoutMs = PATIENCE_MS) => {
      const fitting = () => {
        const message = reply();
        return message !== null && fits(message) ? message : null;
      };
      return waitFor(world, fitting, { timeoutMs, what: `a fitting answer to ${interaction.typed}` });
    },
    modal,
    waitForModal: (timeoutMs = PATIENCE_MS) => waitFor(world, modal, { timeoutMs, what: `a modal for ${interaction.typed}` }),
  };
}

function kindOf(type: number): FirstAnswer['kind'] {
  const kinds = Object.keys(ANSWERS) as (keyof typeof ANSWERS)[];
  return kinds.find((kind) => ANSWERS[kind] === type) ?? 'message';
}
