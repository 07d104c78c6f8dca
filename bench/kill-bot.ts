import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/market/random.ts';
import { type Playground, startPlayground } from '../src/playground/playground.ts';
import { openEmbeddedServer } from '../src/store/embedded-server.ts';

/**
 * Kills the bot at random moments between a press and its posted card: every press that was accepted must end in one card, or in a second
 * one that is marked as a possible repeat.
 */
const { values } = parseArgs({ options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } });
const kills = Number(values.kills);

/** A row that a killed bot was sending is free again after its lease of 60 s. */
const CARD_WITHIN_MS = 90_000;
const READY_WITHIN_MS = 30_000;
/** After the last card, a second one would have come by then: a lease that ran out is taken up again. */
const REPEAT_WITHIN_MS = 3_000;

const dir = await mkdtemp(join(tmpdir(), 'scalpdesk-kill-bot-'));
const children = new Set<ChildProcess>();
const server = await openEmbeddedServer({ dataDir: dir });
const playground = await startPlayground({ rateLimits: 'off' });
try {
  await killBots();
} finally {
  for (const child of children) child.kill('SIGKILL');
  await playground.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
}

async function killBots(): Promise<void> {
  const { uniform } = createRandom(Number(values.seed), kills);
  await startPart('worker');
  let bot = await startPart('bot');
  const pressMs = await pressAndWait();

  let unanswered = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const before = cards(playground).length;
    const press = await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    await sleep(uniform() * pressMs);
    const isAccepted = press.acknowledgedAfterMs() !== null;
    bot.kill('SIGKILL');
    await once(bot, 'exit');
    bot = await startPart('bot');
    // A press that nobody had acknowledged shows Discord's own error, and no run may come of it or one card.
    if (isAccepted) await waitForCards(before + 1).catch(() => null);
    else unanswered++;
    const posted = cards(playground).length - before;
    if (isAccepted && posted === 0 && (await hasRun(press.createdAtMs))) throw new Error(`Kill ${kill}: the run has no card`);
  }
  await sleep(REPEAT_WITHIN_MS);

  const shown = cards(playground).map(({ content, embeds }) => ({ content, footer: embeds.at(-1)?.footer?.text ?? '' }));
  const byRun = Map.groupBy(shown, ({ footer }) => footer.split('run ')[1] ?? '');
  const repeats = [...byRun.values()].filter((posts) => posts.length > 1);
  if (repeats.some((posts) => !posts.slice(1).every(({ content }) => content.includes('possible repeat')))) {
    throw new Error('A card was posted twice without a word');
  }
  process.stdout.write(
    `${kills} kills of the bot within ${Math.round(pressMs)} ms of a press: ${byRun.size} runs with one card each, ` +
      `${repeats.length} marked as a possible repeat, ${unanswered} presses killed before they were acknowledged\n`,
  );
}

async function pressAndWait(): Promise<number> {
  for (const round of [0, 1]) {
    const before = cards(playground).length;
    const startMs = performance.now();
    await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    await waitForCards(before + 1);
    // The first press warms everything up.
    if (round === 1) return performance.now() - startMs;
  }
  return 0;
}

/** Whether the press became a run: a bot that was killed between acknowledging and writing it down leaves none. */
async function hasRun(pressedAtMs: number): Promise<boolean> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ found: boolean }>(
      `select exists (select from runs where (request->>'requestedAtMs')::bigint = $1) as found`,
      [Math.floor(pressedAtMs)],
    );
    return rows[0]?.found === true;
  } finally {
    await client.end();
  }
}

async function waitForCards(count: number): Promise<void> {
  const deadlineMs = performance.now() + CARD_WITHIN_MS;
  while (cards(playground).length < count) {
    if (performance.now() > deadlineMs) throw new Error('No card was posted in time');
    await sleep(10);
  }
}

async function startPart(part: 'bot' | 'worker'): Promise<ChildProcess> {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATABASE_URL: server.databaseUrl,
    DISCORD_TOKEN: playground.token,
    DISCORD_API_URL: playground.restUrl,
    DISCORD_GUILD_ID: playground.home.guildId,
    EXCHANGE_BASE_URL: 'http://127.0.0.1:9',
  };
  const child = spawn(process.execPath, ['src/cli/main.ts', 'start', '--only', part], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  await untilReady(child);
  return child;
}

async function untilReady(child: ChildProcess): Promise<void> {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('A part of the desk did not start')), READY_WITHIN_MS);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('Scalpdesk is ready')) resolve();
  });
  await ready.finally(() => clearTimeout(timer));
}

function cards({ channel, home }: Playground) {
  return channel(home.channelId).messages.filter(({ attachments }) => attachments.length > 0);
}
