import type { AllowedMentions } from './message-form.ts';
import { holds, PERMISSIONS } from './permission-bits.ts';
import { permissionsIn } from './permissions.ts';
import type { Message, Pings, User, World } from './world.ts';

export const NO_PINGS: Pings = { everyone: false, users: [], roles: [] };

type Sending = {
  readonly author: User;
  readonly channelId: string;
  readonly content: string;
  readonly allowed: AllowedMentions | null;
  /** What may ping when the sender says nothing: answers to interactions ping users only. */
  readonly byDefault: readonly ('users' | 'roles' | 'everyone')[];
  readonly repliesTo: Message | null;
};

/** Whom a new message really pings. Mentions inside embeds never do. */
export function findPings(world: World, { author, channelId, content, allowed, byDefault, repliesTo }: Sending): Pings {
  const channel = world.channels.get(channelId);
  const guild = channel && world.guilds.get(channel.guildId);
  const member = guild?.members.get(author.id);
  if (channel === undefined || guild === undefined || member === undefined) return NO_PINGS;

  const parse = allowed === null ? byDefault : (allowed.parse ?? []);
  const mayPingAll = holds(permissionsIn(guild, member, channel), PERMISSIONS.mentionEveryone);
  const mentionedUsers = findIds(content, /<@!?(\d+)>/g).filter((id) => guild.members.has(id));
  const mentionedRoles = findIds(content, /<@&(\d+)>/g).filter(
    (id) => guild.roles.get(id)?.mentionable || (mayPingAll && guild.roles.has(id)),
  );
  const pingsReply = repliesTo !== null && (allowed === null || allowed.replied_user === true);

  return {
    everyone: mayPingAll && parse.includes('everyone') && /@(everyone|here)\b/.test(content),
    users: unique([
      ...mentionedUsers.filter((id) => parse.includes('users') || allowed?.users?.includes(id)),
      ...(pingsReply ? [repliesTo.author.id] : []),
    ]),
    roles: unique(mentionedRoles.filter((id) => parse.includes('roles') || allowed?.roles?.includes(id))),
  };
}

function findIds(content: string, pattern: RegExp): readonly string[] {
  return [...content.matchAll(pattern)].flatMap(([, id]) => (id === undefined ? [] : [id]));
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
