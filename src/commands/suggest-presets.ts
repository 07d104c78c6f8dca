import { RUN_PRESETS } from '../engine/presets.ts';
import { type Choice, fitChoices } from './choices.ts';

/** Presets whose name or description has what was typed; all of them when none has. */
export function suggestPresets(text: string): readonly Choice[] {
  const typed = text.trim().toLowerCase();
  const choices = RUN_PRESETS.map(({ name, description }) => ({ name: `${name} – ${description}`, value: name }));
  const fitting = choices.filter(({ name }) => name.toLowerCase().includes(typed));
  return fitChoices(fitting.length === 0 ? choices : fitting);
}
