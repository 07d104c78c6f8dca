import type { FilledForm, Form } from '../render/form.ts';
import type { Message } from '../render/message.ts';
import type { Answer, CommandContext, Permission, RequestContext, Visibility } from './command.ts';

/** What a press leads to: another text of the pressed message, words for the presser alone, both or neither. */
export type PressAnswer = {
  readonly update: Message | null;
  readonly notice: Message | null;
  /** A new message to all: for what everybody should see when the pressed message is seen by the presser alone. */
  readonly announcement?: Message;
};

/** A kind of button or select. What one means stands in its custom id; whose it is must be asked of the rows it names. */
export type Component = {
  readonly kind: 'press';
  /** The second part of its custom ids. */
  readonly name: string;
  readonly permission: Permission;
  /** `values` are those chosen of a select; a button has none. */
  readonly press: (args: readonly string[], context: CommandContext, values: readonly string[]) => Promise<PressAnswer>;
};

/** A kind of button that opens a form, which Discord wants to have at once: it is made without I/O. */
export type FormButton = {
  readonly kind: 'form-button';
  readonly name: string;
  readonly permission: Permission;
  /** `pressedText` is the content of the message that the button is on. */
  readonly open: (args: readonly string[], context: RequestContext, pressedText: string) => Form;
};

/** A kind of form that came back filled in: it changes the message that it was opened from, or is answered as a command is. */
export type FormAnswer = { readonly name: string; readonly permission: Permission } & (
  | {
      readonly kind: 'form-press';
      readonly submit: (args: readonly string[], filled: FilledForm, context: CommandContext) => Promise<PressAnswer>;
    }
  | {
      readonly kind: 'form-command';
      readonly firstAnswer: Visibility;
      /** Refuses without I/O, before the first answer. */
      readonly prepare: (
        args: readonly string[],
        filled: FilledForm,
        context: RequestContext,
      ) => (context: CommandContext) => Promise<Answer>;
    }
);

export type Pressable = Component | FormButton | FormAnswer;

export const update = (message: Message): PressAnswer => ({ update: message, notice: null });

export const notice = (message: Message): PressAnswer => ({ update: null, notice: message });
