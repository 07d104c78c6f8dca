import { resolvePeriods } from './indicators/periods.ts';
import { nearestName } from './nearest-name.ts';
import { findParameter, isParameterName, PARAMETER_NAMES, PARAMETERS, type Parameter, type ParameterName } from './parameters.ts';
import { Refusal } from './refusal.ts';
import { shorten } from './shorten.ts';

type ValueOf<P extends Parameter> = P extends { kind: 'number' | 'integer' }
  ? number
  : P extends { kind: 'choice'; choices: readonly (infer Choice)[] }
    ? Choice | (P extends { nullable: true } ? null : never)
    : P extends { kind: 'switch' }
      ? boolean
      : P extends { kind: 'hours' }
        ? readonly number[]
        : Readonly<Record<string, number>> | null;

/** A value for every parameter of the registry. */
export type Settings = { readonly [P in (typeof PARAMETERS)[number] as P['name']]: ValueOf<P> };

/** Values for some parameters; a name that is absent is "not set", which is neither 0 nor null. */
export type Overrides = Partial<Settings>;

export type SettingValue = Settings[ParameterName];

export const DEFAULT_SETTINGS: Settings = Object.freeze(
  Object.fromEntries(PARAMETERS.map(({ name, default: value }): readonly [string, SettingValue] => [name, value])),
) as Settings;

/**
 * Later layers win, value by value. Periods belong to the mode they were set with: a layer that chooses another mode leaves those of the
 * layers below behind. Periods that do not fit together, or stand without the custom mode, are refused.
 */
export function effectiveSettings(...layers: readonly Overrides[]): Settings {
  let settings = DEFAULT_SETTINGS;
  for (const layer of layers) {
    const leavesCustom = layer.indicator_mode !== undefined && layer.indicator_mode !== 'custom';
    settings = { ...settings, ...(leavesCustom ? { custom_indicator_periods: null } : {}), ...layer };
  }
  resolvePeriods(settings);
  return settings;
}

/** The parameters whose value is not the default, in the order of the registry. */
export function changedSettings(settings: Settings): readonly (readonly [ParameterName, SettingValue])[] {
  return PARAMETER_NAMES.flatMap((name) =>
    formatSetting(settings[name]) === formatSetting(DEFAULT_SETTINGS[name]) ? [] : [[name, settings[name]] as const],
  );
}

/** How a value is written, so that parsing it gives the value back. */
export function formatSetting(value: SettingValue): string {
  if (isHours(value)) return value.length === 0 ? 'null' : value.join(',');
  if (value === null || typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, bars]) => `${name}:${bars}`)
    .join(',');
}

/** Leverage is what the gross limit allows: max_portfolio_exposure_pct / 100, never below 1. */
export function leverageOf(settings: Settings): number {
  return Math.max(1, settings.max_portfolio_exposure_pct / 100);
}

/** Overrides from names and values as they came: JSON values or typed text. Unknown names and values out of range are refused. */
export function parseOverrides(values: Readonly<Record<string, unknown>>): Overrides {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [knownName(name), parseSetting(name, value)]));
}

/** One value of one parameter, from JSON or from text. */
export function parseSetting(name: string, value: unknown): SettingValue {
  const parameter = findParameter(knownName(name));
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return parseNumber(parameter, value);
    case 'choice':
      return parseChoice(parameter, value) as SettingValue;
    case 'periods':
      return parsePeriods(parameter, value);
    case 'switch':
      return parseSwitch(parameter, value);
    case 'hours':
      return parseHours(parameter, value);
  }
}

function knownName(name: string): ParameterName {
  if (isParameterName(name)) return name;
  throw new Refusal(`There is no parameter "${shorten(name)}"; the nearest is ${nearestName(name, PARAMETER_NAMES)}`);
}

function parseNumber(parameter: Parameter & { kind: 'number' | 'integer' }, value: unknown): number {
  const wanted = `a ${parameter.kind === 'integer' ? 'whole number' : 'number'} from ${parameter.min} to ${parameter.max} (${parameter.unit})`;
  const number = typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw refuse(parameter.name, value, wanted, String(parameter.default));
  if (parameter.kind === 'integer' && !Number.isInteger(number)) throw refuse(parameter.name, value, wanted, String(Math.round(number)));
  if (number < parameter.min) throw refuse(parameter.name, value, wanted, String(parameter.min));
  if (number > parameter.max) throw refuse(parameter.name, value, wanted, String(parameter.max));
  return number === 0 ? 0 : number;
}

function parseChoice(parameter: Parameter & { kind: 'choice' }, value: unknown): string | null {
  const wanted = `one of ${[...parameter.choices, ...(parameter.nullable ? ['null'] : [])].join(', ')}`;
  if (parameter.nullable && (value === null || value === 'null' || value === 'none')) return null;
  if (typeof value === 'string' && parameter.choices.includes(value)) return value;
  throw refuse(parameter.name, value, wanted, typeof value === 'string' ? nearestName(value, parameter.choices) : parameter.default);
}

const SWITCH_WORDS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
  ['yes', true],
  ['no', false],
]);

function parseSwitch(parameter: Parameter & { kind: 'switch' }, value: unknown): boolean {
  const known = SWITCH_WORDS.get(typeof value === 'string' ? value.trim().toLowerCase() : value);
  if (known === undefined) throw refuse(parameter.name, value, 'true or false', String(!parameter.default));
  return known;
}

/** Whole hours, each once, in the order of the day. */
function parseHours(parameter: Parameter & { kind: 'hours' }, value: unknown): readonly number[] {
  if (value === null || value === 'null' || value === 'none') return [];
  const parts: readonly unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  const hours = parts.map((part) => (typeof part === 'string' && /^\s*\d{1,2}\s*$/.test(part) ? Number(part) : part));
  const isHour = (hour: unknown): hour is number =>
    Number.isInteger(hour) && Number(hour) >= parameter.min && Number(hour) <= parameter.max;
  if (!hours.every(isHour) || new Set(hours).size !== hours.length) {
    throw refuse(
      parameter.name,
      value,
      `different whole hours from ${parameter.min} to ${parameter.max} with commas between, or null`,
      '0,8,16',
    );
  }
  return hours.toSorted((one, other) => one - other);
}

function isHours(value: SettingValue): value is readonly number[] {
  return Array.isArray(value);
}

function parsePeriods(parameter: Parameter & { kind: 'periods' }, value: unknown): Readonly<Record<string, number>> | null {
  const wanted = `names with periods of ${parameter.min} to ${parameter.max} bars, or null`;
  const example = 'rsi:7,atr:10';
  if (value === null || value === 'null') return null;
  const entries =
    typeof value === 'string'
      ? value.split(',').map((pair) => pair.split(':'))
      : typeof value === 'object'
        ? Object.entries(value).map(([name, bars]) => [name, String(bars)])
        : [];
  // A map takes every name, also those that an object has a meaning for.
  const periods = new Map<string, number>();
  for (const [name = '', bars = '', ...rest] of entries) {
    const number = Number(bars);
    const isPeriod = /^\d+$/.test(bars) && number >= parameter.min && number <= parameter.max;
    if (!/^[a-z_]+$/.test(name) || !isPeriod || rest.length > 0 || periods.has(name)) throw refuse(parameter.name, value, wanted, example);
    periods.set(name, number);
  }
  if (periods.size === 0) throw refuse(parameter.name, value, wanted, example);
  return Object.fromEntries(periods);
}

function refuse(name: string, seen: unknown, wanted: string, example: string): Refusal {
  const text = typeof seen === 'string' ? `"${shorten(seen)}"` : shorten(JSON.stringify(seen) ?? String(seen));
  return new Refusal(`${name} is ${text}; it must be ${wanted}, e.g. ${name}=${example}`);
}
