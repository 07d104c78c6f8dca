import { CannotSend } from './cannot-send.ts';
import { createInteraction, interactionJson, type Place } from './interaction-payload.ts';
import { messageJson } from './message-json.ts';
import { current } from './messages.ts';
import { findPlace } from './place.ts';
import type { Interaction, Message, World } from './world.ts';

export type Sent = { readonly interaction: Interaction; readonly payload: unknown };
export type Control = Message['revisions'][number]['components'][number]['components'][number];

type Reach = { readonly user: string; readonly messageId: string; readonly toDo: 'press buttons' | 'use selects' };

/** A message somewhere, if the member sees it. */
export function reachMessage(world: World, { user, messageId, toDo }: Reach): { readonly message: Message; readonly place: Place } {
  const message = [...world.messages.values()].flatMap((messages) => messages.find(({ id }) => id === messageId) ?? [])[0];
  const guildId = world.channels.get(message?.channelId ?? '')?.guildId;
  if (message === undefined || guildId === undefined) throw new CannotSend(`There is no message ${messageId}.`);

  const place = findPlace(world, { user, guildId, channelId: message.channelId }, toDo);
  if (message.ephemeral && message.interaction?.user.id !== user)
    throw new CannotSend(`${place.member.user.name} does not see message ${messageId}.`);
  return { message, place };
}

type Use = { readonly message: Message; readonly place: Place; readonly control: Control; readonly typed: string };

/** What the bot hears when a member uses a component of a message. */
export function useComponent(world: World, { message, place, control, typed }: Use, values: readonly string[] | null): Sent {
  const interaction = createInteraction(world, place, { kind: 'component', typed, sourceId: message.id, openedBy: null });
  const data = {
    custom_id: control.custom_id,
    component_type: control.type,
    id: control.id || countBefore(message, control),
    ...(values === null ? {} : { values }),
  };
  return { interaction, payload: interactionJson(world, place, interaction, { data, message: messageJson(world, message) }) };
}

/** Discord numbers components in reading order, a row before what is in it. */
function countBefore(message: Message, control: Control): number {
  const all = current(message).components.flatMap((row) => [row, ...row.components]);
  return all.indexOf(control) + 1;
}
