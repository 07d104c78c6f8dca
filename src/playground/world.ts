import type { CommandForm } from './command-form.ts';
import type { Component, Embed } from './message-form.ts';
import type { ModalForm } from './modal-form.ts';
import { ORDINARY_PERMISSIONS } from './permission-bits.ts';
import { createSnowflakes } from './snowflake.ts';

export type User = { readonly id: string; readonly name: string; readonly bot: boolean };
export type Role = { readonly id: string; readonly name: string; readonly permissions: bigint; readonly mentionable: boolean };
export type Member = { readonly user: User; roleIds: readonly string[]; readonly joinedAtMs: number };
/** Deviation of one channel from the roles' permissions, for a role or a member. */
export type Overwrite = { readonly of: 'role' | 'member'; readonly id: string; readonly allow: bigint; readonly deny: bigint };
export type Channel = { readonly id: string; readonly guildId: string; readonly name: string; readonly overwrites: readonly Overwrite[] };

export type Guild = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
  readonly channels: Map<string, Channel>;
};

export type Attachment = {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly description: string | null;
  readonly url: string;
};

/** Whom a message made a sound for. */
export type Pings = { readonly everyone: boolean; readonly users: readonly string[]; readonly roles: readonly string[] };

/** What can change about a message. */
export type Revision = {
  readonly atMs: number;
  readonly content: string;
  readonly embeds: readonly Embed[];
  readonly components: readonly Component[];
  readonly attachments: readonly Attachment[];
  /** "… is thinking": a deferred answer without its text. */
  readonly loading: boolean;
};

export type Message = {
  readonly id: string;
  readonly channelId: string;
  readonly author: User;
  readonly type: number;
  readonly flags: number;
  readonly nonce: string | number | null;
  readonly repliesToId: string | null;
  readonly interaction: Interaction | null;
  readonly ephemeral: boolean;
  readonly pings: Pings;
  readonly revisions: Revision[];
};

export type Command = { readonly id: string; readonly guildId: string | null; readonly version: string; readonly form: CommandForm };

/** What a bot suggested for an option. */
export type Suggestion = { readonly name: string; readonly value: string | number };

/** A command somebody gave, an option somebody is typing, a button or select somebody used, or a modal somebody submitted. */
export type Interaction = {
  readonly kind: 'command' | 'autocomplete' | 'component' | 'modal';
  readonly id: string;
  readonly token: string;
  readonly createdAtMs: number;
  readonly user: User;
  readonly guildId: string;
  readonly channelId: string;
  /** The command as the channel shows it, with its options; of a button its caption, of a select what was chosen, of a modal its title. */
  readonly typed: string;
  /** The message whose button or select was used, also if that opened the modal; null for a command. */
  readonly sourceId: string | null;
  /** What opened the modal that was submitted; null for everything else. */
  readonly openedBy: Interaction | null;
  firstAnswer: { readonly type: number; readonly atMs: number; readonly ephemeral: boolean } | null;
  originalId: string | null;
  /** What was suggested; null while nothing was, and for everything but autocomplete. */
  suggestions: readonly Suggestion[] | null;
  readonly followUpIds: string[];
};

/** A form that opened over the channel, for the one member who asked. */
export type Modal = { readonly form: ModalForm; readonly openedBy: Interaction; state: 'open' | 'submitted' | 'closed' };

/** Everything there is on this Discord. It lives in memory and is changed in place, as a server's state is. */
export type World = ReturnType<typeof createWorld>;

export function createWorld({ clock, botName }: { readonly clock: () => number; readonly botName: string }) {
  const newId = createSnowflakes(clock);
  const bot: User = { id: newId(), name: botName, bot: true };
  const listeners = new Set<() => void>();
  return {
    clock,
    newId,
    bot,
    guilds: new Map<string, Guild>(),
    channels: new Map<string, Channel>(),
    users: new Map<string, User>([[bot.id, bot]]),
    /** By channel, oldest first. */
    messages: new Map<string, Message[]>(),
    /** By guild id; '' holds the global ones. */
    commands: new Map<string, Command[]>(),
    commandCreatesAtMs: new Map<string, number[]>(),
    interactions: new Map<string, Interaction>(),
    /** By the id of the interaction that opened them. */
    modals: new Map<string, Modal>(),
    /** Uploads by the path of their address. */
    uploads: new Map<string, Attachment>(),
    /** Edits of messages older than an hour, by channel. */
    oldEditsAtMs: new Map<string, number[]>(),
    origin: '',
    listeners,
    announceChange: () => {
      for (const listener of [...listeners]) listener();
    },
  };
}

export function addGuild(world: World, name: string): Guild {
  const id = world.newId();
  const owner: User = { id: world.newId(), name: 'owner', bot: false };
  const guild: Guild = { id, name, ownerId: owner.id, roles: new Map(), members: new Map(), channels: new Map() };
  // The role of everybody has the guild's own id.
  guild.roles.set(id, { id, name: '@everyone', permissions: ORDINARY_PERMISSIONS, mentionable: false });
  world.guilds.set(id, guild);
  join(world, guild, owner, []);
  join(world, guild, world.bot, []);
  return guild;
}

export function addRole(world: World, guild: Guild, role: Omit<Role, 'id'>): Role {
  const added = { ...role, id: world.newId() };
  guild.roles.set(added.id, added);
  return added;
}

export function addChannel(
  world: World,
  guild: Guild,
  { name, overwrites }: { readonly name: string; readonly overwrites: readonly Overwrite[] },
): Channel {
  const channel: Channel = { id: world.newId(), guildId: guild.id, name, overwrites };
  guild.channels.set(channel.id, channel);
  world.channels.set(channel.id, channel);
  world.messages.set(channel.id, []);
  return channel;
}

export function removeChannel(world: World, { id, guildId }: Channel): void {
  world.guilds.get(guildId)?.channels.delete(id);
  world.channels.delete(id);
  world.messages.delete(id);
  world.announceChange();
}

export function join(world: World, guild: Guild, user: User, roleIds: readonly string[]): Member {
  const member: Member = { user, roleIds, joinedAtMs: world.clock() };
  world.users.set(user.id, user);
  guild.members.set(user.id, member);
  return member;
}
