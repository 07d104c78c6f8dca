import { type BaseInteraction, PermissionFlagsBits } from 'discord.js';
import type { Permission } from '../commands/command.ts';

/** Id of the role that makes a trader in a guild; null while none is set. Without I/O. */
export type TraderRoleOf = (guildId: string) => string | null;

export type Pressed = Pick<BaseInteraction, 'guildId' | 'member' | 'memberPermissions'>;

/** Decides from what came with the interaction itself, which is fresh; what it does not say is not held. */
export function createPermissions(traderRoleOf: TraderRoleOf) {
  return function mayUse(pressed: Pressed, permission: Permission): boolean {
    if (pressed.guildId === null || pressed.member === null) return false;
    switch (permission) {
      case 'viewer':
        return true;
      case 'trader':
        return isAdmin(pressed) || isTrader(pressed, traderRoleOf(pressed.guildId));
      case 'admin':
        return isAdmin(pressed);
    }
  };
}

/** Until a role is set, everybody who sees the channel is a trader. */
function isTrader({ member }: Pressed, roleId: string | null): boolean {
  return roleId === null || rolesOf(member).includes(roleId);
}

function isAdmin({ memberPermissions }: Pressed): boolean {
  return memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
}

function rolesOf(member: Pressed['member']): readonly string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}
