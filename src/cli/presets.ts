import { askedPreset } from '../commands/asked-preset.ts';
import { deletePreset, savePreset } from '../commands/keep-presets.ts';
import { presetsOf, showPreset, showPresetList } from '../commands/show-presets.ts';
import type { GuildPreset } from '../engine/guild-view.ts';
import { formatSettingPairs } from '../engine/setting-pairs.ts';
import { renderDeleted, renderSaved } from '../render/preset-card.ts';
import { askedPage } from './asked-page.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

export type PresetFlags = {
  readonly page?: string;
  readonly json?: boolean;
  readonly description?: string;
  readonly set?: readonly string[];
};

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

/** `scalpdesk preset list`: those of the terminal, then those built in. */
export async function listPresetsInTerminal({ page, json = false }: PresetFlags, { openDesk, terminal }: Ports): Promise<void> {
  const wanted = askedPage(page);
  await onDesk(openDesk, async (desk) => {
    if (json)
      printJson(
        terminal,
        presetsOf(await desk.readGuild()).map(({ kind, preset }) => ({ ...preset, kind })),
      );
    else print(terminal, await showPresetList(wanted, desk));
  });
}

export async function showPresetInTerminal(name: string, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => print(terminal, await showPreset(name, desk)));
}

/** `scalpdesk preset save`: from the given pairs, or from what the terminal has set. */
export async function savePresetInTerminal(
  name: string,
  { description = '', set }: PresetFlags,
  { openDesk, terminal }: Ports,
): Promise<void> {
  const asked = askedPreset({ name, description, setText: set === undefined ? null : set.join(' ') });
  await onDesk(openDesk, async (desk) => {
    const { preset, replaced } = await savePreset(asked, desk);
    print(terminal, renderSaved(preset, replaced === null ? null : { held: replaced, again: saveWords(replaced) }));
  });
}

export async function deletePresetInTerminal(name: string, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    const held = await deletePreset(name, desk);
    print(terminal, renderDeleted(held, saveWords(held)));
  });
}

/** What to type to have a preset again, as a shell reads it. */
function saveWords({ name, description, overrides }: GuildPreset): string {
  return `scalpdesk preset save ${name} --description '${description.replaceAll("'", String.raw`'\''`)}' --set ${formatSettingPairs(overrides)}`;
}
