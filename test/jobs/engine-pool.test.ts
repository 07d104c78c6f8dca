import { afterAll, describe, expect, it } from 'vitest';
import type { BacktestInput } from '../../src/engine/backtest.ts';
import { compareWithEvidence } from '../../src/engine/comparison-outcome.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { openEnginePool } from '../../src/jobs/engine-pool.ts';
import { sampleInput, sampleResult } from './sample.ts';

describe('the engine pool', () => {
  const errors: unknown[] = [];
  const pool = openEnginePool({ threads: 1, reportError: (error) => errors.push(error) });
  const quietly = { signal: new AbortController().signal, onProgress: () => {} };
  const input = sampleInput({ days: 12 });

  afterAll(() => pool.close());

  it('gives the very result that the engine gives in this thread', async () => {
    const direct = sampleResult(input);

    const pooled = await pool.runBacktest(input, quietly);

    expect(direct.trades.length, 'a run without trades would prove nothing').toBeGreaterThan(20);
    expect(pooled.result_hash).toBe(direct.result_hash);
    expect(pooled.input_hash).toBe(direct.input_hash);
    expect(pooled).toEqual(direct);
  });

  it('compares on one thread what the engine compares in this one', async () => {
    const comparison = {
      base: input,
      variations: [1, 3].map((times) => ({ max_portfolio_exposure_pct: times * 100 })),
      labels: ['1×', '3×'],
    };
    const direct = compareWithEvidence(comparison);

    const pooled = await pool.runComparison(comparison, quietly);

    expect(new Set(direct.variants.map(({ result_hash }) => result_hash)).size, 'the variants must differ').toBe(2);
    expect(pooled).toEqual(direct);
  });

  it('takes columns that are not on shared memory', async () => {
    const market = input.markets[0];
    if (market === undefined) throw new Error('The sample has no market.');
    const { openTimeMs, open, high, low, close, volume } = market.candles;
    const candles = {
      openTimeMs: openTimeMs.slice(),
      open: open.slice(),
      high: high.slice(),
      low: low.slice(),
      close: close.slice(),
      volume: volume.slice(),
    };

    const pooled = await pool.runBacktest({ ...input, markets: [{ ...market, candles }] }, quietly);

    expect(candles.open.buffer, 'the columns of the sample are shared, these are not').toBeInstanceOf(ArrayBuffer);
    expect(pooled).toEqual(sampleResult(input));
  });

  it('tells how far a run is, and leaves this thread free meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const seen: number[] = [];

    await pool.runBacktest(sampleInput({ days: 150 }), { ...quietly, onProgress: (done) => seen.push(done) });
    clearInterval(timer);

    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.every((done) => done > 0 && done <= 1)).toBe(true);
    expect(turns, 'a run in this thread would let the timer fire once').toBeGreaterThan(20);
  });

  it('brings a refusal back as a refusal', async () => {
    const spot: BacktestInput = { ...sampleInput({ days: 1, overrides: { max_portfolio_exposure_pct: 300 } }), instrument: 'spot' };

    const refused = await pool.runBacktest(spot, quietly).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toHaveProperty('message', expect.stringMatching(/^Spot has no leverage/));
  });

  it('keeps where in the thread a bug is', async () => {
    const broken = { ...input, settings: null as unknown as Settings };

    const failed = await pool.runBacktest(broken, quietly).catch((error: unknown) => error);

    expect(failed).not.toBeInstanceOf(Refusal);
    expect(failed).toMatchObject({ cause: { name: 'TypeError', stack: expect.stringContaining('backtest.ts') } });
  });

  it('stops a run in the middle when it is aborted, and runs the next one', async () => {
    const aborting = new AbortController();
    let reports = 0;
    const onProgress = () => {
      reports += 1;
      aborting.abort();
    };

    const aborted = await pool
      .runBacktest(sampleInput({ days: 150 }), { signal: aborting.signal, onProgress })
      .catch((error: unknown) => error);

    expect(aborted).toHaveProperty('name', 'AbortError');
    expect(reports, 'the run was stopped long before its end').toBeLessThan(5);
    expect(await pool.runBacktest(input, quietly)).toEqual(sampleResult(input));
  });

  it('does not start a run whose signal is aborted already', async () => {
    await expect(pool.runBacktest(input, { ...quietly, signal: AbortSignal.abort() })).rejects.toHaveProperty('name', 'AbortError');
    expect(errors).toEqual([]);
  });

  it('runs nothing after it was closed', async () => {
    const closed = openEnginePool({ threads: 1, reportError: (error) => errors.push(error) });
    closed.warmUp();
    await closed.close();

    await expect(closed.runBacktest(input, quietly)).rejects.toThrow('closed');
  });
});
