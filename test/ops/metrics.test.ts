import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/ops/metrics.ts';

const samples = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.read()).text.split('\n').filter((line) => !line.startsWith('#'));

describe('createMetrics', () => {
  it('counts runs by how they ended, and how long they took where that is known', async () => {
    const metrics = createMetrics();

    metrics.runEnded('done', 0.4);
    metrics.runEnded('done', 40);
    metrics.runEnded('failed', null);

    const told = await samples(metrics);
    expect(told).toContain('scalpdesk_runs_total{state="done"} 2');
    expect(told).toContain('scalpdesk_runs_total{state="failed"} 1');
    expect(told).toContain('scalpdesk_run_seconds_bucket{le="0.5",state="done"} 1');
    expect(told).toContain('scalpdesk_run_seconds_count{state="done"} 2');
    expect(told.filter((line) => line.startsWith('scalpdesk_run_seconds') && line.includes('failed'))).toEqual([]);
  });

  it('counts acknowledgements against the quarter of a second that is wanted and the three that Discord gives', async () => {
    const metrics = createMetrics();

    metrics.interactionAcknowledged('backtest', 180);
    metrics.interactionAcknowledged('backtest', 3_500);

    const told = await samples(metrics);
    expect(told).toContain('scalpdesk_interaction_acknowledged_ms_bucket{le="250",command="backtest"} 1');
    expect(told).toContain('scalpdesk_interaction_acknowledged_ms_bucket{le="3000",command="backtest"} 1');
    expect(told).toContain('scalpdesk_interaction_acknowledged_ms_count{command="backtest"} 2');
  });

  it('asks what waits each time it is read', async () => {
    const metrics = createMetrics();
    let queued = 3;
    metrics.watchBacklog(async () => ({
      work: { run: { queued, running: 1 }, fetch: { queued: 0, running: 2 } },
      messages: { pending: 2 },
      oldestMessageSeconds: 12.5,
    }));

    await metrics.read();
    queued = 4;

    expect((await samples(metrics)).filter((line) => /queue|outbox|backlog/.test(line))).toEqual([
      'scalpdesk_queue_work{kind="run",state="queued"} 4',
      'scalpdesk_queue_work{kind="run",state="running"} 1',
      'scalpdesk_queue_work{kind="fetch",state="queued"} 0',
      'scalpdesk_queue_work{kind="fetch",state="running"} 2',
      'scalpdesk_outbox_messages{state="pending"} 2',
      'scalpdesk_outbox_oldest_seconds 12.5',
      'scalpdesk_backlog_readable 1',
    ]);
  });

  it('tells 0 s when no message waits', async () => {
    const metrics = createMetrics();
    metrics.watchBacklog(async () => ({ work: {}, messages: {}, oldestMessageSeconds: null }));

    expect(await samples(metrics)).toContain('scalpdesk_outbox_oldest_seconds 0');
  });

  it('tells the rest when the database does not, and no number for what it does not know', async () => {
    const metrics = createMetrics();
    let isDown = false;
    metrics.runEnded('done', 1);
    metrics.watchBacklog(async () =>
      isDown ? Promise.reject(new Error('away')) : { work: { run: { queued: 1 } }, messages: { pending: 1 }, oldestMessageSeconds: 1 },
    );
    await metrics.read();

    isDown = true;

    const told = await samples(metrics);
    expect(told).toContain('scalpdesk_runs_total{state="done"} 1');
    expect(told).toContain('scalpdesk_backlog_readable 0');
    expect(told).toContain('scalpdesk_outbox_oldest_seconds Nan');
    expect(told.filter((line) => /queue_work|outbox_messages/.test(line))).toEqual([]);
  });

  it('measures the process when asked to, the lag of its event loop among it', async () => {
    const metrics = createMetrics();
    expect((await metrics.read()).text).not.toContain('nodejs_');

    metrics.watchProcess();

    expect((await metrics.read()).text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });
});
