import { type Client, DiscordjsErrorCodes, Events } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { logIn } from './log-in.ts';

describe('the gateway', () => {
  let playground: Playground;
  let client: Client<true> | null;

  beforeEach(async () => {
    playground = await startPlayground();
    client = null;
  });

  afterEach(async () => {
    await client?.destroy();
    await playground.close();
  });

  /** Logs in and registers /ping; every interaction that arrives is noted by its id. */
  async function listen() {
    client = await logIn(playground);
    await client.application.commands.set([{ name: 'ping', description: 'Are you there?' }]);
    const heard: string[] = [];
    client.on(Events.InteractionCreate, (interaction) => {
      heard.push(interaction.id);
      if (interaction.isChatInputCommand()) void interaction.reply('pong');
    });
    return { client, heard };
  }

  it('shows a bot its servers, channels and roles', async () => {
    const { client } = await listen();

    const guild = client.guilds.cache.get(playground.home.guildId);
    expect(client.user.username).toBe('Scalpdesk');
    expect(guild?.name).toBe('Trading floor');
    expect(guild?.channels.cache.map(({ id, name }) => [id, name])).toEqual([[playground.home.channelId, 'desk']]);
    expect(guild?.roles.everyone.permissions.has('SendMessages')).toBe(true);
    expect(guild?.members.me?.id).toBe(playground.applicationId);
  });

  it('tells a connected bot of new servers, channels and roles', async () => {
    const { client } = await listen();
    const joined = new Promise<string>((resolve) => client.once(Events.GuildCreate, (guild) => resolve(guild.name)));

    const roleId = playground.addRole({ name: 'trader' });
    const channelId = playground.addChannel({ name: 'alerts' });
    playground.addGuild('Second floor');

    expect(await joined).toBe('Second floor');
    expect(client.channels.cache.has(channelId)).toBe(true);
    expect(client.guilds.cache.get(playground.home.guildId)?.roles.cache.get(roleId)?.name).toBe('trader');
  });

  it('refuses a wrong token', async () => {
    await expect(logIn(playground, { token: 'wrong' })).rejects.toMatchObject({ code: DiscordjsErrorCodes.TokenInvalid });
  });

  it('refuses privileged intents', async () => {
    await expect(logIn(playground, { intents: ['Guilds', 'MessageContent'] })).rejects.toThrow('Used disallowed intents');
  });

  it('refuses intents that do not exist', async () => {
    await expect(logIn(playground, { intents: 1 << 30 })).rejects.toThrow('Used invalid intents');
  });

  it('loses no interaction while the connection is cut, and repeats none', async () => {
    const { heard } = await listen();
    const before = await playground.slash({ command: 'ping' });
    await before.waitForReply();

    playground.dropConnection(null);
    const missed = await playground.slash({ command: 'ping' });
    await missed.waitForReply();

    expect(heard).toEqual([before.interactionId, missed.interactionId]);
    expect(playground.gatewayEvents).toEqual(['identified', 'closed', 'resumed']);
  });

  it('lets a bot resume when it asks for a reconnect', async () => {
    const { client, heard } = await listen();
    const resumed = new Promise((resolve) => client.once(Events.ShardResume, resolve));

    playground.requestReconnect();
    await resumed;
    const press = await playground.slash({ command: 'ping' });
    await press.waitForReply();

    expect(heard).toEqual([press.interactionId]);
    expect(playground.gatewayEvents).toEqual(['identified', 'closed', 'resumed']);
  });

  it('makes a bot identify again when its session is invalid', async () => {
    const { client, heard } = await listen();
    const again = new Promise((resolve) => client.once(Events.ShardReady, resolve));

    playground.invalidateSession();
    await again;
    const press = await playground.slash({ command: 'ping' });
    await press.waitForReply();

    expect(heard).toEqual([press.interactionId]);
    expect(playground.gatewayEvents).toEqual(['identified', 'closed', 'identified']);
  });

  it('sends no command while nobody is logged in', async () => {
    await expect(playground.slash({ command: 'ping' })).rejects.toThrow('no bot is logged in');
  });

  describe('spoken to directly', () => {
    const open = () => new WebSocket(`${playground.restUrl.replace('http', 'ws').replace('/api', '/gateway')}?v=10&encoding=json`);
    const identify = { op: 2, d: { token: 'playground.bot.token', intents: 1, properties: {} } };

    /** Says hello, sends the payloads, and tells how the connection was closed. */
    const closeCodeAfter = (...payloads: readonly unknown[]) =>
      new Promise<number>((resolve) => {
        const socket = open();
        socket.on('open', () => {
          for (const payload of payloads) socket.send(typeof payload === 'string' ? payload : JSON.stringify(payload));
        });
        socket.on('close', resolve);
      });

    it('acknowledges heartbeats', async () => {
      const socket = open();
      const ops = await new Promise<unknown[]>((resolve) => {
        const seen: unknown[] = [];
        socket.on('open', () => socket.send(JSON.stringify({ op: 1, d: null })));
        socket.on('message', (data) => {
          seen.push(JSON.parse(String(data)).op);
          if (seen.length === 2) resolve(seen);
        });
      });
      socket.close();

      expect(ops).toEqual([10, 11]);
    });

    it.each([
      ['a wrong token', [{ op: 2, d: { ...identify.d, token: 'wrong' } }], 4004],
      ['an unknown operation', [identify, { op: 99, d: null }], 4001],
      ['what is not JSON', ['hello'], 4002],
      ['a payload over 4096 bytes', [{ op: 1, d: 'x'.repeat(5000) }], 4002],
      ['anything before it is known who speaks', [{ op: 3, d: {} }], 4003],
      ['a second introduction', [identify, identify], 4005],
      ['more than 120 payloads a minute', Array.from({ length: 121 }, () => ({ op: 1, d: null })), 4008],
    ])('hangs up on %s', async (_, payloads, code) => {
      expect(await closeCodeAfter(...payloads)).toBe(code);
    });

    it('does not resume what never was', async () => {
      const socket = open();
      const answer = await new Promise((resolve) => {
        socket.on('open', () => socket.send(JSON.stringify({ op: 6, d: { token: 'playground.bot.token', session_id: '1', seq: 1 } })));
        socket.on('message', (data) => {
          const payload: { op: number; d: unknown } = JSON.parse(String(data));
          if (payload.op === 9) resolve(payload);
        });
      });
      socket.close();

      expect(answer).toEqual({ op: 9, d: false });
    });
  });
});
