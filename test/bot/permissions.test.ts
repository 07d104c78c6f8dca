import { PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { createPermissions } from '../../src/bot/permissions.ts';
import { NOTHING_SET_UP } from '../../src/engine/guild-view.ts';

type Pressed = Parameters<ReturnType<typeof createPermissions>>[0];

/** A member of a server that is not in the cache, as Discord sends it. */
function pressedBy(roles: readonly string[], permissions: bigint | null = 0n): Pressed {
  const member = { roles: [...roles], permissions: String(permissions ?? 0n) } as unknown as NonNullable<Pressed['member']>;
  return { guildId: 'g', member, memberPermissions: permissions === null ? null : new PermissionsBitField(permissions).freeze() };
}

const MANAGE_SERVER = 1n << 5n;
const ADMINISTRATOR = 1n << 3n;

describe('permissions', () => {
  it.each([
    ['nobody in particular', pressedBy([]), { viewer: true, trader: false, admin: false }],
    ['a trader', pressedBy(['t']), { viewer: true, trader: true, admin: false }],
    ['the admin role', pressedBy(['a']), { viewer: true, trader: true, admin: true }],
    ['another role', pressedBy(['x']), { viewer: true, trader: false, admin: false }],
    ['who manages the server', pressedBy([], MANAGE_SERVER), { viewer: true, trader: true, admin: true }],
    ['an administrator', pressedBy([], ADMINISTRATOR), { viewer: true, trader: true, admin: true }],
    ['a member without known permissions', pressedBy([], null), { viewer: true, trader: false, admin: false }],
    ['nobody', { guildId: 'g', member: null, memberPermissions: null }, { viewer: false, trader: false, admin: false }],
    ['somebody outside', { ...pressedBy(['t'], MANAGE_SERVER), guildId: null }, { viewer: false, trader: false, admin: false }],
  ] as const)('of %s are decided by what came with the press', (_, pressed, expected) => {
    const mayUse = createPermissions(() => ({ traderRoleId: 't', adminRoleId: 'a' }));

    expect({ viewer: mayUse(pressed, 'viewer'), trader: mayUse(pressed, 'trader'), admin: mayUse(pressed, 'admin') }).toEqual(expected);
  });

  it('make everybody a trader until a role is set', () => {
    const mayUse = createPermissions(() => NOTHING_SET_UP);

    expect(mayUse(pressedBy([]), 'trader')).toBe(true);
    expect(mayUse(pressedBy([]), 'admin')).toBe(false);
  });
});
