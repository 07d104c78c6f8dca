import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { askedFile, MAX_FILE_BYTES } from '../src/commands/asked-file.ts';
import { askedRunId } from '../src/commands/asked-run-id.ts';
import { type BacktestAsk, NOTHING_ASKED, resolveBacktestRequest } from '../src/commands/backtest-request.ts';
import { askedFormat } from '../src/commands/export-run.ts';
import { resolveFetchRequest } from '../src/commands/fetch-request.ts';
import { pageOf } from '../src/commands/page-of.ts';
import { parseConfig } from '../src/config/config.ts';
import { downloadFile } from '../src/desk/download-file.ts';
import { NOTHING_SET } from '../src/engine/guild-view.ts';
import { parseCandlesCsv, parseFundingCsv } from '../src/market/csv.ts';

const NOON_MS = Date.UTC(2025, 9, 15, 12);

const ask = (asked: Partial<BacktestAsk>) => () =>
  resolveBacktestRequest(
    { ...NOTHING_ASKED, ...asked },
    { requestedAtMs: NOON_MS, guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'coinbase' },
  );

const fetch = (symbol: string, days: number) => () =>
  resolveFetchRequest({ exchange: 'coinbase', symbol, timeframe: '5m', days, start: null, end: null }, NOON_MS);

const T = 1_758_931_200_000;
const row = (time: number | string, rest = '100,101,99,100.5,5') => `${time},${rest}`;
const rows =
  (...lines: readonly string[]) =>
  () =>
    parseCandlesCsv(Buffer.from(`timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`), { fileName: 'btc.csv', timeframe: '1h' });
const candles = (bytes: Uint8Array) => () => parseCandlesCsv(bytes, { fileName: 'btc.csv', timeframe: null });
const rates =
  (...lines: readonly string[]) =>
  () =>
    parseFundingCsv(Buffer.from(`timestamp,rate\n${lines.join('\n')}\n`), { fileName: 'f.csv' });
const environment = (env: Record<string, string>) => () => parseConfig(env);
const file = (name: string, size: number) => () => askedFile('file', { name, size, url: 'https://cdn.discordapp.com/x' });
const download = (url: string) => () =>
  downloadFile({ name: 'a.csv', url, bytes: 1 }, { discordApiUrl: 'https://discord.com/api', maxBytes: 10 });

/** Input, then what the refusal must say: what was seen, what was wanted, and what to type or do instead. */
type BadInput = readonly [input: string, give: () => unknown, seen: string, wanted: string, instead: string];

const BAD_INPUTS: readonly BadInput[] = [
  // Dates and windows.
  ['a date that does not exist', ask({ start: '2025-02-30' }), '"2025-02-30"', 'a real UTC date', 'start 2025-10-01T12:00'],
  ['a date in words', ask({ start: 'yesterday' }), '"yesterday"', 'must be a UTC date or time', 'start 2025-10-01'],
  ['an hour that does not exist', ask({ end: '2025-10-01T25:00' }), '"2025-10-01T25:00"', 'does not exist', 'end 2025-10-01T12:00'],
  ['a date of another order', ask({ end: '01.10.2025' }), '"01.10.2025"', 'a UTC date or time', 'end 2025-10-01'],
  ['a date before 1970', ask({ start: '1969-12-31' }), '"1969-12-31"', '1970 or later', 'start 2025-10-01'],
  [
    'an end before the start',
    ask({ start: '2025-10-05', end: '2025-10-01' }),
    '2025-10-05T00:00',
    'end must be later',
    'put start before it',
  ],
  ['a start in the future', ask({ start: '2030-01-01' }), '2030-01-01T00:00', 'before 2025-10-15T12:00', 'use days 30'],
  [
    'an end in the future',
    ask({ start: '2025-10-01', end: '2030-01-01' }),
    '2030-01-01T00:00',
    'at or before 2025-10-15T12:00',
    'leave it out',
  ],
  [
    'less than one bar',
    ask({ timeframe: '1h', start: '2025-10-01', end: '2025-10-01T00:30' }),
    'to 2025-10-01T00:30',
    'no 1h bar fits',
    'at least one bar after',
  ],
  ['days and a start', ask({ days: 3, start: '2025-10-01' }), 'days 3 and start 2025-10-01', 'both given', 'keep start, or keep days'],
  ['no whole number of days', ask({ days: '2.5' }), '"2.5"', 'a whole number from 1 to 1500', 'days 30'],
  ['too many days', ask({ days: '9999' }), '"9999"', 'from 1 to 1500', 'days 30'],
  ['a longer range than fits', ask({ start: '2015-01-01', end: '2025-10-01' }), '2015-01-01T00:00', 'at most 1500', 'move start or end'],

  // Symbols and timeframes.
  ['half a market', ask({ symbols: 'btc' }), '"btc"', 'BASE-QUOTE', 'BTC-USD'],
  ['a market with a slash', ask({ symbols: 'BTC/USD' }), '"BTC/USD"', 'BASE-QUOTE', 'BTC-USD'],
  ['a market twice', ask({ symbols: 'BTC-USD, btc-usd' }), 'BTC-USD twice', 'each market once', 'e.g. BTC-USD'],
  ['no market at all', ask({ symbols: ' , ' }), '" , "', 'at least one market', 'BTC-USD, ETH-USD'],
  [
    'too many markets',
    ask({ symbols: Array.from({ length: 11 }, (_, index) => `A${index}-USD`).join(' ') }),
    '11 markets',
    'at most 10',
    'e.g. BTC-USD',
  ],
  ['an unknown timeframe', ask({ timeframe: '7m' }), '"7m"', 'all: 1m, 5m, 15m, 1h, 4h, 1d', 'the nearest is'],
  ['timeframes out of order', ask({ timeframes: '1h 5m' }), '1h, 5m', 'the base comes first', 'e.g. 5m, 1h'],
  ['an unknown preset', ask({ preset: 'scalper-6m' }), '"scalper-6m"', 'all: scalper-5m', 'the nearest is scalper-5m'],
  ['an unknown strategy', ask({ strategyId: 'agressive' }), '"agressive"', 'all: aggressive_active', 'the nearest is aggressive_active'],

  ['two markets to fetch', fetch('BTC-USD, ETH-USD', 30), '"BTC-USD, ETH-USD"', 'names 2 markets', 'symbol BTC-USD'],
  ['a fetch of ten years', fetch('BTC-USD', 3_650), 'days is 3650', 'from 1 to 1500', 'days 30'],

  // Ranges.
  ['too little cash', ask({ cash: 5 }), 'cash is 5', 'a number from 100 to 1000000000', 'cash 10000'],
  ['too much leverage', ask({ leverage: '9' }), '"9"', 'from 0.5 to 5', 'leverage 3'],
  ['a parameter out of range', ask({ setText: 'max_position_risk_pct=40' }), '"40"', 'a number from 1 to 10', 'max_position_risk_pct=10'],
  ['a parameter that is no number', ask({ setText: 'min_hold_bars=lots' }), '"lots"', 'a whole number from 0 to 10', 'min_hold_bars=4'],
  ['an unknown parameter', ask({ setText: 'min_hold_bar=1' }), '"min_hold_bar"', 'There is no parameter', 'the nearest is min_hold_bars'],
  ['no pair', ask({ setText: 'min_hold_bars 1' }), '"min_hold_bars"', 'not name=value', 'max_position_risk_pct=4'],
  ['a parameter twice', ask({ setText: 'min_hold_bars=1 min_hold_bars=2' }), 'as 1 and 2', 'given twice', 'keep one'],
  [
    'two places that contradict',
    ask({ leverage: 3, setText: 'max_portfolio_exposure_pct=200' }),
    'leverage 3 means',
    'set means max_portfolio_exposure_pct=200',
    'keep one of the two',
  ],
  ['an unknown whipsaw preset', ask({ whipsaw: 'agressive' }), '"agressive"', 'all: conservative', 'the nearest is aggressive'],

  // Rows of CSV files.
  ['a missing field', rows(row(T), row(T + 3_600_000, '1,2,3,4')), 'fields seen: 5', 'wanted 6', 'timestamp,open,high,low,close,volume'],
  ['seconds', rows(row(T / 1000)), `"${T / 1000}"`, 'wanted whole UTC milliseconds', 'multiply by 1000'],
  ['a date as text', rows(row('2025-10-01')), '"2025-10-01"', 'wanted whole UTC milliseconds', 'convert it'],
  ['a price of zero', rows(row(T, '0,101,99,100,5')), 'open is 0', 'must be above 0', 'row'],
  ['a high below the close', rows(row(T, '100,100,99,105,5')), 'high 100', 'at least both', 'row'],
  ['bars out of order', rows(row(T + 3_600_000), row(T)), 'out of order', 'from oldest to newest', 'row'],
  ['the same bar twice', rows(row(T), row(T)), 'duplicate', 'there once', 'row'],
  ['a bar between bars', rows(row(T), row(T + 1_800_000)), 'not aligned to 1h', 'the nearest 1h opens are', 'row'],
  ['quotes', rows(`"${T}",100,101,99,100,5`), 'quotes', 'bare numbers', 'write'],
  [
    'another header',
    candles(Buffer.from('time,o,h,l,c,v\n1,2,3,4,5,6\n')),
    'time,o,h,l,c,v',
    'timestamp,open,high,low,close,volume',
    'btc.csv',
  ],
  ['a zip archive', candles(Buffer.from([0x50, 0x4b, 3, 4, 0, 0])), 'zip archive', 'Wanted CSV text', 'unpack it'],
  ['half a gzip', candles(gzipSync('timestamp,open').subarray(0, 20)), 'damaged gzip', 'btc.csv', 'compress it again'],
  ['a funding rate in percent', rates(`${T},1.5`), '1.5', 'wanted a fraction', '0.0001 for 0.01 %'],
  ['funding out of order', rates(`${T},0.1`, `${T},0.1`), `${T} does not come after`, 'oldest to newest', 'each once'],

  // The environment.
  [
    'a database of another kind',
    environment({ DATABASE_URL: 'mysql://desk:hunter2@db/x' }),
    'not shown',
    'postgres://user:password@host:port/database',
    'or leave it out',
  ],
  ['a token with blanks', environment({ DISCORD_TOKEN: 'abc def' }), 'not shown', 'the bot token alone', 'without spaces or quotes'],
  ['a server by its name', environment({ DISCORD_GUILD_ID: 'my server' }), '"my server"', '17 to 20 digits', 'or leave it out'],
  ['too many threads', environment({ WORKER_THREADS: '99' }), '"99"', 'a whole number from 1 to 16', 'or leave it out'],
  [
    'an address without a scheme',
    environment({ QUICKCHART_URL: 'localhost:3400' }),
    'not shown',
    'http or https address',
    'or leave it out',
  ],
  ['a relative folder', environment({ SCALPDESK_DATA_DIR: 'data' }), '"data"', 'an absolute path', '/var/lib/scalpdesk'],
  ['an exchange in capitals', environment({ EXCHANGE_ID: 'Coinbase Pro' }), '"Coinbase Pro"', 'lower case', 'e.g. coinbase'],

  // Attachments and ids.
  ['a spreadsheet', file('bars.xlsx', 10), '"bars.xlsx"', 'a CSV file', 'btc-5m.csv'],
  ['an empty file', file('bars.csv', 0), 'empty', 'a CSV file with bars in it', 'btc-5m.csv'],
  ['a file that is too large', file('bars.csv', MAX_FILE_BYTES + 1), '25.0 MiB', 'at most 25 MiB', 'compress it'],
  [
    'a file of another place',
    download('http://10.0.0.1/a.csv'),
    '10.0.0.1',
    'wanted a file on cdn.discordapp.com',
    'attach it to the command itself',
  ],
  ['an id that is none', () => askedRunId('latest'), '"latest"', "must be a run's id", 'e.g. id 1a2b3c4d'],
  ['too little of an id', () => askedRunId('1a2'), '"1a2"', 'at least 4 characters', 'e.g. id 1a2b3c4d'],
  ['an unknown format', () => askedFormat('xml'), '"xml"', 'all: csv, json', 'the nearest is'],
  ['a page that is none', () => pageOf('-1'), '"-1"', 'which is none', 'give the command again'],
];

describe('bad input', () => {
  it.each(BAD_INPUTS)('%s is refused with what was seen, what was wanted and what to do instead', async (_, give, ...words) => {
    const refusal = await Promise.resolve()
      .then(give)
      .then(
        () => null,
        (error: unknown) => error,
      );

    expect(refusal).toMatchObject({ name: 'Refusal' });
    for (const word of words) expect(String(refusal)).toContain(word);
    expect(String(refusal), 'a secret is never shown').not.toContain('hunter2');
  });

  it('is listed here in at least forty kinds', () => {
    expect(BAD_INPUTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(BAD_INPUTS.map(([input]) => input)).size).toBe(BAD_INPUTS.length);
  });
});
