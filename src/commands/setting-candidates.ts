import { PARAMETERS, type Parameter, type ParameterName } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { DEFAULT_SETTINGS, formatSetting, parseSetting } from '../engine/settings.ts';

export type KnownParameter = Parameter & { readonly name: ParameterName };

export type Candidate = { readonly value: string; readonly note: string };

/** Parameters whose name begins with what was typed, then those that have it elsewhere. */
export function matchNames(open: readonly KnownParameter[], typed: string): readonly KnownParameter[] {
  const begins = open.filter(({ name }) => name.startsWith(typed));
  return [...begins, ...open.filter(({ name }) => !name.startsWith(typed) && name.includes(typed))];
}

export function findKnown(name: string): KnownParameter | null {
  return PARAMETERS.find((known) => known.name === name) ?? null;
}

/** The value as it stands when it is one, then those worth knowing that begin with it; all of them when none does. */
export function candidatesFor(parameter: KnownParameter, typed: string, first: readonly Candidate[] = []): readonly Candidate[] {
  const all = withoutTwice([
    ...first,
    { value: formatSetting(DEFAULT_SETTINGS[parameter.name]), note: 'default' },
    ...furtherOf(parameter),
  ]);
  const fitting = all.filter(({ value }) => value.startsWith(typed));
  const own =
    typed !== '' && isValue(parameter, typed) && !all.some(({ value }) => value === typed) ? [{ value: typed, note: 'as typed' }] : [];
  return [...own, ...(fitting.length === 0 ? all : fitting)];
}

function withoutTwice(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ value }, index) => candidates.findIndex((other) => other.value === value) === index);
}

function furtherOf(parameter: Parameter): readonly Candidate[] {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return [
        { value: String(parameter.min), note: `least ${parameter.unit}` },
        { value: String(parameter.max), note: `most ${parameter.unit}` },
      ];
    case 'choice':
      return [...parameter.choices, ...(parameter.nullable ? ['null'] : [])].map((value) => ({ value, note: '' }));
    case 'switch':
      return ['true', 'false'].map((value) => ({ value, note: '' }));
    case 'hours':
      return [
        { value: '0,12', note: 'twice a day' },
        { value: 'null', note: 'never' },
      ];
    case 'periods':
      return [{ value: 'rsi:7,atr:10', note: 'an example; bars' }];
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
