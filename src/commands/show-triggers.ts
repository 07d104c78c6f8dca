import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { REPLAN_TRIGGERS, type ReplanTrigger } from '../engine/result.ts';
import type { Message } from '../render/message.ts';
import { renderTriggers } from '../render/triggers.ts';
import { renderReplans } from '../render/triggers-history.ts';
import { quote } from './asked-number.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts } from './ports.ts';

const REPLANS_PER_PAGE = 5;

/** What applies, the same in Discord and in the terminal. */
export async function showTriggers({ readGuild }: Pick<DeskPorts, 'readGuild'>): Promise<Message> {
  return renderTriggers(await readGuild(), null);
}

type Asked = { readonly trigger: ReplanTrigger | null; readonly page: number };

export async function showReplans(
  { trigger, page: wanted }: Asked,
  desk: Pick<DeskPorts, 'countReplans' | 'listReplans'>,
): Promise<Message> {
  const counts = await desk.countReplans();
  const shown = counts.filter((count) => trigger === null || count.trigger === trigger);
  const total = shown.reduce((sum, { requested, suppressed }) => sum + requested + suppressed, 0);
  const { page, pages, ...slice } = slicePage(wanted, total, REPLANS_PER_PAGE);
  return renderReplans({ replans: await desk.listReplans(slice, trigger), counts, trigger, page, pages });
}

/** One trigger by its name; null when none was named. */
export function askedTrigger(name: string | null): ReplanTrigger | null {
  if (name === null) return null;
  const trigger = REPLAN_TRIGGERS.find((known) => known === name);
  if (trigger !== undefined) return trigger;
  throw new Refusal(
    `There is no trigger ${quote(name)}; the nearest is ${nearestName(name, REPLAN_TRIGGERS)} (all: ${REPLAN_TRIGGERS.join(', ')})`,
  );
}
