import { renderDeskStatus } from '../render/desk-status.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

/** `scalpdesk desk status`: versions, queue, workers, messages on their way, age of the bars. */
export async function showStatusInTerminal({ json = false }: { readonly json?: boolean }, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    const status = await desk.readStatus();
    if (json) printJson(terminal, status);
    else print(terminal, renderDeskStatus(status));
  });
}
