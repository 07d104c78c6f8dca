import type { Interaction } from 'discord.js';
import type { Asker, Command, CommandContext, Permission, RequestContext } from '../commands/command.ts';
import type { Pressable } from '../commands/component.ts';
import { createCommandAnswers } from './answer-command.ts';
import { createFormAnswers } from './answer-form.ts';
import { createPressAnswers } from './answer-press.ts';
import { withoutToken } from './discord-errors.ts';
import type { Pressed } from './permissions.ts';
import type { FollowedReply } from './progress.ts';
import { createSuggestions } from './suggest.ts';

/** Where the reply to an interaction can be edited, by any process that holds the token: for 15 minutes. It is a secret as long. */
export type ReplyAddress = {
  readonly interactionId: string;
  readonly applicationId: string;
  readonly token: string;
  readonly repliedAtMs: number;
};

/** A command or a button as it is written down while it waits for its answer. */
export type PressedInteraction = Omit<ReplyAddress, 'repliedAtMs'> & {
  readonly guildId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly kind: 'command' | 'button';
  readonly asked: string;
  readonly pressedAtMs: number;
};

/** Remembers presses until they have their answer, so that another process can tell people when this one dies. */
export type Presses = {
  /** Must send what it writes before it returns its promise. False when the press was written down before. */
  readonly keep: (press: PressedInteraction) => Promise<boolean>;
  readonly noteAnswered: (interactionId: string) => void;
  /** Another row owns the reply from now on, or nobody does and people are told so. */
  readonly letGo: (interactionId: string) => void;
};

export type RouterPorts = {
  readonly mayUse: (interaction: Pressed, permission: Permission) => boolean;
  /** Without I/O: it is asked for before the interaction is acknowledged. */
  readonly requestContextOf: (asker: Asker) => RequestContext;
  readonly commandContextOf: (asker: Asker, reply: ReplyAddress) => CommandContext;
  /** Takes over a reply that shows the progress of work. */
  readonly followWork: (reply: FollowedReply) => void;
  readonly presses: Presses;
  /** Told how long after it was made an interaction had its first answer. */
  readonly noteAcknowledged: (name: string, afterMs: number) => void;
  readonly nowMs: () => number;
  /** Is given every error that is not for the person; an apology carries the same reference. */
  readonly reportBug: (error: unknown, reference: string) => void;
};

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
