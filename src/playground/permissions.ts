import { PERMISSIONS } from './permission-bits.ts';
import type { Channel, Guild, Member } from './world.ts';

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
