import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/engine/refusal.ts';
import { type OpsServer, startOpsServer } from '../../src/ops/http.ts';
import { createMetrics, type Metrics } from '../../src/ops/metrics.ts';
import { createReadiness } from '../../src/ops/readiness.ts';

describe('startOpsServer', () => {
  const metrics = createMetrics();
  const readiness = createReadiness(['database', 'queue']);
  const errors: unknown[] = [];
  let isDatabaseUp = true;
  let server: OpsServer;

  const open = (port: number, counting: Metrics = metrics) =>
    startOpsServer({ port, host: '127.0.0.1', readiness, metrics: counting, reportError: (error) => errors.push(error) });
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${server.url}${path}`, { method });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };

  beforeAll(async () => {
    readiness.watch('database', () => isDatabaseUp);
    readiness.watch('queue', () => true);
    server = await open(0);
  });
  beforeEach(() => {
    isDatabaseUp = true;
  });
  afterAll(() => server.close());

  it('is alive as long as it answers', async () => {
    isDatabaseUp = false;

    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'alive\n' });
  });

  it('answers whether it is ready, and which part is not', async () => {
    const up = await get('/readyz');
    isDatabaseUp = false;
    const down = await get('/readyz');

    expect(up).toMatchObject({ status: 200, type: 'application/json' });
    expect(JSON.parse(up.body)).toEqual({ state: 'ready', parts: { database: 'ready', queue: 'ready' } });
    expect(down.status).toBe(503);
    expect(JSON.parse(down.body)).toEqual({ state: 'not ready', parts: { database: 'not ready', queue: 'ready' } });
  });

  it('tells its metrics in the form Prometheus reads', async () => {
    metrics.messagePosted('sent');

    const { status, type, body } = await get('/metrics');

    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(body).toContain('scalpdesk_discord_posts_total{outcome="sent"} 1');
  });

  it('says what there is when asked for something else', async () => {
    expect(await get('/')).toMatchObject({ status: 404, body: expect.stringContaining('/readyz') });
    expect(await get('/metrics', 'POST')).toMatchObject({ status: 405 });
    expect(await get('/healthz?from=probe')).toMatchObject({ status: 200 });
    expect(await get('/healthz', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('tells the log and not the asker what broke', async () => {
    const broken = await open(0, { ...metrics, read: () => Promise.reject(new Error('postgres://desk:hunter2@db')) });
    const response = await fetch(`${broken.url}/metrics`);
    await broken.close();

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('hunter2');
    expect(errors).toHaveLength(1);
  });

  it('refuses a port that is taken, naming it and what to set', async () => {
    const port = Number(new URL(server.url).port);

    const refused = await open(port).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(Refusal);
    expect(String(refused)).toContain(`127.0.0.1 port ${port} (the port is taken); set another HTTP_PORT`);
  });

  it('closes though a connection is kept open', async () => {
    const closing = await open(0);
    await fetch(`${closing.url}/healthz`, { keepalive: true });

    await closing.close();

    await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow();
  });
});
