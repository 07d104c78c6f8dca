import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../config/config.ts';
import { openDesk } from '../desk/open-desk.ts';
import { writeRunFiles } from '../desk/run-files.ts';
import { startBot } from '../desk/start-bot.ts';
import { startWorker } from '../desk/start-worker.ts';
import { openWorkNotices } from '../desk/work-notices.ts';
import { textMessage } from '../render/message.ts';
import { findRun } from '../store/runs.ts';
import { startPlayground } from './playground.ts';
import { transcribe } from './transcript.ts';

/** The main job on a fresh machine: everything embedded, one member, one `/backtest`, and what the channel shows then. */

const FOLDER = 'out';
const RESULT_WITHIN_MS = 45_000;
const CLOSE_WITHIN_MS = 5_000;

const { stdout, stderr } = process;

try {
  await demo();
} catch (error) {
  reportError(error);
  process.exitCode = 1;
}

async function demo(): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'scalpdesk-demo-'));
  opened.defer(() => rm(dataDir, { recursive: true }));
  const playground = await startPlayground();
  opened.defer(playground.close);
  const { guildId, channelId } = playground.home;
  const config = {
    ...parseConfig(process.env),
    // A database of its own, gone when the demo is over.
    databaseUrl: null,
    dataDir,
    discordToken: playground.token,
    discordApiUrl: playground.restUrl,
    discordGuildId: guildId,
  };

  stdout.write('Starting PostgreSQL, the worker and the bot …\n');
  const desk = await openDesk(config, reportError);
  opened.defer(desk.close);
  const worker = await startWorker(desk);
  opened.defer(() => worker.close(CLOSE_WITHIN_MS));
  const bot = await startBot(desk, { onEnd: (reason) => reportError(new Error(reason)), closeWithinMs: CLOSE_WITHIN_MS });
  opened.defer(bot.close);
  const notices = await openWorkNotices(desk);
  opened.defer(notices.close);
  const { promise: endedRun, resolve } = Promise.withResolvers<string>();
  notices.onEnd(({ work }) => resolve(work.id));

  stdout.write('ana types /backtest preset:scalper-5m\n\n');
  const channel = playground.channel(channelId);
  const press = await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
  const { attachments } = await channel.waitForMessage((message) => message.attachments.length > 0, RESULT_WITHIN_MS);
  await press.waitForReply((reply) => reply.content.includes('Done'), RESULT_WITHIN_MS);
  stdout.write(`${transcribe(channel)}\n\n`);

  const run = await findRun(desk.pool, { id: await endedRun, guildId });
  if (run === null || run.result === null) throw new Error('The run has no result');
  const files = attachments.map(({ name, bytes, description }) => ({ name, bytes, description: description ?? '' }));
  const paths = await writeRunFiles(FOLDER, run.id, run.result, { ...textMessage(''), files });
  stdout.write(`${paths.map((path) => `wrote ${path}`).join('\n')}\n`);
}

function reportError(error: unknown): void {
  stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
