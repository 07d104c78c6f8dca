import type { GuildPreset } from '../engine/guild-view.ts';
import { RUN_PRESETS } from '../engine/presets.ts';
import { type Choice, fitChoices } from './choices.ts';

/** Presets whose name or description has what was typed, those of the group first; all of them when none has. */
export function suggestPresets(text: string, own: readonly GuildPreset[]): readonly Choice[] {
  return matching(text, [...own, ...RUN_PRESETS]);
}

/** Those of the group alone. */
export function suggestOwnPresets(text: string, own: readonly GuildPreset[]): readonly Choice[] {
  return matching(text, own);
}

function matching(text: string, presets: readonly Pick<GuildPreset, 'name' | 'description'>[]): readonly Choice[] {
  const typed = text.trim().toLowerCase();
  const choices = presets.map(({ name, description }) => ({ name: `${name} – ${description}`, value: name }));
  const fitting = choices.filter(({ name }) => name.toLowerCase().includes(typed));
  return fitChoices(fitting.length === 0 ? choices : fitting);
}
