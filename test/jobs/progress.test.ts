import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JobProgress, throttleProgress } from '../../src/jobs/progress.ts';

describe('throttleProgress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = (send: (progress: JobProgress) => Promise<void>) => {
    const errors: unknown[] = [];
    return { errors, ...throttleProgress({ send, intervalMs: 500, reportError: (error) => errors.push(error) }) };
  };

  it('sends the first report at once and then only the newest of each interval', async () => {
    const sent: number[] = [];
    const { report } = start(async ({ fraction }) => void sent.push(fraction));

    for (let step = 0; step < 100; step++) {
      report({ stage: 'running', fraction: step / 100 });
      await vi.advanceTimersByTimeAsync(10);
    }

    expect(sent).toEqual([0, 0.49, 0.99]);
  });

  it('sends the last report when it settles', async () => {
    const sent: JobProgress[] = [];
    const { report, settle } = start(async (progress) => void sent.push(progress));

    report({ stage: 'running', fraction: 0 });
    report({ stage: 'running', fraction: 0.7 });
    report({ stage: 'saving', fraction: 1 });
    await settle();

    expect(sent).toEqual([
      { stage: 'running', fraction: 0 },
      { stage: 'saving', fraction: 1 },
    ]);
  });

  it('drops a report that comes after it has settled', async () => {
    const sent: string[] = [];
    const { report, settle } = start(async ({ stage }) => void sent.push(stage));

    report({ stage: 'running', fraction: 0 });
    await vi.advanceTimersByTimeAsync(5_000);
    await settle();
    report({ stage: 'late', fraction: 1 });
    await vi.advanceTimersByTimeAsync(5_000);

    expect(sent).toEqual(['running']);
  });

  it('waits for a slow report and keeps their order', async () => {
    const first = Promise.withResolvers<void>();
    const arrived: number[] = [];
    const { report, settle } = start(async ({ fraction }) => {
      if (fraction === 0) await first.promise;
      arrived.push(fraction);
    });

    report({ stage: 'running', fraction: 0 });
    report({ stage: 'running', fraction: 1 });
    const settled = settle();
    first.resolve();
    await settled;

    expect(arrived).toEqual([0, 1]);
  });

  it('reports a send that fails and goes on', async () => {
    const sent: number[] = [];
    const { report, settle, errors } = start(async ({ fraction }) => {
      if (fraction === 0) throw new Error('no connection');
      sent.push(fraction);
    });

    report({ stage: 'running', fraction: 0 });
    report({ stage: 'running', fraction: 1 });
    await settle();

    expect(sent).toEqual([1]);
    expect(errors).toEqual([new Error('no connection')]);
  });
});
