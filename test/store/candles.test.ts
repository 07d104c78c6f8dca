import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, type Timeframe } from '../../src/engine/bar.ts';
import { CANDLE_COLUMNS, type Candles, candlesFromBars } from '../../src/engine/candles.ts';
import { loadCandles, readCoverage, saveCandles } from '../../src/store/candles.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const START_MS = Date.UTC(2024, 1, 28);

/** Bars at these hours after the start; every value tells its hour and the version of the bar. */
const hours = (list: readonly number[], version = 0): Candles =>
  candlesFromBars(
    list.map((hour) => {
      const price = 100 + hour + version / 10;
      return { openTimeMs: START_MS + hour * HOUR_MS, open: price, high: price + 1, low: price - 1, close: price + 0.1, volume: hour };
    }),
  );
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const plain = (candles: Candles) => Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, [...candles[name]]]));

describe('candles', () => {
  const database = withDatabase();
  const series = (source: string) => ({ source, symbol: 'BTC-USD', timeframe: '1h' as Timeframe });
  const save = (source: string, candles: Candles) => transact(database.pool, (tx) => saveCandles(tx, { ...series(source), candles }));
  const load = (source: string, from: number, to: number) =>
    loadCandles(database.pool, { ...series(source), startMs: START_MS + from * HOUR_MS, endMs: START_MS + to * HOUR_MS });

  it('come back as they were saved, over days and the 29th of February, in memory that threads share', async () => {
    await save('file:a', hours(range(0, 72)));

    const loaded = await load('file:a', 0, 72);

    expect(plain(loaded)).toEqual(plain(hours(range(0, 72))));
    expect(loaded.close.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it.each([
    [0, 0],
    [5, 6],
    [23, 25],
    [24, 48],
    [30, 31.5],
    [71, 500],
    [-90, 2],
    [-90, -50],
    [60, 20],
  ])('are those that open from hour %d on and before hour %d', async (from, to) => {
    await save('file:range', hours(range(0, 72)));

    expect(plain(await load('file:range', from, to))).toEqual(plain(hours(range(0, 72).filter((hour) => hour >= from && hour < to))));
  });

  it('keep the bars of a day that are not saved again, and take the new ones for the rest', async () => {
    await save('file:merge', hours([1, 2, 5, 30]));
    await save('file:merge', hours([0, 2, 3, 40], 1));

    const versions = [...(await load('file:merge', 0, 72)).open].map((price) => price - 100);

    expect(versions).toEqual([0.1, 1, 2.1, 3.1, 5, 30, 40.1].map((value) => 100 + value - 100));
  });

  it('saved twice at once are all there', async () => {
    await Promise.all(range(0, 8).map((part) => save('file:race', hours(range(0, 72).filter((hour) => hour % 8 === part)))));

    expect(plain(await load('file:race', 0, 72))).toEqual(plain(hours(range(0, 72))));
  });

  it('of another source, symbol or timeframe stay apart', async () => {
    await save('file:mine', hours([1]));
    await transact(database.pool, async (tx) => {
      await saveCandles(tx, { source: 'file:theirs', symbol: 'BTC-USD', timeframe: '1h', candles: hours([2]) });
      await saveCandles(tx, { source: 'file:mine', symbol: 'ETH-USD', timeframe: '1h', candles: hours([3]) });
      await saveCandles(tx, { source: 'file:mine', symbol: 'BTC-USD', timeframe: '4h', candles: hours([4]) });
    });

    expect([...(await load('file:mine', 0, 72)).volume]).toEqual([1]);
  });

  it('that are none leave no trace', async () => {
    await save('file:none', hours([]));

    expect(await readCoverage(database.pool, series('file:none'))).toBeNull();
  });

  it('are covered from the first bar to the last, gaps not counted', async () => {
    await save('file:cover', hours([3, 4, 30, 70]));

    expect(await readCoverage(database.pool, series('file:cover'))).toEqual({
      firstOpenMs: START_MS + 3 * HOUR_MS,
      lastOpenMs: START_MS + 70 * HOUR_MS,
      bars: 4,
    });
  });

  it('of more days than are read at once come back whole, gaps and all', async () => {
    const key = { source: 'file:long', symbol: 'BTC-USD', timeframe: '1m' as Timeframe };
    const candles = hours([...range(0, 150), ...range(160, 230)].map((day) => day * 24));
    await transact(database.pool, (tx) => saveCandles(tx, { ...key, candles }));

    const loaded = await loadCandles(database.pool, { ...key, startMs: START_MS, endMs: START_MS + 229 * DAY_MS });

    expect(plain(loaded)).toEqual(plain(hours([...range(0, 150), ...range(160, 229)].map((day) => day * 24))));
  });

  it('of a year at five minutes come back whole', async () => {
    const bars = 366 * 288;
    const year = candlesFromBars(
      range(0, bars).map((index) => {
        const price = 60_000 * Math.exp(Math.sin(index / 977) / 3);
        return {
          openTimeMs: START_MS + index * 300_000,
          open: price,
          high: price * 1.001,
          low: price * 0.999,
          close: price * 1.0005,
          volume: index / 7,
        };
      }),
    );
    const key = { source: 'simulated:1', symbol: 'BTC-USD', timeframe: '5m' as Timeframe };
    await transact(database.pool, (tx) => saveCandles(tx, { ...key, candles: year }));

    const loaded = await loadCandles(database.pool, { ...key, startMs: START_MS, endMs: START_MS + 366 * DAY_MS });

    for (const name of CANDLE_COLUMNS) expect(Buffer.compare(Buffer.from(loaded[name]), Buffer.from(year[name])), name).toBe(0);
    expect(loaded.close.length).toBe(bars);
  });
});
