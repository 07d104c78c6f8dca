import { type BaseInteraction, PermissionFlagsBits } from 'discord.js';
import type { Permission } from '../commands/command.ts';

/** Which roles make whom in a guild; null while none is set. Without I/O. */
export type RolesOf = (guildId: string) => { readonly traderRoleId: string | null; readonly adminRoleId: string | null };

export type Pressed = Pick<BaseInteraction, 'guildId' | 'member' | 'memberPermissions'>;

/** Decides from what came with the interaction itself, which is fresh; what it does not say is not held. */
export function createPermissions(rolesIn: RolesOf) {
  return function mayUse(pressed: Pressed, permission: Permission): boolean {
    if (pressed.guildId === null || pressed.member === null) return false;
    const roles = rolesIn(pressed.guildId);
    switch (permission) {
      case 'viewer':
        return true;
      case 'trader':
        return isAdmin(pressed, roles.adminRoleId) || isTrader(pressed, roles.traderRoleId);
      case 'admin':
        return isAdmin(pressed, roles.adminRoleId);
    }
  };
}

/** Until a role is set, everybody who sees the channel is a trader. */
function isTrader({ member }: Pressed, roleId: string | null): boolean {
  return roleId === null || rolesOf(member).includes(roleId);
}

/** Who manages the server always is. */
function isAdmin({ member, memberPermissions }: Pressed, roleId: string | null): boolean {
  return (memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false) || (roleId !== null && rolesOf(member).includes(roleId));
}

function rolesOf(member: Pressed['member']): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}
