import { renderCoverage } from '../render/coverage.ts';
import type { Message } from '../render/message.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts } from './ports.ts';

const SERIES_PER_PAGE = 5;

/** What is kept, the same in Discord and in the terminal. */
export async function showCoverage(wantedPage: number, desk: Pick<DeskPorts, 'countSeries' | 'listSeries'>): Promise<Message> {
  const total = await desk.countSeries();
  const { page, pages, ...slice } = slicePage(wantedPage, total, SERIES_PER_PAGE);
  return renderCoverage({ series: await desk.listSeries(slice), total, page, pages });
}
