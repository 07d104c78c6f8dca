import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestSettings } from '../../src/commands/suggest-settings.ts';
import { PARAMETERS } from '../../src/engine/parameters.ts';
import { parseSettingPairs } from '../../src/engine/setting-pairs.ts';

const values = (text: string) => suggestSettings(text).map(({ value }) => value);
const names = (text: string) => suggestSettings(text).map(({ name }) => name);

describe('suggestSettings', () => {
  it('begins with names and says what each one takes', () => {
    const [first] = suggestSettings('');

    expect(first).toEqual({ name: 'max_position_risk_pct= (1 to 10 % of equity)', value: 'max_position_risk_pct=' });
    expect(values('')).toHaveLength(25);
  });

  it('completes a name by its beginning first, then by any part of it', () => {
    expect(values('max_port')).toEqual([
      'max_portfolio_exposure_pct=80',
      'max_portfolio_exposure_pct=50',
      'max_portfolio_exposure_pct=500',
    ]);
    expect(values('exposure')).toEqual(['max_symbol_exposure_pct=', 'max_portfolio_exposure_pct=']);
  });

  it('completes a value: the default and the ends of the range', () => {
    expect(names('min_hold_bars=')).toEqual(['min_hold_bars=4 (default)', 'min_hold_bars=0 (least bars)', 'min_hold_bars=10 (most bars)']);
    expect(values('indicator_mode=')).toEqual(['indicator_mode=standard', 'indicator_mode=short_term', 'indicator_mode=custom']);
    expect(values('confidence_override_threshold=')).toContain('confidence_override_threshold=null');
  });

  it('keeps a value as typed when it is one, and shows the range when it is none', () => {
    expect(names('min_hold_bars=3')).toContain('min_hold_bars=3 (as typed)');
    expect(values('min_hold_bars=99')).toEqual(['min_hold_bars=4', 'min_hold_bars=0', 'min_hold_bars=10']);
  });

  it('completes the last pair alone, keeps what stands before it, and offers no parameter twice', () => {
    expect(values('min_hold_bars=2 trade_cool')).toEqual([
      'min_hold_bars=2 trade_cooldown_bars=2',
      'min_hold_bars=2 trade_cooldown_bars=0',
      'min_hold_bars=2 trade_cooldown_bars=5',
    ]);
    expect(values('min_hold_bars=2;min_h')).toEqual([]);
    expect(values('min_hold_bars=2 min_hold_bars=')).toEqual([]);
  });

  it('offers nothing once the whole text would be longer than 100 characters', () => {
    const long = 'max_portfolio_exposure_pct=300 max_triggers_per_symbol_per_day=20 max_calls_per_hour_per_symbol=100';

    expect(long.length).toBeGreaterThan(90);
    expect(suggestSettings(`${long} min_hold`)).toEqual([]);
  });

  it.each(PARAMETERS.map(({ name }) => name))('offers only values that %s takes', (name) => {
    const offered = values(`${name}=`);

    expect(offered.length).toBeGreaterThan(1);
    for (const pair of offered) expect(() => parseSettingPairs(pair), pair).not.toThrow();
  });

  it('gives Discord what it takes, whatever is typed', () => {
    let offered = 0;
    const typed = fc.oneof(
      fc.string({ maxLength: 120 }),
      fc.string().map((text) => `min_hold_bars=1 ${text}`),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const choices = suggestSettings(text);
        offered += choices.length;
        expect(choices.length).toBeLessThanOrEqual(25);
        expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
        for (const { name, value } of choices) {
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThanOrEqual(100);
          expect(value.length).toBeLessThanOrEqual(100);
        }
      }),
    );
    expect(offered).toBeGreaterThan(0);
  });
});
