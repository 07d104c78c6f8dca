import { describe, expect, it } from 'vitest';
import { LOCAL_GUILD } from '../../src/engine/run-spec.ts';
import { findImportedCandles, findImportedFunding, recordCandleImport, recordFundingImport } from '../../src/store/imports.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

describe('imports', () => {
  const database = withDatabase();
  const importCandles = (guildId: string, source: string, symbol = 'BTC-USD') =>
    transact(database.pool, (tx) => recordCandleImport(tx, { guildId, source, symbol, timeframe: '5m' }));
  const find = (guildId: string, symbol = 'BTC-USD', timeframe: '5m' | '1h' = '5m') =>
    findImportedCandles(database.pool, { guildId, symbol, timeframe });

  it('finds the newest of the guild, and again the first when that is imported again', async () => {
    await importCandles('g1', 'file:a');
    await importCandles('g1', 'file:b');
    expect(await find('g1')).toBe('file:b');

    await importCandles('g1', 'file:a');

    expect(await find('g1')).toBe('file:a');
  });

  it('finds what the terminal imported for every guild, but what a guild imported for that guild alone', async () => {
    await importCandles('g2', 'file:own', 'ETH-USD');

    expect(await find('g3', 'ETH-USD')).toBeNull();

    await importCandles(LOCAL_GUILD, 'file:terminal', 'ETH-USD');

    expect(await find('g3', 'ETH-USD')).toBe('file:terminal');
    expect(await find('g2', 'ETH-USD'), 'a guild’s own comes first, though older').toBe('file:own');
    expect(await find(LOCAL_GUILD, 'ETH-USD')).toBe('file:terminal');
  });

  it('tells timeframes and kinds apart', async () => {
    await transact(database.pool, (tx) => recordFundingImport(tx, { guildId: 'g1', source: 'file:f', symbol: 'BTC-USD' }));

    expect(await find('g1', 'BTC-USD', '1h')).toBeNull();
    expect(await findImportedFunding(database.pool, { guildId: 'g1', symbol: 'BTC-USD' })).toBe('file:f');
    expect(await findImportedFunding(database.pool, { guildId: 'g2', symbol: 'BTC-USD' })).toBeNull();
  });
});
