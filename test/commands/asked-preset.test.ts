import { describe, expect, it } from 'vitest';
import { askedPreset } from '../../src/commands/asked-preset.ts';

const ask = (changes: Partial<Parameters<typeof askedPreset>[0]> = {}) =>
  askedPreset({ name: 'quick', description: 'Quick exits', setText: null, ...changes });

describe('askedPreset', () => {
  it('takes a name, a description and pairs, or none of them for what is set', () => {
    expect(ask({ description: '  Quick exits, 🙂 ' })).toEqual({ name: 'quick', description: 'Quick exits, 🙂', overrides: null });
    expect(ask({ setText: 'min_hold_bars=0; confidence_override_threshold=null' }).overrides).toEqual({
      min_hold_bars: 0,
      confidence_override_threshold: null,
    });
  });

  it.each([
    [{ name: 'SCALPER' }, 'The preset SCALPER is built in and cannot be changed; choose another name, e.g. my-scalper'],
    [{ name: '-x' }, 'name is "-x"; it must be small letters, digits and dashes, 1 to 32, e.g. x'],
    [{ name: 'ünïcödé Name' }, 'e.g. n-c-d-name'],
    [{ name: '🙂' }, 'e.g. my-scalper'],
    [{ name: 'x'.repeat(4_000) }, `e.g. ${'x'.repeat(32)}`],
    [{ description: ' ' }, 'description is " "; it must be one line of 1 to 200 characters'],
    [{ description: 'x'.repeat(4_000) }, 'description is 4000 characters long'],
    [{ description: 'two\nlines' }, 'it must be one line'],
    [{ setText: ' ; ' }, 'set is empty; write e.g. set: min_hold_bars=1'],
    [{ setText: 'min_hold_bars=11' }, 'min_hold_bars is "11"; it must be a whole number from 0 to 10'],
  ])('refuses %j', (changes, words) => {
    expect(() => ask(changes)).toThrow(words);
  });
});
