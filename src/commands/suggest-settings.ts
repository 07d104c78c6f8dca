import { PARAMETERS } from '../engine/parameters.ts';
import { rangeOf } from '../render/range-text.ts';
import { type Choice, fitChoices } from './choices.ts';
import { candidatesFor, findKnown, type KnownParameter, matchNames } from './setting-candidates.ts';

/** Completes the last pair of `name=value name=value`: first its name, then its value. What stands before it stays as it is. */
export function suggestSettings(text: string): readonly Choice[] {
  const [, before = '', last = ''] = /^([\s\S]*[\s;])?([^\s;]*)$/.exec(text) ?? [];
  const given = new Set([...before.matchAll(/([^\s;=]+)=/g)].map(([, name]) => name));
  const open = PARAMETERS.filter(({ name }) => !given.has(name));
  const [name = '', value] = last.split('=', 2);
  const pairs = value === undefined ? completeName(open, name.toLowerCase()) : completeValue(given, name, value);
  return fitChoices(pairs.map(({ pair, note }) => ({ name: note === '' ? pair : `${pair} (${note})`, value: `${before}${pair}` })));
}

type Pair = { readonly pair: string; readonly note: string };

function completeName(open: readonly KnownParameter[], typed: string): readonly Pair[] {
  const matching = matchNames(open, typed);
  const [only, ...others] = matching;
  if (only !== undefined && others.length === 0) return valuesOf(only, '');
  return matching.map((parameter) => ({ pair: `${parameter.name}=`, note: rangeOf(parameter) }));
}

function completeValue(given: ReadonlySet<string | undefined>, name: string, typed: string): readonly Pair[] {
  const parameter = findKnown(name);
  return parameter === null || given.has(name) ? [] : valuesOf(parameter, typed);
}

function valuesOf(parameter: KnownParameter, typed: string): readonly Pair[] {
  return candidatesFor(parameter, typed).map(({ value, note }) => ({ pair: `${parameter.name}=${value}`, note }));
}
