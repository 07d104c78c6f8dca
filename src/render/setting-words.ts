import type { GuildView } from '../engine/guild-view.ts';
import { findParameter, PARAMETERS, type Parameter, type ParameterName } from '../engine/parameters.ts';
import { DEFAULT_SETTINGS, formatSetting, type SettingValue } from '../engine/settings.ts';
import { rangeOf } from './range-text.ts';

export type SettingGroup = Parameter['group'];

/** In the order of the registry. */
export const SETTING_GROUPS: readonly SettingGroup[] = [...new Set(PARAMETERS.map(({ group }) => group))];

export function namesIn(group: SettingGroup): readonly ParameterName[] {
  return PARAMETERS.filter((parameter) => parameter.group === group).map(({ name }) => name);
}

export function groupWords(group: SettingGroup): string {
  return capitalised(group.replaceAll('_', '-'));
}

/** Names that make more than a line of a table when they are spelt out. */
const SHORTER: Partial<Record<ParameterName, string>> = {
  max_triggers_per_symbol_per_day: 'Max triggers per symbol/day',
  max_calls_per_hour_per_symbol: 'Max calls per hour/symbol',
  confidence_override_threshold: 'Confidence to override',
  walk_away_resume_next_session: 'Walk away resume next day',
};

/** The name in words, without its unit; at most a line of a table. */
export function settingWords(name: ParameterName): string {
  return SHORTER[name] ?? capitalised(name.replace(/_(pct|bars|seconds|minutes)$/, '').replaceAll('_', ' '));
}

/** What applies while nothing goes over it: null, too, may be set. */
export function appliedValue(name: ParameterName, { set }: Pick<GuildView, 'set'>): SettingValue {
  const own = set.get(name);
  return own === undefined ? DEFAULT_SETTINGS[name] : own.value;
}

/** A value with its unit, for people: `10,000 quote currency`. */
export function valueWords(name: ParameterName, value: SettingValue): string {
  const { unit } = findParameter(name);
  const text = typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 10 }) : formatSetting(value);
  return unit === '' || text === 'null' ? text : `${text} ${unit}`;
}

/** What may be typed for it: range, step and default. */
export function takesWords(name: ParameterName): string {
  const parameter = findParameter(name);
  const step = 'step' in parameter ? `, step ${parameter.step}` : '';
  return `${rangeOf(parameter)}${step}, default ${defaultText(name)}`;
}

/** As it is typed; of what is not set, what applies instead. */
export function settingText(name: ParameterName, value: SettingValue | undefined): string {
  return value === undefined ? `not set (default ${defaultText(name)})` : formatSetting(value);
}

/** Who did it: people are named without being called, the terminal has no id. */
export function whoWords(userId: string): string {
  return /^\d+$/.test(userId) ? `<@${userId}>` : 'the terminal';
}

/** As it is typed. */
export function defaultText(name: ParameterName): string {
  return formatSetting(DEFAULT_SETTINGS[name]);
}

function capitalised(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
