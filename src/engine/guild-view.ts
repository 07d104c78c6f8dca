import type { ParameterName } from './parameters.ts';
import type { Overrides, SettingValue } from './settings.ts';

/** What a group has set up for itself. */
export type GuildSetup = {
  /** Who may ask for work and change settings; null: everybody who sees the channel. */
  readonly traderRoleId: string | null;
  /** Who may do what admins may, beside those who manage the server. */
  readonly adminRoleId: string | null;
  /** An IANA name, e.g. Europe/Berlin. */
  readonly timeZone: string;
};

/** A parameter that a group has set, by whom and when. */
export type GuildSetting = { readonly value: SettingValue; readonly setBy: string; readonly setAtMs: number };

/** What is stored and this version cannot use: it does not know the parameter, or refuses the value. */
export type UnusableSetting = { readonly name: string; readonly value: unknown; readonly why: string };

/** Named overrides of a group's own. */
export type GuildPreset = {
  readonly name: string;
  readonly description: string;
  /** Reading it throws a Refusal while one of them cannot be used. */
  readonly overrides: Overrides;
  readonly savedBy: string;
  readonly savedAtMs: number;
};

/** Everything that a group has set for itself. */
export type GuildView = {
  /** Counts the changes of the settings, so that a form that was opened before one can be told of it. */
  readonly revision: number;
  /**
   * A parameter that is missing is not set, which is neither 0 nor null. Reading it throws a Refusal while a stored one cannot be used:
   * nothing may go on as if that were not there.
   */
  readonly set: ReadonlyMap<ParameterName, GuildSetting>;
  readonly unusable: readonly UnusableSetting[];
  /** In the order of their names. */
  readonly presets: readonly GuildPreset[];
  readonly setup: GuildSetup;
};

export const NOTHING_SET_UP: GuildSetup = { traderRoleId: null, adminRoleId: null, timeZone: 'UTC' };

/** A group that has set nothing. */
export const NOTHING_SET: GuildView = { revision: 0, set: new Map(), unusable: [], presets: [], setup: NOTHING_SET_UP };

/** A change of one parameter. Undefined is "not set". */
export type SettingChange = {
  readonly name: ParameterName;
  readonly from: SettingValue | undefined;
  readonly to: SettingValue | undefined;
};

export type MadeChange = SettingChange & { readonly changedBy: string; readonly changedAtMs: number };

/** New values by name; undefined takes a value back. */
export type WantedSettings = ReadonlyMap<ParameterName, SettingValue | undefined>;

export function overridesOf({ set }: Pick<GuildView, 'set'>): Overrides {
  return Object.fromEntries([...set].map(([name, { value }]) => [name, value]));
}
