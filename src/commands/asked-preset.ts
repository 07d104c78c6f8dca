import { RUN_PRESETS } from '../engine/presets.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseSettingPairs } from '../engine/setting-pairs.ts';
import type { Overrides } from '../engine/settings.ts';
import { quote } from './asked-number.ts';

export const PRESET_NAME_CHARACTERS = 32;
export const PRESET_DESCRIPTION_CHARACTERS = 200;

export type AskedPreset = {
  readonly name: string;
  readonly description: string;
  /** Null: what the group has set at this moment. */
  readonly overrides: Overrides | null;
};

/** A preset as somebody wants it saved. */
export function askedPreset(given: { readonly name: string; readonly description: string; readonly setText: string | null }): AskedPreset {
  const overrides = given.setText === null ? null : parseSettingPairs(given.setText);
  if (overrides !== null && Object.keys(overrides).length === 0) {
    throw new Refusal('set is empty; write e.g. set: min_hold_bars=1, or leave it out to save what the group has set');
  }
  return { name: freeName(given.name), description: askedDescription(given.description), overrides };
}

/** Small letters, digits and dashes; the names of the built-in presets stay theirs. */
function freeName(typed: string): string {
  const name = typed.trim();
  if (RUN_PRESETS.some((preset) => preset.name === name.toLowerCase())) {
    throw new Refusal(`The preset ${name} is built in and cannot be changed; choose another name, e.g. my-${name.toLowerCase()}`);
  }
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) return name;
  throw new Refusal(
    `name is ${quote(typed)}; it must be small letters, digits and dashes, 1 to ${PRESET_NAME_CHARACTERS}, e.g. ${exampleFor(name)}`,
  );
}

function exampleFor(name: string): string {
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, PRESET_NAME_CHARACTERS)
    .replaceAll(/-+$/g, '');
  return near === '' || RUN_PRESETS.some((preset) => preset.name === near) ? 'my-scalper' : near;
}

function askedDescription(typed: string): string {
  const description = typed.trim();
  const isShown = description !== '' && description.length <= PRESET_DESCRIPTION_CHARACTERS && !/[\p{Cc}\p{Cs}]/u.test(description);
  if (isShown) return description;
  const seen = description.length > PRESET_DESCRIPTION_CHARACTERS ? `${description.length} characters long` : quote(typed);
  throw new Refusal(
    `description is ${seen}; it must be one line of 1 to ${PRESET_DESCRIPTION_CHARACTERS} characters, e.g. description:quick exits on quiet days`,
  );
}
