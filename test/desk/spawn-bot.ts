import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';
import type { OnDiscord } from './on-discord.ts';

const READY_MS = 30_000;

/** The bot in a process of its own, which can be killed. */
export async function spawnBot({ database, playground }: OnDiscord): Promise<ChildProcess> {
  const env = {
    PATH: process.env.PATH,
    ...COMPILE_CACHE,
    DATABASE_URL: database.databaseUrl,
    DISCORD_TOKEN: playground.token,
    DISCORD_API_URL: playground.restUrl,
    EXCHANGE_BASE_URL: NO_EXCHANGE,
  };
  const child = spawn(process.execPath, ['src/cli/main.ts', 'start', '--only', 'bot'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  try {
    await expect.poll(() => stderr, { timeout: READY_MS }).toContain('Scalpdesk is ready');
  } catch (error) {
    // One that is ready too late would answer in the next test.
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

export async function killBot(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
