import type { GuildPreset } from '../engine/guild-view.ts';
import { overridesOf } from '../engine/guild-view.ts';
import { Refusal } from '../engine/refusal.ts';
import { effectiveSettings } from '../engine/settings.ts';
import type { AskedPreset } from './asked-preset.ts';
import type { DeskPorts } from './ports.ts';
import { findPreset, presetsOf } from './show-presets.ts';

type Saved = { readonly preset: Pick<GuildPreset, 'name' | 'description' | 'overrides'>; readonly replaced: GuildPreset | null };

/** Saves a preset of the group's own, with the values that were given or those that the group has set. */
export async function savePreset(asked: AskedPreset, desk: Pick<DeskPorts, 'readGuild' | 'savePreset'>): Promise<Saved> {
  const guild = await desk.readGuild();
  const overrides = asked.overrides ?? overridesOf(guild);
  if (Object.keys(overrides).length === 0) {
    throw new Refusal(
      'This group has set nothing that a preset could hold; give its values, e.g. set: min_hold_bars=1 max_trades_per_day=20',
    );
  }
  // What no run could start from is told now and not at the first run.
  effectiveSettings(overridesOf(guild), overrides);
  const preset = { name: asked.name, description: asked.description, overrides };
  const saved = await desk.savePreset(preset);
  if (saved !== null) return { preset, replaced: saved.replaced };
  throw new Refusal(`This group has ${guild.presets.length} presets, which is as many as it may; delete one first with /preset delete`);
}

/** Deletes a preset of the group's own and returns what it held. */
export async function deletePreset(typed: string, desk: Pick<DeskPorts, 'readGuild' | 'deletePreset'>): Promise<GuildPreset> {
  const known = findPreset(typed, presetsOf(await desk.readGuild()));
  if (known.kind === 'built-in')
    throw new Refusal(`The preset ${known.preset.name} is built in and cannot be deleted; /preset list shows which are`);
  const held = await desk.deletePreset(known.preset.name);
  if (held !== null) return held;
  throw new Refusal(`The preset ${known.preset.name} was deleted a moment ago; /preset list shows those there are`);
}
