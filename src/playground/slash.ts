import { CannotSend } from './cannot-send.ts';
import { listCommands } from './commands.ts';
import { createInteraction, interactionJson, type Place } from './interaction-payload.ts';
import type { CommandOption, LeafOption } from './option-form.ts';
import { isLeaf } from './option-form.ts';
import { checkValue, isFile, type OptionValue } from './option-value.ts';
import { holds } from './permission-bits.ts';
import { permissionsIn } from './permissions.ts';
import { findPlace } from './place.ts';
import { type Given, resolveOptions } from './resolved.ts';
import type { Command, Interaction, World } from './world.ts';

export type Typed = {
  readonly user: string;
  readonly guildId: string;
  readonly channelId: string;
  /** The command and, where it has them, its group and subcommand: "backtest", "runs trades". */
  readonly command: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** A server's own settings may show a command to members whom its default permissions leave out. */
  readonly ignoreDefaultPermissions: boolean;
};

/** What a member's client does with a command: it checks what was typed and makes the interaction the bot will receive. */
export function typeCommand(world: World, typed: Typed): { readonly interaction: Interaction; readonly payload: unknown } {
  const place = findPlace(world, typed, 'use commands');
  const [name = '', ...path] = typed.command.split(' ');
  const { id, guildId, form } = findRegistered(world, place, name, typed.ignoreDefaultPermissions);
  const { leaves, wrap } = descend(form.options ?? [], path, typed.command);
  const given = fillIn(leaves, typed);
  const { values, resolved } = resolveOptions(world, place, given);

  const interaction = createInteraction(world, place, { kind: 'command', typed: showTyped(typed), sourceId: null, openedBy: null });
  const data = { id, name, type: 1, ...(guildId === null ? {} : { guild_id: guildId }), options: wrap(values), resolved };
  return { interaction, payload: interactionJson(world, place, interaction, { data, message: null }) };
}

export function findRegistered(world: World, { guild, channel, member }: Place, name: string, ignoreDefaultPermissions: boolean): Command {
  const all = [...listCommands(world, guild.id), ...listCommands(world, null)];
  const command = all.find(({ form }) => form.name === name);
  if (command === undefined) {
    throw new CannotSend(`No command /${name} is registered; registered: ${all.map(({ form }) => `/${form.name}`).join(', ') || 'none'}.`);
  }
  const wanted = BigInt(command.form.default_member_permissions ?? 0);
  if (!ignoreDefaultPermissions && !holds(permissionsIn(guild, member, channel), wanted)) {
    throw new CannotSend(`/${name} is not shown to ${member.user.name}: it wants the permissions ${wanted}.`);
  }
  return command;
}

type Opened = { readonly leaves: readonly LeafOption[]; readonly wrap: (values: readonly unknown[]) => readonly unknown[] };

/** Follows group and subcommand to the options that can be filled in, and tells how to wrap them again. */
export function descend(options: readonly CommandOption[], path: readonly string[], command: string): Opened {
  const [next, ...rest] = path;
  const branches = options.flatMap((option) => (isLeaf(option) ? [] : [option]));
  if (next === undefined && branches.length === 0) return { leaves: options.filter(isLeaf), wrap: (values) => values };

  const branch = branches.find(({ name }) => name === next);
  if (branch === undefined)
    throw new CannotSend(`/${command} names no subcommand; there is: ${branches.map(({ name }) => name).join(', ') || 'none'}.`);
  const { leaves, wrap } = descend(branch.options ?? [], rest, command);
  return { leaves, wrap: (values) => [{ name: branch.name, type: branch.type, options: wrap(values) }] };
}

function fillIn(leaves: readonly LeafOption[], { command, options }: Typed): readonly Given[] {
  const unknown = Object.keys(options).find((name) => !leaves.some((leaf) => leaf.name === name));
  if (unknown !== undefined) {
    throw new CannotSend(`/${command} has no option "${unknown}"; it has: ${leaves.map(({ name }) => name).join(', ') || 'none'}.`);
  }
  const missing = leaves.find(({ name, required }) => required && options[name] === undefined);
  if (missing !== undefined) throw new CannotSend(`/${command} needs the option ${missing.name}.`);

  return leaves.flatMap((option): Given[] => {
    const value = options[option.name];
    if (value === undefined) return [];
    checkValue(option, value);
    return [{ option, value }];
  });
}

export function showTyped({ command, options }: Pick<Typed, 'command' | 'options'>): string {
  const shown = Object.entries(options).map(([name, value]) => `${name}:${isFile(value) ? value.name : value}`);
  return [`/${command}`, ...shown].join(' ');
}
