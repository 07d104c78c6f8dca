import type { GuildView } from '../engine/guild-view.ts';
import type { ParameterName } from '../engine/parameters.ts';
import { whoWords } from './setting-words.ts';
import { relativeTime } from './time-text.ts';

/** Where the values of some parameters come from: who set which of them when, and that the rest are defaults. */
export function settingSources({ set }: Pick<GuildView, 'set'>, names: readonly ParameterName[]): string {
  const bySetting = new Map<string, readonly ParameterName[]>();
  for (const name of names) {
    const setting = set.get(name);
    if (setting === undefined) continue;
    const by = `Set by ${whoWords(setting.setBy)} ${relativeTime(setting.setAtMs)}`;
    bySetting.set(by, [...(bySetting.get(by) ?? []), name]);
  }
  const known = names.filter((name) => set.has(name)).length;
  return [
    ...[...bySetting].map(([by, setNames]) => `-# ${by}: ${setNames.map((name) => `\`${name}\``).join(' ')}`),
    ...(known === names.length ? [] : [known === 0 ? '-# All of it: defaults.' : '-# The rest: defaults.']),
    '-# What a preset, an option or `set:` of a backtest says goes over it.',
  ].join('\n');
}
