import type { GuildSetup } from '../engine/guild-view.ts';
import { type Message, textMessage } from './message.ts';
import { whoWords } from './setting-words.ts';
import { discordTime } from './time-text.ts';

type Change = { readonly from: GuildSetup; readonly to: GuildSetup };

/** What differs, from old to new; empty when nothing does. */
export function describeSetupChanges({ from, to }: Change): readonly string[] {
  return [
    ...(from.traderRoleId === to.traderRoleId ? [] : [`trader role: ${roleText(from.traderRoleId)} → ${roleText(to.traderRoleId)}`]),
    ...(from.adminRoleId === to.adminRoleId ? [] : [`admin role: ${roleText(from.adminRoleId)} → ${roleText(to.adminRoleId)}`]),
    ...(from.timeZone === to.timeZone ? [] : [`time zone: ${from.timeZone} → ${to.timeZone}`]),
  ];
}

/** Who may do what in a group, and its time zone. */
export function renderSetup({ traderRoleId, adminRoleId, timeZone }: GuildSetup): Message {
  return textMessage(
    [
      '**Desk setup**',
      `Trader role: ${traderRoleId === null ? 'none, so everybody who sees the channel is a trader' : roleText(traderRoleId)}`,
      `Admin role: ${adminRoleId === null ? 'none' : roleText(adminRoleId)}; whoever may manage the server is an admin in any case`,
      `Time zone: ${timeZone}, of the tables of /runs; pictures and files are in UTC, and Discord shows other times in yours`,
      '-# Change it: `/desk setup trader_role: admin_role: time_zone:`; take a role back: `none:`',
    ].join('\n'),
  );
}

/** What was changed just now, and how it is. */
export function renderSetupChange(change: Change, { userId, atMs }: { readonly userId: string; readonly atMs: number }): Message {
  const changes = describeSetupChanges(change);
  const told =
    changes.length === 0
      ? 'Nothing changed: it was so already.'
      : [`**Changed** by ${whoWords(userId)} ${discordTime(atMs)}`, ...changes].join('\n');
  return textMessage(`${told}\n\n${renderSetup(change.to).content}`);
}

/** Discord shows a role by its name and pings nobody for it. */
function roleText(roleId: string | null): string {
  return roleId === null ? 'none' : `<@&${roleId}>`;
}
