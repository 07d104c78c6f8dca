import { type GuildView, overridesOf } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { effectiveSettings } from '../engine/settings.ts';

/** Effective values of some parameters by their names, and which of them are set. */
export function settingsAsJson(guild: GuildView, names: readonly ParameterName[]): Readonly<Record<string, unknown>> {
  const settings = effectiveSettings(overridesOf(guild));
  return {
    settings: Object.fromEntries(names.map((name) => [name, settings[name]])),
    set: names.filter((name) => guild.set.has(name)),
  };
}
