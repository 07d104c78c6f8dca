import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/engine/bar.ts';
import type { FundingRates } from '../../src/engine/candles.ts';
import { loadFunding, saveFunding } from '../../src/store/funding.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const START_MS = Date.UTC(2024, 0, 1);
const rates = (rows: readonly (readonly [hour: number, rate: number])[]): FundingRates => ({
  timeMs: Float64Array.from(rows, ([hour]) => START_MS + hour * HOUR_MS),
  rate: Float64Array.from(rows, ([, rate]) => rate),
});

describe('funding', () => {
  const database = withDatabase();
  const key = { source: 'file:f', symbol: 'BTC-USD' };
  const save = (funding: FundingRates) => transact(database.pool, (tx) => saveFunding(tx, { ...key, funding }));
  const load = (from: number, to: number, symbol = key.symbol) =>
    loadFunding(database.pool, { ...key, symbol, startMs: START_MS + from * HOUR_MS, endMs: START_MS + to * HOUR_MS });

  it('comes back from [start, end), new rates in the place of old ones', async () => {
    await save(
      rates([
        [0, 1e-4],
        [8, 2e-4],
        [24, -3e-5],
      ]),
    );
    await save(
      rates([
        [8, 5e-4],
        [16, 6e-4],
      ]),
    );

    expect(await load(0, 48)).toEqual(
      rates([
        [0, 1e-4],
        [8, 5e-4],
        [16, 6e-4],
        [24, -3e-5],
      ]),
    );
    expect(await load(8, 24)).toEqual(
      rates([
        [8, 5e-4],
        [16, 6e-4],
      ]),
    );
  });

  it('is empty where the series has nothing in the range', async () => {
    await save(rates([[0, 1e-4]]));

    expect(await load(900, 1_000)).toEqual(rates([]));
    expect(await load(1, 2)).toEqual(rates([]));
  });

  it('is unknown, not empty, where there is no series', async () => {
    expect(await load(0, 48, 'ETH-USD')).toBeNull();
  });
});
