import { CannotSend } from './cannot-send.ts';
import { findChoiceFault } from './choices.ts';
import { COMPONENT } from './component-type.ts';
import { reachMessage, type Sent, useComponent } from './component-use.ts';
import { current } from './messages.ts';
import type { Message, World } from './world.ts';

export type SelectUse = {
  readonly user: string;
  readonly messageId: string;
  /** Its custom id or its placeholder. */
  readonly select: string;
  /** Values of its options. */
  readonly values: readonly string[];
};

/** What a member's client does with a choice from a menu of texts: it sees the message and the menu as they are now. */
export function useSelect(world: World, { user, messageId, select, values }: SelectUse): Sent {
  const { message, place } = reachMessage(world, { user, messageId, toDo: 'use selects' });
  const control = findSelect(message, select);
  const { options, min_values, max_values } = control;
  const fault = findChoiceFault({ options, least: min_values ?? 1, most: max_values ?? 1 }, values);
  if (fault !== null) throw new CannotSend(`The select "${select}" is given ${JSON.stringify(values)}; Discord takes ${fault}.`);

  const chosen = options.filter(({ value }) => values.includes(value)).map(({ label }) => label);
  return useComponent(world, { message, place, control, typed: `[▾ ${chosen.join(', ')}]` }, values);
}

function findSelect(message: Message, wanted: string) {
  const controls = current(message).components.flatMap(({ components }) => components);
  const selects = controls.filter((control) => control.type === COMPONENT.select);
  const control = selects.find(({ custom_id, placeholder }) => custom_id === wanted || placeholder === wanted);
  if (control === undefined) {
    const ids = selects.map(({ custom_id }) => custom_id).join(', ') || 'none';
    throw new CannotSend(`Message ${message.id} has no select "${wanted}"; it has: ${ids}.`);
  }
  if (control.disabled) throw new CannotSend(`The select "${wanted}" is disabled.`);
  return control;
}
