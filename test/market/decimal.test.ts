import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/market/decimal.ts';

describe('parseDecimal', () => {
  it('reads every finite double back to the bit from its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parse(String(value))).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads decimals of any length as Number does', () => {
    const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
    fc.assert(
      fc.property(digits(20), digits(30), (whole, fraction) => {
        expect(parse(`${whole}.${fraction}`)).toBe(Number(`${whole}.${fraction}`));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['1e5', 100_000],
    ['1.5E-3', 0.0015],
    ['-2', -2],
    ['-0', 0],
    ['-0.0e5', 0],
    ['007', 7],
    ['1e309', Infinity],
  ])('reads %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each([
    '',
    '-',
    '+1',
    '.5',
    '5.',
    ' 1',
    '1 ',
    '0x10',
    '1_000',
    '1,000',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e',
    '1e+',
    '1.2.3',
    '--1',
    '1n',
    '1\u0000',
  ])('refuses %j', (text) => {
    expect(parse(text)).toBeNaN();
  });

  it('reads only the bytes it is given', () => {
    expect(parseDecimal(Buffer.from('12345'), 1, 3)).toBe(23);
    expect(parseDecimal(Buffer.from('7,1e3,9'), 2, 5)).toBe(1_000);
  });
});

function parse(text: string): number {
  const bytes = Buffer.from(text);
  return parseDecimal(bytes, 0, bytes.length);
}
