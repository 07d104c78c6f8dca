import { CannotSend } from './cannot-send.ts';
import type { Place } from './interaction-payload.ts';
import { holds, PERMISSIONS } from './permission-bits.ts';
import { permissionsIn } from './permissions.ts';
import type { World } from './world.ts';

export type Standing = { readonly user: string; readonly guildId: string; readonly channelId: string };

/** Where a member stands; throws if there is no such place, the member is not in it, or may not do what is wanted there. */
export function findPlace(
  world: World,
  { user, guildId, channelId }: Standing,
  toDo: 'use commands' | 'press buttons' | 'use selects' | 'submit modals',
): Place {
  const guild = world.guilds.get(guildId);
  const channel = guild?.channels.get(channelId);
  const member = guild?.members.get(user);
  if (guild === undefined) throw new CannotSend(`There is no server ${guildId}; use an id that addGuild returned.`);
  if (channel === undefined)
    throw new CannotSend(`The server ${guild.name} has no channel ${channelId}; use an id that addChannel returned for it.`);
  if (member === undefined) throw new CannotSend(`${user} is no member of ${guild.name}; use an id that addMember returned for it.`);
  const wanted = toDo === 'use commands' ? PERMISSIONS.viewChannel | PERMISSIONS.useCommands : PERMISSIONS.viewChannel;
  if (!holds(permissionsIn(guild, member, channel), wanted)) {
    throw new CannotSend(`${member.user.name} may not ${toDo} in #${channel.name}.`);
  }
  return { guild, channel, member };
}
