import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { withDatabase } from '../support/database.ts';
import { type Service, startService } from './start-service.ts';

const WAIT = { timeout: 20_000, interval: 20 };
const READY = { database: 'ready', queue: 'ready', discord: 'ready' };

describe('a bot whose gateway goes', () => {
  const database = withDatabase();
  let playground: Playground;
  let service: Service;

  beforeEach(async () => {
    playground = await startPlayground({ rateLimits: 'off' });
    service = await startService(['src/cli/main.ts', 'start', '--only', 'bot'], {
      DATABASE_URL: database.databaseUrl,
      DISCORD_TOKEN: playground.token,
      DISCORD_API_URL: playground.restUrl,
    });
    await service.waitUntilReady();
  });
  afterEach(async () => {
    service.child.kill('SIGKILL');
    await playground.close();
    await database.pool.query('delete from runs');
  });

  const events = () => playground.gatewayEvents.join(', ');
  /** Gives a command, which must have one effect. */
  const askOnce = async () => {
    const press = await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    await press.waitForReply(({ content }) => content.includes('Queued'), WAIT.timeout);
    const { rowCount } = await database.pool.query('select from runs');
    expect(rowCount).toBe(1);
  };

  it('is not ready while it is away, and is when it has resumed', async () => {
    expect(await service.readiness()).toMatchObject({ status: 200, parts: READY });

    playground.shutGateway();
    await expect.poll(service.readiness, WAIT).toMatchObject({ status: 503, parts: { ...READY, discord: 'not ready' } });
    playground.openGateway();
    await expect.poll(service.readiness, WAIT).toMatchObject({ status: 200, parts: READY });

    expect(events()).toContain('resumed');
    await askOnce();
  });

  it.each([
    ['is closed with 4000', (on: Playground) => on.dropConnection(4000), 'resumed'],
    ['asks it to reconnect', (on: Playground) => on.requestReconnect(), 'resumed'],
    ['calls its session invalid', (on: Playground) => on.invalidateSession(), 'closed, identified'],
  ])('works on when it %s', async (_what, goWrong, healed) => {
    goWrong(playground);
    await expect.poll(events, WAIT).toContain(healed);
    await expect.poll(service.readiness, WAIT).toMatchObject({ status: 200, parts: READY });

    await askOnce();
    expect(service.child.exitCode).toBeNull();
  });

  it.each([4004, 4014])('ends with a clear word when it is closed for good with %i', async (code) => {
    playground.dropConnection(code);

    const { exitCode } = await service.ended();

    expect(exitCode).toBe(1);
    expect(service.lines()).toContainEqual(
      expect.objectContaining({
        message: `Stopping: Discord closed the connection for good (code ${code}); check DISCORD_TOKEN and the intents of your application.`,
      }),
    );
  });
});
