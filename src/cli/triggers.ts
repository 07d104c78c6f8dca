import { askedTrigger, showReplans, showTriggers } from '../commands/show-triggers.ts';
import { namesIn } from '../render/setting-words.ts';
import { ALL_PAGES, askedPage } from './asked-page.ts';
import { settingsAsJson } from './settings-json.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

export type TriggerFlags = { readonly trigger?: string; readonly page?: string; readonly json?: boolean };

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

/** `scalpdesk triggers show`: what applies to the terminal's runs. */
export async function showTriggersInTerminal({ json = false }: TriggerFlags, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, settingsAsJson(await desk.readGuild(), namesIn('replan')));
    else print(terminal, await showTriggers(desk));
  });
}

/** `scalpdesk triggers history`: what asked for new plans in the terminal's runs. */
export async function listReplansInTerminal(
  { trigger: name, page, json = false }: TriggerFlags,
  { openDesk, terminal }: Ports,
): Promise<void> {
  const asked = { trigger: askedTrigger(name ?? null), page: askedPage(page) };
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, await desk.listReplans(ALL_PAGES, asked.trigger));
    else print(terminal, await showReplans(asked, desk));
  });
}
