import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIOD_NAMES } from '../../src/engine/indicators/periods.ts';
import { readKept, writeKept } from '../../src/render/kept-text.ts';

describe('what was typed, kept in a message', () => {
  it('comes back as it was, beside whatever else the message says', () => {
    const typed = new Map([
      ['max_position_risk_pct', ' 40 '],
      ['min_hold_bars', ''],
      ['scheduled_hours', '`0`,"8"\n*16* \\ <@1> ü 🙂'],
    ]);
    const text = `**Not changed**\nmin\\_hold is "x" \`min_hold_bars\` 1\n\n${writeKept(typed)}\nthe end`;

    expect(readKept(text)).toEqual(typed);
  });

  it('comes back whatever it is, as long as a value may be', () => {
    const longest = PERIOD_NAMES.map((name) => `${name}:500`).join(',');
    expect(readKept(writeKept(new Map([['custom_indicator_periods', longest]]))).get('custom_indicator_periods')).toBe(longest);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const typed = text.toWellFormed();
        expect(readKept(`before\n${writeKept(new Map([['min_hold_bars', typed]]))}`).get('min_hold_bars')).toBe(typed);
      }),
    );
  });

  it.each(['x'.repeat(4_000), '\u0001'.repeat(4_000), '`'.repeat(4_000), '🙂'.repeat(2_000), `${'x'.repeat(189)}🙂`])(
    'is cut where it is too long to be a value, and says so (%#)',
    (typed) => {
      const five = new Map(Array.from({ length: 5 }, (_, index) => [`max_triggers_per_symbol_per_da${'abcde'.charAt(index)}`, typed]));
      const text = writeKept(five);

      expect(text.length).toBeLessThanOrEqual(1_450);
      expect(text).toContain(` of ${typed.length.toLocaleString('en-US')} characters`);
      const [first = ''] = readKept(text).values();
      expect(first.length).toBeGreaterThan(20);
      expect(typed.startsWith(first.replace(/\ufffd$/, ''))).toBe(true);
    },
  );

  it('is nothing where a message keeps nothing, or something else', () => {
    expect(readKept('**Settings**\n`min_hold_bars` 4\n`min_hold_bars` `"\\x"`')).toEqual(new Map());
  });
});
