import { createServer } from 'node:http';
import { RESTEvents } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDiscordClient } from '../../src/bot/discord-client.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { openBot } from './open-bot.ts';

describe('openDiscordClient', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await startPlayground({ rateLimits: 'off' });
  });
  afterAll(() => playground.close());

  it('is ready, and pings nobody by itself', async () => {
    const { client, close } = await openBot(playground);

    expect(client.user.id).toBe(playground.applicationId);
    expect(client.options.allowedMentions).toEqual({ parse: [] });
    expect(client.options.intents.toArray()).toEqual(['Guilds']);
    await close();
  });

  it('refuses a wrong token in words, without showing it', async () => {
    const login = openBot(playground, { token: 'wrong.bot.token' });

    await expect(login).rejects.toThrow(Refusal);
    await expect(login).rejects.toThrow(/^Discord does not accept DISCORD_TOKEN \(not shown\)/);
  });

  it('tells at which address Discord cannot be reached', async () => {
    const { port, free } = await takePort();
    await free();
    const apiUrl = `http://127.0.0.1:${port}/api`;
    const nothing = async () => undefined;

    const login = openDiscordClient({ token: 't', apiUrl, onInteraction: nothing, reportError: nothing, onEnd: nothing });

    await expect(login).rejects.toThrow(`Discord cannot be reached at ${apiUrl}.`);
  });

  it('answers more presses in a second than Discord takes other requests: interactions do not count', async () => {
    const { client, close } = await openBot(playground, {
      onInteraction: async (interaction) => {
        if (!interaction.isChatInputCommand()) return;
        await interaction.deferReply();
        await interaction.editReply('answered');
      },
    });
    const waits: unknown[] = [];
    client.rest.on(RESTEvents.RateLimited, (wait) => waits.push(wait));
    await client.application.commands.set([{ name: 'ping', description: 'Answers' }]);

    const presses = await Promise.all(Array.from({ length: 120 }, () => playground.slash({ command: 'ping' })));
    await Promise.all(presses.map((press) => press.waitForReply(({ content }) => content === 'answered')));

    expect(waits, 'held back by discord.js').toEqual([]);
    await close();
  });

  it('comes back after a lost connection and tells of one that is over for good', async () => {
    const ends: string[] = [];
    const errors: string[] = [];
    const { close } = await openBot(playground, {
      onEnd: (reason) => void ends.push(reason),
      reportError: ({ message }) => void errors.push(message),
    });

    playground.dropConnection(null);
    await expect.poll(() => playground.gatewayEvents).toContain('resumed');
    expect(ends).toEqual([]);
    playground.dropConnection(4014);
    await expect.poll(() => ends).toHaveLength(1);

    expect(ends[0]).toContain('(code 4014)');
    expect(errors).toContain('Used disallowed intents');
    await close();
  });
});

async function takePort(): Promise<{ readonly port: number; readonly free: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return { port: address.port, free: () => new Promise((resolve) => server.close(() => resolve())) };
}
