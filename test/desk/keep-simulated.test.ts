import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepSimulated, type Simulate, simulateOn } from '../../src/desk/keep-simulated.ts';
import type { SimulationTask } from '../../src/desk/simulate.thread.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { type EnginePool, openEnginePool } from '../../src/jobs/engine-pool.ts';
import type { LoadOptions } from '../../src/jobs/engine-processor.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { loadCandles } from '../../src/store/candles.ts';
import { loadFunding } from '../../src/store/funding.ts';
import { withDatabase } from '../support/database.ts';

const START_MS = Date.UTC(2025, 0, 1, 6);
const RANGE = { symbol: 'BTC-USD', timeframe: '1h', startMs: START_MS, endMs: START_MS + 150 * DAY_MS, seed: 3 } as const;
const quiet: LoadOptions = { signal: new AbortController().signal, onProgress: () => {} };

describe('the simulated market', () => {
  const database = withDatabase();
  const errors: unknown[] = [];
  let engine: EnginePool;
  let simulate: Simulate;
  let asked: SimulationTask[];

  beforeAll(() => {
    engine = openEnginePool({ threads: 1, reportError: (error) => errors.push(error) });
    simulate = (task, signal) => {
      asked.push(task);
      return simulateOn(engine)(task, signal);
    };
  });

  afterAll(async () => {
    await engine.close();
    expect(errors).toEqual([]);
  });

  const keep = (changes: Partial<typeof RANGE> & { readonly source: string }, options = quiet) => {
    asked = [];
    return keepSimulated({ pool: database.pool, simulate }, { ...RANGE, ...changes }, options);
  };

  it('is kept part by part, as if it had been made at once, and tells how far it is', async () => {
    const told: number[] = [];
    await keep({ source: 'simulated:whole' }, { ...quiet, onProgress: (done: number) => void told.push(done) });

    const { symbol, startMs, endMs } = RANGE;
    expect(asked.length).toBe(3);
    expect(await loadCandles(database.pool, { ...RANGE, source: 'simulated:whole' })).toEqual(simulateCandles(RANGE));
    expect(await loadFunding(database.pool, { source: 'simulated:whole', symbol, startMs, endMs })).toEqual(simulateFunding(RANGE));
    expect(told).toEqual(told.toSorted((one, other) => one - other));
    expect(told).toHaveLength(3);
    expect(told.at(-1)).toBe(1);
  });

  it('is not made again where it is kept, and only where it is not', async () => {
    const source = 'simulated:again';
    await keep({ source });
    await keep({ source, startMs: START_MS + DAY_MS });
    expect(asked, 'all of it is kept').toEqual([]);

    await keep({ source, endMs: RANGE.endMs + 10 * DAY_MS });

    expect(asked.map(({ startMs, endMs }) => (endMs - startMs) / DAY_MS)).toEqual([32.25]);
    const longer = { ...RANGE, endMs: RANGE.endMs + 10 * DAY_MS };
    expect(await loadCandles(database.pool, { ...longer, source })).toEqual(simulateCandles(longer));
  });

  it('leaves this thread free while it is made', async () => {
    await simulateOn(engine)({ ...RANGE, endMs: START_MS + DAY_MS }, quiet.signal);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);

    await simulateOn(engine)({ ...RANGE, timeframe: '1m' }, quiet.signal);
    clearInterval(timer);

    expect(turns, 'made in this thread, the timer would fire once').toBeGreaterThan(20);
  });

  it('stops when it is aborted, keeps what it has, and is gone on with', async () => {
    const source = 'simulated:aborted';
    const aborting = new AbortController();

    const aborted = keep({ source }, { signal: aborting.signal, onProgress: () => aborting.abort() });

    await expect(aborted).rejects.toHaveProperty('name', 'AbortError');
    await keep({ source });
    expect(asked, 'the first of three parts was kept').toHaveLength(2);
  });

  it('brings a refusal back as a refusal', async () => {
    const tooEarly = await keep({ source: 'simulated:early', startMs: Date.UTC(2019, 0, 1) }).catch((error: unknown) => error);

    expect(tooEarly).toBeInstanceOf(Refusal);
    expect(tooEarly).toHaveProperty('message', expect.stringContaining('2020-01-01'));
  });
});
