import { beforeAll, describe, expect, it } from 'vitest';
import { candlesFromBars } from '../../src/engine/candles.ts';
import { LOCAL_GUILD } from '../../src/engine/run-spec.ts';
import { saveCandles } from '../../src/store/candles.ts';
import { recordCandleImport, recordFundingImport } from '../../src/store/imports.ts';
import { countKeptSeries, findNewestBarMs, listKeptSeries, listKeptSymbols } from '../../src/store/kept-series.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const START_MS = Date.UTC(2025, 9, 1);
const HOUR_MS = 3_600_000;

describe('what is kept for a guild', () => {
  const database = withDatabase();
  const bar = (openTimeMs: number) => ({ openTimeMs, open: 2, high: 3, low: 1, close: 2, volume: 1 });
  const save = (source: string, symbol: string, hours: readonly number[]) =>
    transact(database.pool, (tx) =>
      saveCandles(tx, { source, symbol, timeframe: '1h', candles: candlesFromBars(hours.map((hour) => bar(START_MS + hour * HOUR_MS))) }),
    );
  const record = (guildId: string, source: string, symbol: string) =>
    transact(database.pool, (tx) => recordCandleImport(tx, { guildId, source, symbol, timeframe: '1h' }));
  const list = (guildId: string) => listKeptSeries(database.pool, { guildId, offset: 0, limit: 10 });

  beforeAll(async () => {
    await save('file:own@1', 'BTC-USD', [0, 1, 3, 30]);
    await record('g1', 'file:own@1', 'BTC-USD');
    await save('file:other@2', 'SECRET-USD', [0, 100]);
    await record('g2', 'file:other@2', 'SECRET-USD');
    await save('file:term@3', 'ETH-USD', [0]);
    await record(LOCAL_GUILD, 'file:term@3', 'ETH-USD');
    await save('ccxt:coinbase:spot', 'SOL-USD', [0, 1]);
    await save('simulated:1', 'XRP-USD', [0, 200]);
    await transact(database.pool, (tx) => recordFundingImport(tx, { guildId: 'g1', source: 'file:f@4', symbol: 'BTC-USD' }));
  });

  it('is its own, the terminal’s and what exchanges gave; nothing of other guilds, and nothing simulated', async () => {
    const kept = await list('g1');

    expect(kept.map(({ symbol, origin, hasFunding, bars }) => [symbol, origin, hasFunding, bars])).toEqual([
      ['BTC-USD', 'guild', true, 4],
      ['ETH-USD', 'terminal', false, 1],
      ['SOL-USD', 'exchange', false, 2],
    ]);
    expect(kept[0]).toMatchObject({ source: 'file:own@1', timeframe: '1h', firstOpenMs: START_MS, lastOpenMs: START_MS + 30 * HOUR_MS });
    expect(await countKeptSeries(database.pool, 'g1')).toBe(3);
    expect(await listKeptSymbols(database.pool, 'g1')).toEqual(['BTC-USD', 'ETH-USD', 'SOL-USD']);
  });

  it('is told page by page', async () => {
    const all = await list('g1');

    expect(await listKeptSeries(database.pool, { guildId: 'g1', offset: 1, limit: 1 })).toEqual([all[1]]);
  });

  it('says funding only to those who have it', async () => {
    await record('g2', 'file:own@1', 'BTC-USD');

    expect((await list('g2')).map(({ symbol, hasFunding }) => [symbol, hasFunding])).toEqual([
      ['BTC-USD', false],
      ['ETH-USD', false],
      ['SECRET-USD', false],
      ['SOL-USD', false],
    ]);
  });

  it('is as old as its newest bar', async () => {
    expect(await findNewestBarMs(database.pool, 'g1')).toBe(START_MS + 30 * HOUR_MS);
    expect(await findNewestBarMs(database.pool, 'g2')).toBe(START_MS + 100 * HOUR_MS);
  });

  it('is the terminal’s for the terminal itself', async () => {
    expect((await list(LOCAL_GUILD)).map(({ symbol, origin }) => [symbol, origin])).toEqual([
      ['ETH-USD', 'terminal'],
      ['SOL-USD', 'exchange'],
    ]);
  });
});
