import { PARAMETERS } from '../engine/parameters.ts';
import { rangeOf } from '../render/range-text.ts';
import { separatorOf } from './asked-variations.ts';
import { type Choice, fitChoices } from './choices.ts';
import { candidatesFor, findKnown, type KnownParameter, matchNames } from './setting-candidates.ts';

/** Completes the last of `name=v1,v2 name=v1,v2`: first its name, then its next value. What stands before it stays as it is. */
export function suggestVariations(text: string): readonly Choice[] {
  const [, before = '', last = ''] = /^([\s\S]*[\s;])?([^\s;]*)$/.exec(text) ?? [];
  const given = new Set([...before.matchAll(/([^\s;=]+)=/g)].map(([, name]) => name));
  const [name = '', values] = last.split('=', 2);
  const known = findKnown(name);
  const completed =
    values !== undefined && known !== null && !given.has(name)
      ? nextValues(known, values)
      : values === undefined
        ? matchNames(
            PARAMETERS.filter((parameter) => !given.has(parameter.name)),
            name.toLowerCase(),
          ).map((parameter) => ({ pair: `${parameter.name}=`, note: rangeOf(parameter) }))
        : [];
  return fitChoices(completed.map(({ pair, note }) => ({ name: note === '' ? pair : `${pair} (${note})`, value: `${before}${pair}` })));
}

/** What stands there already, and with each value that may follow. */
function nextValues(parameter: KnownParameter, typed: string): readonly { readonly pair: string; readonly note: string }[] {
  const separator = separatorOf(parameter.name);
  const earlier = typed.split(separator).slice(0, -1);
  const last = typed.split(separator).at(-1) ?? '';
  return candidatesFor(parameter, last)
    .filter(({ value }) => !earlier.includes(value))
    .map(({ value, note }) => ({ pair: `${parameter.name}=${[...earlier, value].join(separator)}`, note }));
}
