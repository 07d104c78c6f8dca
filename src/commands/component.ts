import type { Message } from '../render/message.ts';
import type { CommandContext, Permission } from './command.ts';

/** What a press leads to: another text of the pressed message, words for the presser alone, both or neither. */
export type PressAnswer = { readonly update: Message | null; readonly notice: Message | null };

/** A kind of button. What one button means stands in its custom id; whose it is must be asked of the rows it names. */
export type Component = {
  /** The second part of its custom ids. */
  readonly name: string;
  readonly permission: Permission;
  readonly press: (args: readonly string[], context: CommandContext) => Promise<PressAnswer>;
};

export const update = (message: Message): PressAnswer => ({ update: message, notice: null });

export const notice = (message: Message): PressAnswer => ({ update: null, notice: message });
