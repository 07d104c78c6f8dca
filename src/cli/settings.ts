import { askedTarget, namesOf } from '../commands/asked-setting.ts';
import type { DeskPorts } from '../commands/ports.ts';
import { askedReset, resetSettings } from '../commands/reset-settings.ts';
import { askedSetting, setSettings } from '../commands/set-settings.ts';
import { showSettings } from '../commands/show-settings.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import type { Message } from '../render/message.ts';
import { askedPage } from './asked-page.ts';
import { settingsAsJson } from './settings-json.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

export type SettingsFlags = { readonly page?: string; readonly json?: boolean };

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };
type ChangePorts = Ports & { readonly nowMs: () => number };

/** `scalpdesk settings show`: what the terminal's runs start from. */
export async function showSettingsInTerminal(
  name: string | undefined,
  { page, json = false }: SettingsFlags,
  { openDesk, terminal }: Ports,
): Promise<void> {
  const target = askedTarget(name ?? 'all');
  const wanted = askedPage(page);
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, settingsAsJson(await desk.readGuild(), namesOf(target)));
    else print(terminal, await showSettings(target, wanted, desk));
  });
}

/** `scalpdesk settings set`: another value for all runs of the terminal. */
export async function setInTerminal(name: string, value: string, ports: ChangePorts): Promise<void> {
  const wanted = askedSetting(name, value);
  await change((desk) => setSettings(wanted, desk), ports);
}

/** `scalpdesk settings reset`: back to the default. */
export async function resetInTerminal(name: string, ports: ChangePorts): Promise<void> {
  await change(async (desk) => resetSettings(askedReset(name, await desk.readGuild()), desk), ports);
}

type Changing = DeskPorts & { readonly userId: string; readonly requestedAtMs: number };

async function change(make: (desk: Changing) => Promise<Message>, { openDesk, terminal, nowMs }: ChangePorts): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    print(terminal, await make({ ...desk, userId: LOCAL_GUILD, requestedAtMs: nowMs() }));
  });
}
