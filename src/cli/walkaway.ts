import { showWalkAway, showWalkAways } from '../commands/show-walkaway.ts';
import { namesIn } from '../render/setting-words.ts';
import { ALL_PAGES, askedPage } from './asked-page.ts';
import { settingsAsJson } from './settings-json.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

export type WalkAwayFlags = { readonly page?: string; readonly json?: boolean };

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

/** `scalpdesk walkaway status`: what applies to the terminal's runs. */
export async function showWalkAwayInTerminal({ json = false }: WalkAwayFlags, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, settingsAsJson(await desk.readGuild(), namesIn('walk_away')));
    else print(terminal, await showWalkAway(desk));
  });
}

/** `scalpdesk walkaway history`: the days that the terminal's runs walked away from. */
export async function listWalkAwaysInTerminal({ page, json = false }: WalkAwayFlags, { openDesk, terminal }: Ports): Promise<void> {
  const wanted = askedPage(page);
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, await desk.listWalkAways(ALL_PAGES));
    else print(terminal, await showWalkAways(wanted, desk));
  });
}
