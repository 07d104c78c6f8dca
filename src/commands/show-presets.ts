import type { GuildView } from '../engine/guild-view.ts';
import { nearestName } from '../engine/nearest-name.ts';
import { RUN_PRESETS } from '../engine/presets.ts';
import { Refusal } from '../engine/refusal.ts';
import type { Message } from '../render/message.ts';
import { renderPreset, type ShownPreset } from '../render/preset-card.ts';
import { PRESETS_PER_PAGE, renderPresetList } from '../render/preset-list.ts';
import { quote } from './asked-number.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts } from './ports.ts';

type Reading = Pick<DeskPorts, 'readGuild'>;

/** Those of the group, then those that every group has. */
export function presetsOf({ presets }: Pick<GuildView, 'presets'>): readonly ShownPreset[] {
  return [
    ...presets.map((preset): ShownPreset => ({ kind: 'own', preset })),
    ...RUN_PRESETS.map((preset): ShownPreset => ({ kind: 'built-in', preset })),
  ];
}

export async function showPresetList(wantedPage: number, { readGuild }: Reading): Promise<Message> {
  const all = presetsOf(await readGuild());
  const { page, pages, offset, limit } = slicePage(wantedPage, all.length, PRESETS_PER_PAGE);
  return renderPresetList({ presets: all.slice(offset, offset + limit), total: all.length, page, pages });
}

export async function showPreset(name: string, { readGuild }: Reading): Promise<Message> {
  return renderPreset(findPreset(name, presetsOf(await readGuild())));
}

export function findPreset(typed: string, presets: readonly ShownPreset[]): ShownPreset {
  const name = typed.trim().toLowerCase();
  const known = presets.find(({ preset }) => preset.name === name);
  if (known !== undefined) return known;
  const names = presets.map(({ preset }) => preset.name);
  throw new Refusal(
    `There is no preset ${quote(typed)}; the nearest is ${nearestName(name.slice(0, 100), names)}; /preset list shows all ${names.length}`,
  );
}
