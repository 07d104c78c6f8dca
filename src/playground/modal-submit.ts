import { CannotSend } from './cannot-send.ts';
import { COMPONENT } from './component-type.ts';
import type { Sent } from './component-use.ts';
import { createInteraction, interactionJson } from './interaction-payload.ts';
import { messageJson } from './message-json.ts';
import { type Filled, fillIn } from './modal-filling.ts';
import type { FieldForm, ModalForm, ModalPart } from './modal-form.ts';
import { viewModal } from './modal-view.ts';
import { findPlace } from './place.ts';
import type { Modal, World } from './world.ts';

/** What the member's client does with a filled form: it checks the fields and makes the interaction the bot will receive. */
export function submitModal(world: World, modalId: string, given: Readonly<Record<string, Filled>>): Sent {
  const modal = findOpenModal(world, modalId);
  const { form, openedBy } = modal;
  const place = findPlace(world, { ...openedBy, user: openedBy.user.id }, 'submit modals');
  const filled = fillIn(viewModal(modal), given);

  modal.state = 'submitted';
  const { sourceId } = openedBy;
  const interaction = createInteraction(world, place, { kind: 'modal', typed: `form "${form.title}"`, sourceId, openedBy });
  const source = world.messages.get(openedBy.channelId)?.find(({ id }) => id === sourceId);
  const data = { custom_id: form.custom_id, components: writeParts(form, filled) };
  const message = source === undefined ? null : messageJson(world, source);
  return { interaction, payload: interactionJson(world, place, interaction, { data, message }) };
}

/** Puts the form away; the bot does not hear of it. */
export function closeModal(world: World, modalId: string): void {
  findOpenModal(world, modalId).state = 'closed';
  world.announceChange();
}

function findOpenModal(world: World, modalId: string): Modal {
  const modal = world.modals.get(modalId);
  if (modal === undefined) throw new CannotSend(`There is no modal ${modalId}; use one that waitForModal returned.`);
  if (modal.state !== 'open') throw new CannotSend(`The modal "${modal.form.title}" was ${modal.state} already.`);
  return modal;
}

/** The form as the bot reads it: what was filled in, without captions; every component numbered in reading order. */
function writeParts({ components }: ModalForm, filled: ReadonlyMap<string, Filled>): readonly unknown[] {
  const number = createNumbers(components.flatMap((part) => [part, ...fieldsIn(part)]));
  const writeField = ({ type, id, custom_id }: FieldForm) => ({
    type,
    id: number(id),
    custom_id,
    ...writeValue(type, filled.get(custom_id) ?? ''),
  });
  return components.map((part) => {
    const head = { type: part.type, id: number(part.id) };
    if (part.type === COMPONENT.words) return head;
    if (part.type === COMPONENT.label) return { ...head, component: writeField(part.component) };
    return { ...head, components: part.components.map(writeField) };
  });
}

function writeValue(type: FieldForm['type'], value: Filled): { readonly value: unknown } | { readonly values: readonly string[] } {
  if (typeof value === 'string' || typeof value === 'boolean') return { value };
  return type === COMPONENT.radioGroup ? { value: value[0] ?? null } : { values: value };
}

type Numbered = { readonly id?: number | null | undefined };

/** Numbers for components that brought none, in the order in which they are asked for. */
function createNumbers(components: readonly Numbered[]): (id: number | null | undefined) => number {
  const taken = new Set(components.map(({ id }) => id));
  let last = 0;
  return (id) => {
    if (id) return id;
    do last += 1;
    while (taken.has(last));
    return last;
  };
}

function fieldsIn(part: ModalPart): readonly FieldForm[] {
  if (part.type === COMPONENT.words) return [];
  return part.type === COMPONENT.label ? [part.component] : part.components;
}
