import type { GuildSetup } from '../engine/guild-view.ts';
import { Refusal } from '../engine/refusal.ts';
import { askedTimeZone } from './asked-time-zone.ts';
import type { CommandOptions } from './command.ts';

/** Which roles can be taken back. */
export const TAKEN_BACK = { trader_role: ['traderRoleId'], admin_role: ['adminRoleId'], both: ['traderRoleId', 'adminRoleId'] } as const;

/** What `/desk setup` is to change; nothing is an answer too. */
export function askedSetup(options: Pick<CommandOptions, 'getRole' | 'getString'>): Partial<GuildSetup> {
  const roles = [
    { option: 'trader_role', field: 'traderRoleId', role: options.getRole('trader_role') },
    { option: 'admin_role', field: 'adminRoleId', role: options.getRole('admin_role') },
  ] as const;
  const takenBack = readTakenBack(options.getString('none'));
  for (const { option, field, role } of roles) {
    if (role === null) continue;
    if (takenBack.includes(field)) throw new Refusal(`${option} is given, and none takes it back; keep one of the two`);
    if (role.name === '@everyone') throw new Refusal(whyNotEverybody(option));
  }
  const timeZone = options.getString('time_zone');
  return {
    ...Object.fromEntries(takenBack.map((field) => [field, null])),
    ...Object.fromEntries(roles.flatMap(({ field, role }) => (role === null ? [] : [[field, role.id]]))),
    ...(timeZone === null ? {} : { timeZone: askedTimeZone(timeZone) }),
  };
}

function readTakenBack(word: string | null): readonly (keyof GuildSetup)[] {
  if (word === null) return [];
  const found = Object.entries(TAKEN_BACK).find(([name]) => name === word);
  if (found !== undefined) return found[1];
  throw new Refusal(`none is "${word}"; it must be one of ${Object.keys(TAKEN_BACK).join(', ')}`);
}

function whyNotEverybody(option: 'trader_role' | 'admin_role'): string {
  return option === 'trader_role'
    ? 'trader_role is @everyone, which no member holds as a role; with no trader role everybody is a trader: /desk setup none:trader_role'
    : 'admin_role is @everyone, which would make everybody an admin; name a role that only some hold';
}
