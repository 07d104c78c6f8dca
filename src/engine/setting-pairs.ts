import { Refusal } from './refusal.ts';
import { type Overrides, parseOverrides } from './settings.ts';

/** Reads `name=value name=value` (spaces or `;` between pairs, commas only inside a value), as typed into `set:`. */
export function parseSettingPairs(text: string): Overrides {
  const values = new Map<string, string>();
  for (const pair of text.split(/[\s;]+/).filter((part) => part !== '')) {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new Refusal(`"${pair}" is not name=value; write e.g. set: max_position_risk_pct=4 min_hold_bars=1`);
    }
    if (values.has(name)) throw new Refusal(`${name} is given twice, as ${values.get(name)} and ${value}; keep one`);
    values.set(name, value);
  }
  return parseOverrides(Object.fromEntries(values));
}
