import { CannotSend } from './cannot-send.ts';
import { createInteraction, interactionJson } from './interaction-payload.ts';
import { messageJson } from './message-json.ts';
import { current } from './messages.ts';
import { findPlace } from './place.ts';
import type { Interaction, Message, World } from './world.ts';

export type ButtonPress = {
  readonly user: string;
  readonly messageId: string;
  /** Its custom id or its caption. */
  readonly button: string;
};

const BUTTON = 2;
const LINK = 5;

/** What a member's client does with a press: it sees the message and the button as they are now. */
export function pressButton(world: World, { user, messageId, button }: ButtonPress) {
  const { message, guildId } = findMessageAnywhere(world, messageId);
  const place = findPlace(world, { user, guildId, channelId: message.channelId }, 'press buttons');
  if (message.ephemeral && message.interaction?.user.id !== user)
    throw new CannotSend(`${place.member.user.name} does not see message ${messageId}.`);
  const control = findButton(message, button);

  const interaction: Interaction = createInteraction(world, place, {
    kind: 'component',
    typed: `[${control.label ?? control.custom_id}]`,
    sourceId: message.id,
  });
  const data = { custom_id: control.custom_id, component_type: BUTTON, id: 1 };
  return { interaction, payload: interactionJson(world, place, interaction, { data, message: messageJson(world, message) }) };
}

function findButton(message: Message, wanted: string) {
  const buttons = current(message).components.flatMap(({ components }) => components.filter((control) => control.type === BUTTON));
  const control = buttons.find(({ custom_id, label }) => custom_id === wanted || label === wanted);
  if (control === undefined) {
    const captions = buttons.map(({ label, custom_id }) => label ?? custom_id).join(', ') || 'none';
    throw new CannotSend(`Message ${message.id} has no button "${wanted}"; it has: ${captions}.`);
  }
  if (control.disabled) throw new CannotSend(`The button "${wanted}" is disabled.`);
  if (control.style === LINK) throw new CannotSend(`The button "${wanted}" is a link; the bot does not hear of it.`);
  return control;
}

function findMessageAnywhere(world: World, messageId: string): { readonly message: Message; readonly guildId: string } {
  for (const [channelId, messages] of world.messages) {
    const message = messages.find(({ id }) => id === messageId);
    const channel = world.channels.get(channelId);
    if (message !== undefined && channel !== undefined) return { message, guildId: channel.guildId };
  }
  throw new CannotSend(`There is no message ${messageId}.`);
}
