import type { Message } from '../render/message.ts';
import { renderWalkAway } from '../render/walkaway.ts';
import { renderWalkAways } from '../render/walkaway-history.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts } from './ports.ts';

const WALK_AWAYS_PER_PAGE = 5;

/** What applies, the same in Discord and in the terminal. */
export async function showWalkAway({ readGuild }: Pick<DeskPorts, 'readGuild'>): Promise<Message> {
  return renderWalkAway(await readGuild(), null);
}

export async function showWalkAways(wanted: number, desk: Pick<DeskPorts, 'countWalkAways' | 'listWalkAways'>): Promise<Message> {
  const total = await desk.countWalkAways();
  const { page, pages, ...slice } = slicePage(wanted, total, WALK_AWAYS_PER_PAGE);
  return renderWalkAways({ walkAways: await desk.listWalkAways(slice), total, page, pages });
}
