import { CannotSend } from './cannot-send.ts';
import { createInteraction, interactionJson } from './interaction-payload.ts';
import { isFile, type OptionValue } from './option-value.ts';
import { findPlace, type Standing } from './place.ts';
import { descend, findRegistered, showTyped } from './slash.ts';
import type { Interaction, World } from './world.ts';

export type Typing = Standing & {
  readonly command: string;
  /** The option somebody is typing, and what stands in it so far. */
  readonly option: string;
  readonly text: string;
  /** What is filled in already, unchecked. */
  readonly options: Readonly<Record<string, OptionValue>>;
};

/** What a member's client asks the bot for while an option is being typed. */
export function typeOption(world: World, typing: Typing): { readonly interaction: Interaction; readonly payload: unknown } {
  const { command, option: focused, text, options } = typing;
  const place = findPlace(world, typing, 'use commands');
  const [name = '', ...path] = command.split(' ');
  const { id, guildId, form } = findRegistered(world, place, name, false);
  const { leaves, wrap } = descend(form.options ?? [], path, command);
  const option = leaves.find((leaf) => leaf.name === focused);
  if (option === undefined) throw new CannotSend(`/${command} has no option "${focused}".`);
  if (!('autocomplete' in option) || !option.autocomplete) throw new CannotSend(`Option ${focused} of /${command} suggests nothing.`);

  const filled = leaves.flatMap((leaf) => {
    const value = options[leaf.name];
    return value === undefined || isFile(value) || leaf === option ? [] : [{ name: leaf.name, type: leaf.type, value }];
  });
  // While it is typed, even a number is text.
  const typed = { name: focused, type: option.type, value: text, focused: true };
  const interaction = createInteraction(world, place, {
    kind: 'autocomplete',
    typed: showTyped({ command, options: { ...options, [focused]: text } }),
    sourceId: null,
    openedBy: null,
  });
  const data = { id, name, type: 1, ...(guildId === null ? {} : { guild_id: guildId }), options: wrap([...filled, typed]) };
  return { interaction, payload: interactionJson(world, place, interaction, { data, message: null }) };
}
