import type { Channel, Guild, Member } from './world.ts';

export const PERMISSIONS = {
  administrator: 1n << 3n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useCommands: 1n << 31n,
} as const;

/** What @everyone may do on a new server. */
export const ORDINARY_PERMISSIONS =
  PERMISSIONS.viewChannel |
  PERMISSIONS.sendMessages |
  PERMISSIONS.embedLinks |
  PERMISSIONS.attachFiles |
  PERMISSIONS.readHistory |
  PERMISSIONS.mentionEveryone |
  PERMISSIONS.useCommands;

const ALL_PERMISSIONS = (1n << 53n) - 1n;

/** Roles first, then the channel's overwrites: everyone, roles, the member. The owner and administrators may do everything. */
export function permissionsIn(guild: Guild, member: Member, channel: Channel): bigint {
  const roleIds = [guild.id, ...member.roleIds];
  const base = roleIds.reduce((bits, id) => bits | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  if (guild.ownerId === member.user.id || (base & PERMISSIONS.administrator) !== 0n) return ALL_PERMISSIONS;

  return [[guild.id], member.roleIds, [member.user.id]].reduce((bits, ids) => {
    const overwrites = channel.overwrites.filter(({ id }) => ids.includes(id));
    const denied = overwrites.reduce((sum, { deny }) => sum | deny, 0n);
    const allowed = overwrites.reduce((sum, { allow }) => sum | allow, 0n);
    return (bits & ~denied) | allowed;
  }, base);
}

export function holds(permissions: bigint, wanted: bigint): boolean {
  return (permissions & wanted) === wanted;
}
