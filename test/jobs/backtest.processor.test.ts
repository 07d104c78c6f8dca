import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../src/engine/refusal.ts';
import { type RunSpec, runSpecSchema } from '../../src/engine/run-spec.ts';
import { backtestJob } from '../../src/jobs/backtest.job.ts';
import { type BacktestPorts, backtestProcessor } from '../../src/jobs/backtest.processor.ts';
import { type EnginePool, openEnginePool } from '../../src/jobs/engine-pool.ts';
import { openJobQueue } from '../../src/jobs/job-queue.ts';
import { startJobWorker } from '../../src/jobs/job-worker.ts';
import { sampleInput, sampleResult } from './sample.ts';
import { describeOnBackends, withBackend } from './with-backend.ts';

const input = sampleInput({ days: 8 });
const spec: RunSpec = runSpecSchema.parse({
  preset: null,
  symbols: ['BTC-USD'],
  timeframes: ['1m'],
  window: { kind: 'whole' },
  candleSource: { kind: 'simulated', seed: 7 },
  instrument: 'perpetual',
  exchange: 'coinbase',
  settings: {},
  strategyId: 'aggressive_active',
  plan: null,
  requestedAtMs: 0,
});

describe('the backtest processor', () => {
  let pool: EnginePool;
  beforeAll(() => {
    pool = openEnginePool({ threads: 1, reportError: (error) => expect.unreachable(String(error)) });
  });
  afterAll(() => pool.close());

  /** Ports that write down what they are asked, in order. */
  const record = (over: Partial<BacktestPorts> = {}) => {
    const calls: unknown[][] = [];
    const ports: BacktestPorts = {
      begin: async (...args) => {
        calls.push(['begin', ...args]);
        return spec;
      },
      loadInput: async (asked) => {
        calls.push(['loadInput', asked]);
        return input;
      },
      runEngine: (...args) => pool.runBacktest(...args),
      saveResult: async (...args) => void calls.push(['saveResult', ...args]),
      saveRefusal: async (...args) => void calls.push(['saveRefusal', ...args]),
      saveFailure: async (...args) => void calls.push(['saveFailure', ...args]),
      reportError: (...args) => void calls.push(['reportError', ...args]),
      ...over,
    };
    return { calls, processor: backtestProcessor(ports) };
  };
  const payload = () => ({ runId: randomUUID(), guildId: 'local' });
  const context = (report: (progress: { stage: string; fraction: number }) => void = () => {}) => ({
    signal: new AbortController().signal,
    report,
  });

  it('begins, loads, runs and saves, and tells which', async () => {
    const { calls, processor } = record();
    const stages = new Set<string>();
    const run = payload();

    await processor.process(
      run,
      context(({ stage }) => stages.add(stage)),
    );

    expect(calls).toEqual([
      ['begin', run.runId, 'local'],
      ['loadInput', spec],
      ['saveResult', run.runId, sampleResult(input)],
    ]);
    expect([...stages]).toEqual(['loading', 'running', 'saving']);
  });

  it('does nothing for a run that has ended', async () => {
    const { calls, processor } = record({ begin: async () => null });

    await processor.process(payload(), context());

    expect(calls).toEqual([]);
  });

  it.each(['loadInput', 'runEngine'] as const)('ends the run as refused when %s refuses', async (port) => {
    const { calls, processor } = record({
      [port]: () => Promise.reject(new Refusal('There are no bars of BTC-USD; fetch or import some first')),
    });
    const run = payload();

    await processor.process(run, context());

    expect(calls.at(-1)).toEqual(['saveRefusal', run.runId, 'There are no bars of BTC-USD; fetch or import some first']);
  });

  it('leaves a run open that broke, for the next attempt', async () => {
    const { calls, processor } = record({ runEngine: () => Promise.reject(new Error('broken')) });

    await expect(processor.process(payload(), context())).rejects.toThrow('broken');

    expect(calls.map(([name]) => name)).toEqual(['begin', 'loadInput']);
  });

  it('starts no engine for a job that was aborted while it loaded', async () => {
    const aborting = new AbortController();
    const { calls, processor } = record({
      loadInput: async () => {
        aborting.abort();
        return input;
      },
    });

    await expect(processor.process(payload(), { signal: aborting.signal, report: () => {} })).rejects.toHaveProperty('name', 'AbortError');

    expect(calls.map(([name]) => name)).toEqual(['begin']);
  });

  it('ends an abandoned run as failed, with a reference that its report carries', async () => {
    const { calls, processor } = record();
    const error = new Error('broken');

    await processor.abandon({ runId: '0192f0c1-7d3e-7a55-9b1c-0123456789ab', guildId: 'local' }, error);

    expect(calls).toEqual([
      ['reportError', error, '0192f0c1'],
      ['saveFailure', '0192f0c1-7d3e-7a55-9b1c-0123456789ab', '0192f0c1'],
    ]);
  });

  describeOnBackends('on the queue', (kind) => {
    const server = withBackend(kind, backtestJob.name);

    /** Asks for a run twice and waits until the worker has done what it does about it. */
    const runOnQueue = async (over: Partial<BacktestPorts>) => {
      const { calls, processor } = record(over);
      const errors: unknown[] = [];
      const reportError = (error: unknown) => void errors.push(error);
      const backend = server.backend();
      const contract = { ...backtestJob, options: { ...backtestJob.options, backoff: { type: 'fixed', delay: 20 } } };
      const run = payload();

      const queue = openJobQueue({ backend, reportError });
      const jobId = await queue.enqueue(contract, run);
      await queue.enqueue(contract, run);
      const worker = await startJobWorker({ contract, processor, backend, concurrency: 2, reportError });
      const state = await vi.waitFor(
        async () => {
          const state = await server.stateOf(jobId);
          if (state === 'completed' || state === 'failed') return state;
          throw new Error(`The job is ${state}.`);
        },
        { timeout: 15_000, interval: 20 },
      );
      await worker.close(1_000);
      await queue.close();
      return { run, calls, errors, state };
    };

    it('runs once and saves one result', async () => {
      const { run, calls, errors, state } = await runOnQueue({});

      expect(calls.map(([name]) => name)).toEqual(['begin', 'loadInput', 'saveResult']);
      expect(calls.at(-1)).toEqual(['saveResult', run.runId, sampleResult(input)]);
      expect({ errors, state }).toEqual({ errors: [], state: 'completed' });
    });

    it('does not try a refused run again', async () => {
      const { calls, state } = await runOnQueue({ loadInput: () => Promise.reject(new Refusal('no bars')) });

      expect(calls.map(([name]) => name)).toEqual(['begin', 'saveRefusal']);
      expect(state).toBe('completed');
    });

    it('tries a broken run again, and tells of the last failure once', async () => {
      const { run, calls, errors, state } = await runOnQueue({ loadInput: () => Promise.reject(new Error('broken')) });

      const reference = run.runId.slice(0, 8);
      expect(calls).toEqual([
        ['begin', run.runId, 'local'],
        ['begin', run.runId, 'local'],
        ['begin', run.runId, 'local'],
        ['reportError', new Error('broken'), reference],
        ['saveFailure', run.runId, reference],
      ]);
      expect(errors, 'the two attempts before').toHaveLength(2);
      expect(state).toBe('failed');
    });
  });
});
