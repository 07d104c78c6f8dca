import { ENTRIES_PER_PAGE, renderAudit } from '../render/audit.ts';
import type { Message } from '../render/message.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts } from './ports.ts';

export async function showAudit(wanted: number, desk: Pick<DeskPorts, 'countAudit' | 'listAudit'>): Promise<Message> {
  const total = await desk.countAudit();
  const { page, pages, ...slice } = slicePage(wanted, total, ENTRIES_PER_PAGE);
  return renderAudit({ entries: await desk.listAudit(slice), total, page, pages });
}
