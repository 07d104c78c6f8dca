import type { Asker, CommandContext, Permission, RequestContext } from '../commands/command.ts';
import type { Pressed } from './permissions.ts';
import type { FollowedReply } from './progress.ts';

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
