import { describe, expect, it } from 'vitest';
import { addFetchedRange, readFetchedRanges } from '../../src/store/fetched-ranges.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const series = { source: 'ccxt:coinbase:spot', symbol: 'BTC-USD', timeframe: '5m' };

describe('fetched ranges', () => {
  const database = withDatabase();
  const add = (fromMs: number, toMs: number, timeframe = '5m') =>
    transact(database.pool, (tx) => addFetchedRange(tx, { ...series, timeframe, fromMs, toMs }));

  it('join what touches and keep apart what does not', async () => {
    await add(100, 200);
    await add(400, 500);
    await add(200, 250);

    expect(await readFetchedRanges(database.pool, series)).toEqual([
      { fromMs: 100, toMs: 250 },
      { fromMs: 400, toMs: 500 },
    ]);

    await add(240, 410);

    expect(await readFetchedRanges(database.pool, series)).toEqual([{ fromMs: 100, toMs: 500 }]);
  });

  it('stay one when two processes add at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => add(index * 10, index * 10 + 10, '1h')));

    expect(await readFetchedRanges(database.pool, { ...series, timeframe: '1h' })).toEqual([{ fromMs: 0, toMs: 80 }]);
  });
});
