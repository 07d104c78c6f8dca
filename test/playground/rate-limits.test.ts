import { connect } from 'node:net';
import { type Client, DiscordAPIError, HTTPError, RESTEvents } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { logIn } from './log-in.ts';

describe('rate limits and faults', () => {
  let skippedMs = 0;
  let playground: Playground;
  let client: Client<true>;

  beforeEach(async () => {
    playground = await startPlayground({ clock: () => Date.now() + skippedMs });
    client = await logIn(playground);
  });

  afterEach(async () => {
    await client.destroy();
    await playground.close();
  });

  const path = () => `/channels/${playground.home.channelId}/messages` as const;
  const send = (content: string, more: object = {}) => client.rest.post(path(), { body: { content, ...more } });
  const sendRaw = () =>
    fetch(`${playground.restUrl}/v10${path()}`, {
      method: 'POST',
      headers: { authorization: `Bot ${playground.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'a' }),
    });
  const statuses = () => playground.requests.filter(({ route }) => route === 'send-message').map(({ status }) => status);
  const contents = () => playground.channel().messages.map(({ content }) => content);

  it('tells a client where it stands, and refuses the sixth message in 5 s', async () => {
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push(await sendRaw());

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['4', '3', '2', '1', '0', '0']);
    const [refused] = answers.slice(-1);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused?.headers.get('x-ratelimit-scope')).toBe('user');
    expect(await refused?.json()).toEqual({ message: 'You are being rate limited.', retry_after: expect.any(Number), global: false });
  });

  it('counts each channel by itself', async () => {
    const other = playground.addChannel({ name: 'other' });
    for (let count = 0; count < 5; count += 1) await sendRaw();

    await client.rest.post(`/channels/${other}/messages`, { body: { content: 'a' } });

    expect(playground.channel(other).messages).toHaveLength(1);
  });

  it('makes discord.js wait its turn and come back once', async () => {
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'rate-limit', retryAfterMs: 300, scope: 'shared' } });
    const startedMs = performance.now();

    await send('after the wait');

    expect(performance.now() - startedMs, 'the header counts whole seconds').toBeGreaterThanOrEqual(1_000);
    expect(statuses()).toEqual([429, 200]);
    expect(contents()).toEqual(['after the wait']);
  });

  it('keeps discord.js below the limit by its own headers', async () => {
    let waits = 0;
    client.rest.on(RESTEvents.RateLimited, () => {
      waits += 1;
    });

    await send('1');
    skippedMs += 4_500;
    await Promise.all(['2', '3', '4', '5', '6'].map((content) => send(content)));

    expect(waits).toBeGreaterThan(0);
    expect(statuses(), 'no request was refused').toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('refuses the 51st request in a second everywhere, but not an answer to an interaction', async () => {
    const still = await startPlayground({ clock: () => Date.UTC(2026, 0, 2) });
    const asked = await Promise.all(
      Array.from({ length: 60 }, () => fetch(`${still.restUrl}/v10/users/@me`, { headers: { authorization: `Bot ${still.token}` } })),
    );
    const answer = await fetch(`${still.restUrl}/v10/interactions/1/none/callback`, { method: 'POST' });
    await still.close();

    const refused = asked.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(refused[0]?.headers.get('x-ratelimit-global')).toBe('true');
    expect(answer.status, 'it was heard, and is unknown').toBe(404);
  });

  it('doubles a message that was applied before the answer was lost, unless its nonce is enforced', async () => {
    const lost = { route: 'send-message', times: 1, fault: { kind: 'status', status: 500, applied: true } } as const;
    playground.failNext(lost);
    await send('twice');
    playground.failNext(lost);
    await send('once', { nonce: 'event-1', enforce_nonce: true });

    expect(contents()).toEqual(['twice', 'twice', 'once']);
  });

  it('does nothing of a request that fails before it is applied', async () => {
    playground.failNext({ route: 'send-message', times: 4, fault: { kind: 'status', status: 503, applied: false } });

    await expect(send('lost')).rejects.toBeInstanceOf(HTTPError);
    expect(contents()).toEqual([]);
  });

  it('cuts the connection without an answer, the message sent or not', async () => {
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'hang-up', applied: true } });
    await expect(send('sent')).rejects.toThrow('other side closed');
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'reset', applied: false } });
    await send('retried by discord.js');

    expect(contents()).toEqual(['sent', 'retried by discord.js']);
    expect(statuses()).toEqual([null, null, 200]);
  });

  it('answers late when told to', async () => {
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'delay', delayMs: 50 } });
    const startedMs = performance.now();

    await send('late');

    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(50);
  });

  it('answers 401 to a wrong token, 404 to an unknown address and 50109 to what is not JSON', async () => {
    const ask = async (address: string, init: RequestInit) => {
      const answer = await fetch(`${playground.restUrl}/v10${address}`, init);
      const body: unknown = await answer.json();
      return [answer.status, body];
    };
    const authorization = `Bot ${playground.token}`;

    expect(await ask('/users/@me', { headers: { authorization: 'Bot wrong' } })).toEqual([401, { code: 0, message: '401: Unauthorized' }]);
    expect(await ask('/moon', { headers: { authorization } })).toEqual([404, { code: 0, message: '404: Not Found' }]);
    expect(await ask(path(), { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{' })).toEqual([
      400,
      { code: 50109, message: 'The request body contains invalid JSON.' },
    ]);
  });

  it('throws Discord’s refusals as discord.js does', async () => {
    await expect(send('')).rejects.toBeInstanceOf(DiscordAPIError);
  });

  it('forgives a client that goes away in mid-sentence', async () => {
    const { port } = new URL(playground.restUrl);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST /api/v10${path()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
    setTimeout(() => socket.destroy(), 50);

    await expect.poll(statuses).toEqual([null]);
    expect(contents()).toEqual([]);
  });
});
