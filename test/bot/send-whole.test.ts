import { once } from 'node:events';
import { createServer } from 'node:http';
import { REST, Routes } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendWhole } from '../../src/bot/send-whole.ts';

describe('sendWhole', () => {
  const received: { readonly type: string; readonly body: string }[] = [];
  let isSilent = false;
  const server = createServer(async (request, response) => {
    request.on('error', () => {});
    if (isSilent) return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ type: request.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString('latin1') });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"7"}');
  });
  let rest: REST;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    rest = new REST({ api: `http://127.0.0.1:${address.port}/api`, version: '10', retries: 0, makeRequest: sendWhole }).setToken('token');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (channelId: string, signal?: AbortSignal) =>
    rest.post(Routes.channelMessages(channelId), {
      body: { content: 'a picture' },
      files: [{ name: 'a.png', data: Buffer.alloc(300_000, 'p') }],
      ...(signal === undefined ? {} : { signal }),
    });

  it('sends what is said and its files as one form', async () => {
    expect(await post('1')).toEqual({ id: '7' });

    const [{ type, body } = { type: '', body: '' }] = received;
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(type)?.[1] ?? '';
    expect(boundary).not.toBe('');
    expect(body.startsWith(`--${boundary}`)).toBe(true);
    expect(body).toContain('filename="a.png"');
    expect(body).toContain('{"content":"a picture"}');
    expect(body).toContain('p'.repeat(300_000));
  });

  it('leaves no error behind when it is aborted at any moment', async () => {
    isSilent = true;
    const accidents: unknown[] = [];
    const note = (error: unknown) => accidents.push(error);
    process.on('unhandledRejection', note);
    const outcomes = new Set<string>();
    for (let index = 0; index < 40; index++) {
      const controller = new AbortController();
      if (index % 4 === 0) setImmediate(() => controller.abort());
      else setTimeout(() => controller.abort(), index % 8);
      const posted = post(`${index + 2}`, controller.signal);
      outcomes.add(
        await posted.then(
          () => 'sent',
          () => 'aborted',
        ),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', note);

    expect([...outcomes]).toEqual(['aborted']);
    expect(accidents).toEqual([]);
  });
});
