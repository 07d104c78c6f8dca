import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import type { GivenFile } from '../../src/playground/option-value.ts';
import { candlesAsCsv, fundingAsCsv } from '../support/csv.ts';
import { onDiscord } from './on-discord.ts';

const DAY_MS = 86_400_000;
const RANGE = { symbol: 'ETH-USD', startMs: Date.UTC(2025, 9, 1), endMs: Date.UTC(2025, 9, 1) + 3 * DAY_MS, seed: 2 };

const csv = candlesAsCsv(simulateCandles({ ...RANGE, timeframe: '5m' }));
const file = (name: string, bytes: string | Uint8Array): GivenFile => ({ name, bytes: Buffer.from(bytes) });

describe('/candles in Discord', () => {
  const on = onDiscord();
  let elsewhere: { readonly guildId: string; readonly channelId: string };
  let stranger = '';

  beforeAll(() => {
    elsewhere = on.playground.addGuild('Elsewhere');
    stranger = on.playground.addMember({ name: 'out', guildId: elsewhere.guildId });
  });

  const give = async (options: Record<string, string | GivenFile>) => {
    const press = await on.playground.slash({ command: 'candles import', options });
    return { press, reply: await press.waitForReply(undefined, 15_000) };
  };
  const coverage = async (place: { user?: string; guildId?: string; channelId?: string } = {}) =>
    (await (await on.playground.slash({ command: 'candles coverage', ...place })).waitForReply()).content;

  it('says what to do while nothing is kept', async () => {
    expect(await coverage()).toContain('Bring bars of your own with `/candles import`');
  });

  it('imports bars and funding, says what it read, and keeps them for this server alone', async () => {
    const lines = csv.split('\n');
    const withGap = [...lines.slice(0, 101), ...lines.slice(111)].join('\n');
    const funding = file('funding.csv', fundingAsCsv(simulateFunding(RANGE)));

    const { press, reply } = await give({ symbol: 'eth-usd', file: file('eth-5m.csv.gz', gzipSync(withGap)), funding });

    expect(await press.firstAnswer()).toMatchObject({ kind: 'defer', ephemeral: false });
    expect(reply.content).toContain('**Imported** ETH-USD 5m: 854 bars from `eth-5m.csv.gz`');
    expect(reply.content).toMatch(/10 bars missing/);
    expect(reply.content).toMatch(/\d+ funding rates, charged from now on/);
    const kept = await coverage();
    expect(kept).toContain('ETH-USD 5m          854 bars');
    expect(kept).toContain(' 2025-10-01 to 2025-10-03');
    expect(kept).toContain(' 10 bars missing');
    expect(kept).toContain(' imported here, funding');
    expect(kept).toContain(' eth-5m.csv.gz');
    expect(await coverage({ ...elsewhere, user: stranger })).toContain('No bars are kept yet');
    expect(on.errors).toEqual([]);
  });

  it('suggests the market from then on, to this server alone', async () => {
    const suggest = async (place: { user?: string; guildId?: string; channelId?: string } = {}) =>
      (await on.playground.autocomplete({ command: 'candles import', option: 'symbol', text: 'pep', ...place })).map(({ value }) => value);

    expect(await suggest()).toEqual([]);
    await give({ symbol: 'PEPE-EUR', file: file('pepe.csv', csv) });

    expect(await suggest()).toEqual(['PEPE-EUR']);
    expect(await suggest({ ...elsewhere, user: stranger })).toEqual([]);
  });

  it('keeps neither file when one of them is bad', async () => {
    const bad = file('funding.csv', 'timestamp,rate\n1,abc\n');

    const { reply } = await give({ symbol: 'SOL-USD', file: file('sol.csv', csv), funding: bad });

    expect(reply.content).toContain('funding.csv');
    expect(await coverage()).not.toContain('SOL-USD');
  });

  it.each([
    ['a file that is no CSV', { symbol: 'SOL-USD', file: file('bars.xlsx', 'x') }, 'file is "bars.xlsx"; attach a CSV file'],
    ['an empty file', { symbol: 'SOL-USD', file: file('bars.csv', '') }, 'which is empty'],
    ['no market', { symbol: 'SOL', file: file('bars.csv', csv) }, '"SOL" is no market; it must be BASE-QUOTE, e.g. SOL-USD'],
    ['two markets', { symbol: 'SOL-USD,ETH-USD', file: file('bars.csv', csv) }, 'which names 2 markets; name one, e.g. symbol SOL-USD'],
  ])('refuses %s at once, to the asker alone', async (_, options, words) => {
    const { press, reply } = await give(options);

    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect(reply.content).toContain(words);
  });

  it.each([
    ['a bad row', file('bars.csv', csv.replace(/,[^,]+\n/, ',-1\n')), 'volume'],
    ['no CSV inside', file('bars.csv', 'hello\nworld\n'), 'timestamp,open,high,low,close,volume'],
    ['a damaged gzip', file('bars.csv.gz', gzipSync(csv).subarray(0, 500)), 'damaged gzip'],
  ])('tells of %s what was seen and what was wanted', async (_, given, words) => {
    const { reply } = await give({ symbol: 'SOL-USD', file: given });

    expect(reply.content).toContain(words);
    expect(reply.content).toContain('bars.csv');
    expect(on.errors, 'a bad file is no bug').toEqual([]);
  });

  it('answers others while a large file is read', async () => {
    const header = 'timestamp,open,high,low,close,volume\n';
    const rows = Array.from({ length: 600_000 }, (_, index) => `${RANGE.startMs + index * 60_000},100.5,101.25,99.75,100.125,12.5`);
    const importing = await on.playground.slash({
      command: 'candles import',
      options: { symbol: 'ADA-USD', file: file('ada-1m.csv.gz', gzipSync(`${header}${rows.join('\n')}\n`)) },
    });
    const waits: number[] = [];
    while (importing.reply()?.loading !== false) {
      const press = await on.playground.slash({ command: 'desk help' });
      waits.push((await press.firstAnswer()).afterMs);
      await sleep(50);
    }

    expect(importing.reply()?.content).toContain('ADA-USD 1m: 600,000 bars');
    expect(waits.length, 'others have asked meanwhile').toBeGreaterThan(3);
    expect(Math.max(...waits), 'Discord waits three seconds').toBeLessThan(3_000);
  });
});

describe('the status of the desk', () => {
  const on = onDiscord();

  it('says what stands still and what is known', async () => {
    await (await on.playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } })).waitForReply();
    const { content } = await (await on.playground.slash({ command: 'desk status' })).waitForReply();

    expect(content).toContain('no worker is alive, so work waits');
    expect(content).toMatch(/ waiting +running\nRuns +1 +0\nFetches +0 +0\nComparisons +0 +0\n/);
    expect(content).toMatch(/First answer +\d+ ms\n/);
  });

  it('helps the asker alone', async () => {
    const press = await on.playground.slash({ command: 'desk help' });

    expect(await press.waitForReply()).toMatchObject({ ephemeral: true, content: expect.stringContaining('/backtest preset:scalper-5m') });
  });
});
