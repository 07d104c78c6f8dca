import { afterAll, beforeAll } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { type Desk, openDesk } from '../../src/desk/open-desk.ts';
import { type RunningBot, startBot } from '../../src/desk/start-bot.ts';
import { type Playground, type PlaygroundOptions, startPlayground } from '../../src/playground/playground.ts';
import { type TestDatabase, withDatabase } from '../support/database.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

export type OnDiscord = {
  readonly database: TestDatabase;
  readonly playground: Playground;
  readonly desk: Desk;
  /** What the desk reported; a test that expects an error takes it out. */
  readonly errors: unknown[];
  /** As a process that is stopped in good order. */
  readonly stopBot: () => Promise<void>;
  readonly startBot: () => Promise<void>;
};

const CLOSE_WITHIN_MS = 5_000;

/** The bot on our own Discord and a database of its own, without a worker: call it in a `describe`, use it inside tests. */
export function onDiscord(options: PlaygroundOptions = { rateLimits: 'off' }, env: Readonly<Record<string, string>> = {}): OnDiscord {
  const database = withDatabase();
  const errors: unknown[] = [];
  let playground: Playground | null = null;
  let desk: Desk | null = null;
  let bot: RunningBot | null = null;

  const start = async () => {
    bot = await startBot(opened(desk), { onEnd: (reason) => errors.push(reason), closeWithinMs: CLOSE_WITHIN_MS });
  };
  const stop = async () => {
    await bot?.close();
    bot = null;
  };

  beforeAll(async () => {
    playground = await startPlayground(options);
    const config = {
      ...parseConfig({ DATABASE_URL: database.databaseUrl, EXCHANGE_BASE_URL: NO_EXCHANGE, ...env }),
      discordToken: playground.token,
      discordApiUrl: playground.restUrl,
    };
    desk = await openDesk(config, (error) => errors.push(error));
    await start();
  });

  afterAll(async () => {
    await stop();
    await desk?.close();
    await playground?.close();
  });

  return {
    database,
    errors,
    stopBot: stop,
    startBot: start,
    get playground() {
      return opened(playground);
    },
    get desk() {
      return opened(desk);
    },
  };
}

function opened<Part>(part: Part | null): Part {
  if (part === null) throw new Error('The desk is there inside tests and hooks, not before.');
  return part;
}
