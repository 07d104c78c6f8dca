import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/desk/download-file.ts';

describe('downloadFile', () => {
  let server: Server;
  let origin = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: 'http://example.com/secret' }).end();
      else if (request.url === '/gone') response.writeHead(404).end();
      else if (request.url === '/endless') response.writeHead(200).end(Buffer.alloc(2_000));
      else if (request.url === '/broken') response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
      else response.writeHead(200).end('timestamp,open\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const download = (url: string, discordApiUrl = `${origin}/api`) =>
    downloadFile({ name: 'bars.csv', url, bytes: 10 }, { discordApiUrl, maxBytes: 1_000 });

  it('fetches a file from the Discord it is told', async () => {
    const { fileName, bytes } = await download(`${origin}/bars.csv`);

    expect(fileName).toBe('bars.csv');
    expect(Buffer.from(bytes).toString()).toBe('timestamp,open\n');
  });

  it.each([
    ['http://169.254.169.254/latest', '169.254.169.254'],
    ['http://cdn.discordapp.com/x', 'cdn.discordapp.com'],
    ['https://cdn.discordapp.com.evil.example/x', 'cdn.discordapp.com.evil.example'],
    ['https://evil.example/cdn.discordapp.com', 'evil.example'],
    ['file:///etc/passwd', 'no host'],
    ['nonsense', 'no host'],
  ])('asks nobody else: %s', async (url, host) => {
    await expect(download(url, 'https://discord.com/api')).rejects.toThrow(
      `bars.csv lies on ${host}; wanted a file on cdn.discordapp.com: attach it to the command itself`,
    );
  });

  it.each([
    ['/moved', 'could not be fetched'],
    ['/gone', 'Discord answered 404 for bars.csv'],
    ['/endless', 'has more than 1000 bytes'],
    ['/broken', 'broke off after'],
  ])('refuses %s, saying what to do', async (path, words) => {
    const refusal = await download(`${origin}${path}`).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ name: 'Refusal', message: expect.stringContaining(words) });
    expect(String(refusal)).toMatch(/attach it again|compress it/);
  });
});
