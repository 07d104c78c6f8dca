import { PARAMETERS, type Parameter, type ParameterName } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { DEFAULT_SETTINGS, formatSetting, parseSetting } from '../engine/settings.ts';
import { rangeOf } from '../render/range-text.ts';
import { type Choice, fitChoices } from './choices.ts';

/** Completes the last pair of `name=value name=value`: first its name, then its value. What stands before it stays as it is. */
export function suggestSettings(text: string): readonly Choice[] {
  const [, before = '', last = ''] = /^([\s\S]*[\s;])?([^\s;]*)$/.exec(text) ?? [];
  const given = new Set([...before.matchAll(/([^\s;=]+)=/g)].map(([, name]) => name));
  const open = PARAMETERS.filter(({ name }) => !given.has(name));
  const [name = '', value] = last.split('=', 2);
  const pairs = value === undefined ? completeName(open, name.toLowerCase()) : completeValue(given, name, value);
  return fitChoices(pairs.map(({ pair, note }) => ({ name: note === '' ? pair : `${pair} (${note})`, value: `${before}${pair}` })));
}

type Known = Parameter & { readonly name: ParameterName };

type Pair = { readonly pair: string; readonly note: string };

function completeName(open: readonly Known[], typed: string): readonly Pair[] {
  const begins = open.filter(({ name }) => name.startsWith(typed));
  const contains = open.filter(({ name }) => !name.startsWith(typed) && name.includes(typed));
  const [only, ...others] = [...begins, ...contains];
  if (only !== undefined && others.length === 0) return valuesOf(only, '');
  return [...begins, ...contains].map((parameter) => ({ pair: `${parameter.name}=`, note: rangeOf(parameter) }));
}

function completeValue(given: ReadonlySet<string | undefined>, name: string, typed: string): readonly Pair[] {
  const parameter = PARAMETERS.find((known) => known.name === name);
  return parameter === undefined || given.has(name) ? [] : valuesOf(parameter, typed);
}

/** The value as it stands when it is one, then those worth knowing that begin with it; all of them when none does. */
function valuesOf(parameter: Known, typed: string): readonly Pair[] {
  const all = candidatesOf(parameter);
  const fitting = all.filter(({ pair }) => pair.startsWith(typed));
  const own =
    typed !== '' && isValue(parameter, typed) && !all.some(({ pair }) => pair === typed) ? [{ pair: typed, note: 'as typed' }] : [];
  const offered = [...own, ...(fitting.length === 0 ? all : fitting)];
  return offered.map(({ pair, note }) => ({ pair: `${parameter.name}=${pair}`, note }));
}

function candidatesOf(parameter: Known): readonly Pair[] {
  const standard = { pair: formatSetting(DEFAULT_SETTINGS[parameter.name]), note: 'default' };
  const further = furtherValuesOf(parameter).filter(({ pair }) => pair !== standard.pair);
  return [standard, ...further];
}

function furtherValuesOf(parameter: Parameter): readonly Pair[] {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return [
        { pair: String(parameter.min), note: `least ${parameter.unit}` },
        { pair: String(parameter.max), note: `most ${parameter.unit}` },
      ];
    case 'choice':
      return [...parameter.choices, ...(parameter.nullable ? ['null'] : [])].map((pair) => ({ pair, note: '' }));
    case 'switch':
      return ['true', 'false'].map((pair) => ({ pair, note: '' }));
    case 'hours':
      return [
        { pair: '0,12', note: 'twice a day' },
        { pair: 'null', note: 'never' },
      ];
    case 'periods':
      return [{ pair: 'rsi:7,atr:10', note: 'an example; bars' }];
  }
}

function isValue(parameter: Parameter, typed: string): boolean {
  try {
    parseSetting(parameter.name, typed);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
