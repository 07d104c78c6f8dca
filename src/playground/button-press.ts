import { CannotSend } from './cannot-send.ts';
import { COMPONENT } from './component-type.ts';
import { reachMessage, type Sent, useComponent } from './component-use.ts';
import { current } from './messages.ts';
import type { Message, World } from './world.ts';

export type ButtonPress = {
  readonly user: string;
  readonly messageId: string;
  /** Its custom id or its caption. */
  readonly button: string;
};

const LINK = 5;

/** What a member's client does with a press: it sees the message and the button as they are now. */
export function pressButton(world: World, { user, messageId, button }: ButtonPress): Sent {
  const { message, place } = reachMessage(world, { user, messageId, toDo: 'press buttons' });
  const control = findButton(message, button);
  return useComponent(world, { message, place, control, typed: `[${control.label ?? control.custom_id}]` }, null);
}

function findButton(message: Message, wanted: string) {
  const controls = current(message).components.flatMap(({ components }) => components);
  const buttons = controls.filter((control) => control.type === COMPONENT.button);
  const control = buttons.find(({ custom_id, label }) => custom_id === wanted || label === wanted);
  if (control === undefined) {
    const captions = buttons.map(({ label, custom_id }) => label ?? custom_id).join(', ') || 'none';
    throw new CannotSend(`Message ${message.id} has no button "${wanted}"; it has: ${captions}.`);
  }
  if (control.disabled) throw new CannotSend(`The button "${wanted}" is disabled.`);
  if (control.style === LINK) throw new CannotSend(`The button "${wanted}" is a link; the bot does not hear of it.`);
  return control;
}
