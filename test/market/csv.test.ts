import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIMEFRAME_MS, TIMEFRAMES } from '../../src/engine/bar.ts';
import { CANDLE_COLUMNS, type Candles, candlesFromBars } from '../../src/engine/candles.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { parseCandlesCsv, parseFundingCsv } from '../../src/market/csv.ts';
import { MAX_CSV_BYTES } from '../../src/market/csv-text.ts';

const HEADER = 'timestamp,open,high,low,close,volume';
const START_MS = Date.UTC(2025, 9, 10);
const rowAt = (minute: number, rest = '100,102,99,101,7.5') => `${START_MS + minute * 60_000},${rest}`;
const file = (...rows: readonly string[]) => Buffer.from([HEADER, ...rows, ''].join('\n'));
const parse = (bytes: Uint8Array) => parseCandlesCsv(bytes, { fileName: 'btc.csv', timeframe: null });

describe('parseCandlesCsv', () => {
  it('gives back every column to the bit', () => {
    const price = fc.double({ min: 1e-12, max: 1e15, noNaN: true });
    const bar = fc.record({
      prices: fc.tuple(price, price, price, price),
      volume: fc.double({ min: 0, max: 1e18, noNaN: true }),
      skip: fc.nat(2),
    });
    fc.assert(
      fc.property(
        fc.array(bar, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...TIMEFRAMES),
        fc.boolean(),
        (bars, timeframe, packed) => {
          let openTimeMs = START_MS;
          const candles = candlesFromBars(
            bars.map(({ prices, volume, skip }, index) => {
              const [low = 1, open = 1, close = 1, high = 1] = prices.toSorted((a, b) => a - b);
              openTimeMs += TIMEFRAME_MS[timeframe] * (index < 2 ? 1 : 1 + skip);
              return { openTimeMs, open, high, low, close, volume: volume === 0 ? 0 : volume };
            }),
          );
          const text = Buffer.from(toText(candles));

          const parsed = parseCandlesCsv(packed ? gzipSync(text) : text, { fileName: 'any.csv', timeframe });

          expect(parsed).toEqual({ candles, timeframe });
        },
      ),
    );
  });

  it('lays the columns in memory that a worker can share', () => {
    expect(parse(file(rowAt(0), rowAt(1))).candles.close.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('reads gzip whatever the name says', () => {
    expect(parse(gzipSync(file(rowAt(0), rowAt(5))))).toEqual(parse(file(rowAt(0), rowAt(5))));
  });

  it.each([
    ['carriage returns', `${HEADER}\r\n${rowAt(0)}\r\n${rowAt(1)}\r\n`],
    ['no newline at the end', `${HEADER}\n${rowAt(0)}\n${rowAt(1)}`],
    ['a byte order mark', `\ufeff${HEADER}\n${rowAt(0)}\n${rowAt(1)}\n`],
  ])('reads a file with %s', (_, text) => {
    expect(parse(Buffer.from(text))).toEqual(parse(file(rowAt(0), rowAt(1))));
  });

  it('takes the usual step for the timeframe, gaps or not', () => {
    expect(parse(file(rowAt(0), rowAt(15), rowAt(30), rowAt(90))).timeframe).toBe('15m');
    expect(parse(file(rowAt(0), rowAt(15), rowAt(75))).timeframe).toBe('15m');
  });

  it('reads one bar when told its timeframe', () => {
    expect(parseCandlesCsv(file(rowAt(0)), { fileName: 'one.csv', timeframe: '1h' }).timeframe).toBe('1h');
  });

  const good = rowAt(0);
  const refused: Record<string, { rows: readonly string[]; line: number; reason: string }> = {
    'an empty line': { rows: [good, '', rowAt(1)], line: 3, reason: 'the line is empty' },
    'a second newline at the end': { rows: [good, rowAt(1), ''], line: 4, reason: 'the line is empty' },
    'a missing field': { rows: [good, rowAt(1, '1,2,3,4')], line: 3, reason: 'fields seen: 5; wanted 6' },
    'a further field': { rows: [good, rowAt(1, '1,2,3,4,5,6')], line: 3, reason: 'fields seen: 7; wanted 6' },
    quotes: { rows: [good, rowAt(1, '"100",102,99,101,7')], line: 3, reason: 'quotes' },
    'a blank': { rows: [good, rowAt(1, ' 100,102,99,101,7')], line: 3, reason: 'open " 100" has blanks around it' },
    hex: { rows: [good, rowAt(1, '0x10,102,99,101,7')], line: 3, reason: 'open "0x10" is not a plain number' },
    'an empty number': { rows: [good, rowAt(1, '100,102,,101,7')], line: 3, reason: 'low is empty' },
    'a number too large': { rows: [good, rowAt(1, '100,1e309,99,101,7')], line: 3, reason: 'high "1e309" is too large' },
    'a NaN': { rows: [good, rowAt(1, '100,102,99,101,NaN')], line: 3, reason: 'volume "NaN" is not a plain number' },
    seconds: { rows: ['1760054400,1,1,1,1,1'], line: 2, reason: 'looks like seconds; multiply by 1000' },
    microseconds: { rows: ['1760054400000000,1,1,1,1,1'], line: 2, reason: 'looks like microseconds; divide by 1000:' },
    nanoseconds: { rows: ['1760054400000000000,1,1,1,1,1'], line: 2, reason: 'looks like nanoseconds; divide by 1000000:' },
    'a date as text': { rows: ['2025-10-10T00:00:00Z,1,1,1,1,1'], line: 2, reason: 'is a date as text; convert it' },
    'a time with decimals': { rows: ['1760054400000.5,1,1,1,1,1'], line: 2, reason: 'not a plain whole number' },
    'a time with an exponent': { rows: ['1.7600544e12,1,1,1,1,1'], line: 2, reason: 'not a plain whole number' },
    'an inverted bar': { rows: [good, rowAt(1, '100,99,98,101,7')], line: 3, reason: 'high 99 is below the close 101' },
    'a duplicate': { rows: [good, rowAt(1), rowAt(1)], line: 4, reason: 'is a duplicate' },
    'a duplicate in a file of two': { rows: [good, good], line: 3, reason: 'is a duplicate' },
    'a bar out of order': { rows: [rowAt(1), rowAt(2), rowAt(0)], line: 4, reason: 'is out of order' },
    'a bar beside the timeframe': { rows: [good, rowAt(5), rowAt(10), rowAt(11)], line: 5, reason: 'is not aligned to 5m' },
  };

  it.each(Object.entries(refused))('refuses %s, naming file, row and reason', (_, { rows, line, reason }) => {
    const message = refusalOf(() => parse(file(...rows)));

    expect(message).toContain(`btc.csv, row ${line} `);
    expect(message).toContain(reason);
    expect(message).toContain(`It reads: ${rows[line - 2]} – nothing of the file was kept.`);
  });

  it('shows a bad line shortened and without control characters', () => {
    const message = refusalOf(() => parse(file(`\u0007${'9'.repeat(5_000)}`)));

    expect(message).toContain(`It reads: ?${'9'.repeat(79)}…`);
    expect(message.length).toBeLessThan(400);
  });

  it.each([
    ['another order', 'timestamp,close,open,high,low,volume'],
    ['a further column', `${HEADER},trades`],
    ['other words', 'time,o,h,l,c,v'],
    ['none', good],
    ['no byte at all', ''],
  ])('refuses a header that is not ours: %s', (_, header) => {
    const message = refusalOf(() => parse(Buffer.from(header === '' ? '' : `${header}\n${good}\n`)));

    expect(message).toContain(`row 1 (the header is row 1): this is not the header we read; make the first line exactly ${HEADER}.`);
    expect(message).toContain(`It reads: ${header} –`);
  });

  it('refuses a file without a bar', () => {
    expect(refusalOf(() => parse(file()))).toContain('the file ends after its header');
  });

  it('asks for the timeframe of one bar', () => {
    expect(refusalOf(() => parse(file(good)))).toBe(
      'btc.csv has one bar, so its timeframe cannot be read off it. Name it: one of 1m 5m 15m 1h 4h 1d.',
    );
  });

  it('refuses a usual step that is not a timeframe', () => {
    expect(refusalOf(() => parse(file(good, rowAt(3), rowAt(6))))).toContain('usually steps 180000 ms (3 min)');
  });

  it('refuses a timeframe that the file never steps by', () => {
    const bytes = file(good, rowAt(5), rowAt(10), rowAt(15));

    expect(refusalOf(() => parseCandlesCsv(bytes, { fileName: 'btc.csv', timeframe: '1m' }))).toContain(
      'usually steps 5m from bar to bar and never 1m',
    );
  });

  it('refuses damaged gzip, a zip archive and UTF-16 in plain words', () => {
    expect(refusalOf(() => parse(gzipSync(file(good)).subarray(0, 30)))).toContain('btc.csv is a damaged gzip file');
    expect(refusalOf(() => parse(Buffer.from('PK\u0003\u0004rest')))).toContain('btc.csv is a zip archive');
    expect(refusalOf(() => parse(Buffer.from(`\ufeff${HEADER}`, 'utf16le')))).toContain('btc.csv is UTF-16 text');
  });

  it('stops unpacking a gzip bomb at the limit', () => {
    const bomb = gzipSync(Buffer.alloc(MAX_CSV_BYTES + 1), { level: 1 });

    expect(refusalOf(() => parse(bomb))).toContain('larger than 256 MiB uncompressed');
  });
});

describe('parseFundingCsv', () => {
  const parseFunding = (...rows: readonly string[]) =>
    parseFundingCsv(Buffer.from(['timestamp,rate', ...rows, ''].join('\n')), { fileName: 'funding.csv' });

  it('reads times and rates, negative ones too', () => {
    expect(parseFunding('1758931200000,-0.0000001', '1758960000000,0.00003425')).toEqual({
      timeMs: new Float64Array([1758931200000, 1758960000000]),
      rate: new Float64Array([-1e-7, 0.00003425]),
    });
  });

  it.each([
    ['a rate in percent', ['1758931200000,1'], 'row 2 (the header is row 1): rate 1 is not below 1'],
    ['a time twice', ['1758931200000,0', '1758931200000,0'], 'row 3 (the header is row 1): timestamp 1758931200000 does not come after'],
    [
      'a time out of order',
      ['1758960000000,0', '1758931200000,0'],
      'row 3 (the header is row 1): timestamp 1758931200000 does not come after',
    ],
    ['words', ['1758931200000,high'], 'row 2 (the header is row 1): rate "high" is not a plain number'],
  ])('refuses %s', (_, rows, reason) => {
    expect(refusalOf(() => parseFunding(...rows))).toContain(`funding.csv, ${reason}`);
  });

  it('refuses a candle file', () => {
    expect(refusalOf(() => parseFundingCsv(file(rowAt(0)), { fileName: 'btc.csv' }))).toContain(
      'make the first line exactly timestamp,rate.',
    );
  });
});

function toText(candles: Candles): string {
  const rows = Array.from(candles.openTimeMs, (_, row) => CANDLE_COLUMNS.map((name) => candles[name][row]).join(','));
  return `${[HEADER, ...rows].join('\n')}\n`;
}

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}
