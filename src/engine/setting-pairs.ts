import { Refusal } from './refusal.ts';
import { formatSetting, type Overrides, parseOverrides } from './settings.ts';
import { shorten } from './shorten.ts';

/** Reads `name=value name=value` (spaces or `;` between pairs, commas only inside a value), as typed into `set:`. */
export function parseSettingPairs(text: string): Overrides {
  const values = new Map<string, string>();
  for (const pair of text.split(/[\s;]+/).filter((part) => part !== '')) {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new Refusal(`"${shorten(pair)}" is not name=value; write e.g. set: max_position_risk_pct=4 min_hold_bars=1`);
    }
    if (values.has(name)) {
      const [first, second] = [values.get(name) ?? '', value].map(shorten);
      throw new Refusal(`${shorten(name)} is given twice, as ${first} and ${second}; keep one`);
    }
    values.set(name, value);
  }
  return parseOverrides(Object.fromEntries(values));
}

/** How overrides are written, so that reading them gives them back. */
export function formatSettingPairs(overrides: Overrides): string {
  return Object.entries(overrides)
    .map(([name, value]) => `${name}=${formatSetting(value)}`)
    .join(' ');
}
