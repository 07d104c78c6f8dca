import { describe, expect, it } from 'vitest';
import { suggestSettingNames, suggestSettingValues } from '../../src/commands/suggest-setting.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { PARAMETERS } from '../../src/engine/parameters.ts';
import { parseSetting, type SettingValue } from '../../src/engine/settings.ts';

const values = (choices: readonly { readonly value: string }[]) => choices.map(({ value }) => value);
const set = (value: SettingValue) => ({ set: new Map([['min_hold_bars' as const, { value, setBy: '1', setAtMs: 0 }]]) });

describe('suggestSettingNames', () => {
  it('offers parameters by their beginning first, with what each takes', () => {
    expect(suggestSettingNames('MIN_H', 'parameters')).toEqual([{ name: 'min_hold_bars (0 to 10 bars)', value: 'min_hold_bars' }]);
    expect(values(suggestSettingNames('trades', 'parameters'))).toEqual(['max_trades_per_day']);
    expect(suggestSettingNames('', 'parameters'), 'Discord shows no more').toHaveLength(25);
  });

  it('offers groups and all where they can be meant', () => {
    expect(values(suggestSettingNames('', 'groups too')).slice(0, 2)).toEqual(['risk', 'whipsaw']);
    expect(values(suggestSettingNames('all', 'groups too'))).toContain('all');
    expect(values(suggestSettingNames('risk', 'parameters'))).not.toContain('risk');
    expect(values(suggestSettingNames('zzz', 'groups too')), 'nothing fits, so everything does').toContain('all');
  });
});

describe('suggestSettingValues', () => {
  it('offers what applies now before the default and the ends of the range', () => {
    expect(values(suggestSettingValues('min_hold_bars', '', set(7)))).toEqual(['7', '4', '0', '10']);
    expect(suggestSettingValues(' Min_Hold_Bars', '', set(4))[0]?.name, 'once, where it is the default too').toBe('4 (now)');
    expect(values(suggestSettingValues('confidence_override_threshold', 'n', NOTHING_SET))).toEqual(['null']);
  });

  it('offers nothing for a name that is none', () => {
    expect(suggestSettingValues('min_hold', '', NOTHING_SET)).toEqual([]);
  });

  it.each(PARAMETERS.map(({ name }) => name))('offers only values that %s takes', (name) => {
    const offered = values(suggestSettingValues(name, '', NOTHING_SET));

    expect(offered.length).toBeGreaterThan(1);
    for (const value of offered) expect(() => parseSetting(name, value), value).not.toThrow();
  });
});
