import { type Client, DiscordAPIError, type SendableChannels } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../src/playground/permission-bits.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { logIn } from './log-in.ts';
import { PNG } from './png.ts';

const MINUTE_MS = 60_000;

describe('messages of a channel', () => {
  let skippedMs = 0;
  let playground: Playground;
  let client: Client<true>;
  let channel: SendableChannels;

  beforeEach(async () => {
    playground = await startPlayground({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
    client = await logIn(playground);
    channel = channelOf(playground.home.channelId);
  });

  afterEach(async () => {
    await client.destroy();
    await playground.close();
  });

  function channelOf(id: string): SendableChannels {
    const found = client.channels.cache.get(id);
    if (!found?.isSendable()) throw new Error(`The client knows no channel ${id}.`);
    return found;
  }

  const refusalOf = (request: Promise<unknown>) =>
    request.then(
      () => null,
      (error: unknown) => (error instanceof DiscordAPIError ? { status: error.status, code: error.code } : Promise.reject(error)),
    );
  const contents = () => playground.channel().messages.map(({ content }) => content);

  it('sends one message for one enforced nonce, for some minutes', async () => {
    const send = () => channel.send({ content: 'opened', nonce: 'event-1', enforceNonce: true });

    const first = await send();
    const again = await send();
    expect(again.id).toBe(first.id);
    expect(contents()).toEqual(['opened']);

    skippedMs += 5 * MINUTE_MS + 1;
    const later = await send();
    expect(later.id).not.toBe(first.id);
  });

  it('sends every message when the nonce is not enforced', async () => {
    for (let count = 0; count < 2; count += 1) await channel.send({ content: 'opened', nonce: 'event-1', enforceNonce: false });

    expect(contents()).toEqual(['opened', 'opened']);
  });

  it('keeps every state of an edited message', async () => {
    const message = await channel.send({ content: '10 %', embeds: [{ title: 'Running' }] });
    await message.edit('50 %');
    await message.edit({ content: null, embeds: [{ title: 'Done' }] });

    const [view] = playground.channel().messages;
    expect(view?.revisions.map(({ content, embeds }) => [content, embeds[0]?.title])).toEqual([
      ['10 %', 'Running'],
      ['50 %', 'Running'],
      ['', 'Done'],
    ]);
    expect((await channel.messages.fetch({ message: message.id, force: true })).editedTimestamp).not.toBeNull();
  });

  it('refuses an edit that leaves nothing', async () => {
    const message = await channel.send('a');

    expect(await refusalOf(message.edit({ content: null }))).toEqual({ status: 400, code: 50006 });
    expect(contents()).toEqual(['a']);
  });

  it('replaces a picture when the old ones are not listed, and keeps it when nothing is said', async () => {
    const file = (name: string) => ({ attachment: PNG, name });
    const message = await channel.send({ embeds: [{ image: { url: 'attachment://one.png' } }], files: [file('one.png')] });
    expect(message.attachments.size, 'what a card shows is no attachment besides').toBe(0);

    await message.edit('words');
    expect(playground.channel().messages[0]?.attachments.map(({ name }) => name)).toEqual(['one.png']);

    const edited = await message.edit({ embeds: [{ image: { url: 'attachment://two.png' } }], files: [file('two.png')], attachments: [] });
    expect(playground.channel().messages[0]?.attachments.map(({ name, inEmbed }) => [name, inEmbed])).toEqual([['two.png', true]]);
    expect(edited.embeds[0]?.image?.url).toMatch(/\/attachments\/.*\/two\.png$/);
  });

  it('describes a picture to those who cannot see it, with its size', async () => {
    const message = await channel.send({ files: [{ attachment: PNG, name: 'equity.png', description: 'It rises.' }] });

    expect(message.attachments.first()).toMatchObject({
      name: 'equity.png',
      description: 'It rises.',
      width: 1,
      height: 1,
      contentType: 'image/png',
    });
  });

  it('reads history newest first, before and after an id', async () => {
    for (const content of ['1', '2', '3', '4', '5']) await channel.send(content);
    const ids = playground.channel().messages.map(({ id }) => id);
    const read = async (options: { limit?: number; before?: string; after?: string }) =>
      (await channel.messages.fetch({ ...options, cache: false })).map(({ content }) => content);

    expect(await read({})).toEqual(['5', '4', '3', '2', '1']);
    expect(await read({ limit: 2 })).toEqual(['5', '4']);
    expect(await read({ limit: 2, before: ids[3] ?? '' })).toEqual(['3', '2']);
    expect(await read({ limit: 2, after: ids[1] ?? '' })).toEqual(['4', '3']);
    expect(await refusalOf(read({ limit: 101 }))).toEqual({ status: 400, code: 50035 });
  });

  it('lets a bot edit only its own messages, and read no others’ words', async () => {
    const { id } = playground.say({ content: 'hello' });

    expect(await refusalOf(channel.messages.edit(id, 'bye'))).toEqual({ status: 403, code: 50005 });
    expect(await refusalOf(channel.messages.delete(id))).toEqual({ status: 403, code: 50013 });
    expect((await channel.messages.fetch(id)).content).toBe('');
  });

  it('knows no message that was deleted, and no channel that never was', async () => {
    const message = await channel.send('a');
    await message.delete();

    expect(await refusalOf(channel.messages.fetch({ message: message.id, force: true }))).toEqual({ status: 404, code: 10008 });
    expect(await refusalOf(client.channels.fetch('100000000000000001', { force: true }))).toEqual({ status: 404, code: 10003 });
  });

  it('refuses a channel the bot may not see, or not write in', async () => {
    const deny = (bits: bigint) => [{ of: 'member' as const, id: playground.applicationId, allow: 0n, deny: bits }];
    const hidden = playground.addChannel({ name: 'hidden', overwrites: deny(PERMISSIONS.viewChannel) });
    const readable = playground.addChannel({ name: 'read-only', overwrites: deny(PERMISSIONS.sendMessages) });
    const send = (id: string) => refusalOf(client.rest.post(`/channels/${id}/messages`, { body: { content: 'a' } }));

    expect(await send(hidden)).toEqual({ status: 403, code: 50001 });
    expect(await send(readable)).toEqual({ status: 403, code: 50013 });
  });

  it('throttles edits of messages older than an hour', async () => {
    const message = await channel.send('0');
    skippedMs += 61 * MINUTE_MS;
    const edit = async () => {
      const answer = await fetch(`${playground.restUrl}/v10/channels/${channel.id}/messages/${message.id}`, {
        method: 'PATCH',
        headers: { authorization: `Bot ${playground.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ content: 'more' }),
      });
      return { status: answer.status, body: await answer.json() };
    };

    for (let count = 0; count < 3; count += 1) expect(await edit()).toMatchObject({ status: 200 });
    expect(await edit()).toMatchObject({ status: 429, body: { code: 30046, retry_after: expect.any(Number) } });
    skippedMs += 20_000;
    expect(await edit()).toMatchObject({ status: 200 });
  });

  describe('ping', () => {
    const everyone = { everyone: true, users: [], roles: [] };
    const nobody = { everyone: false, users: [], roles: [] };
    const lastPings = () => playground.channel().messages.at(-1)?.pings;

    it('whom they mention, if nothing is said about it', async () => {
      const role = playground.addRole({ name: 'trader' });
      const { userId } = playground.home;

      await channel.send(`<@${userId}> <@&${role}>`);
      expect(lastPings()).toEqual({ everyone: false, users: [userId], roles: [role] });
      await channel.send('@everyone');
      expect(lastPings()).toEqual(everyone);
    });

    it('only those that are allowed', async () => {
      const { userId } = playground.home;
      const role = playground.addRole({ name: 'trader' });
      const content = `<@${userId}> <@&${role}> @here`;

      await channel.send({ content, allowedMentions: { parse: [] } });
      expect(lastPings()).toEqual(nobody);
      await channel.send({ content, allowedMentions: { users: [userId] } });
      expect(lastPings()).toEqual({ ...nobody, users: [userId] });
      await channel.send({ content, allowedMentions: { parse: ['roles'] } });
      expect(lastPings()).toEqual({ ...nobody, roles: [role] });
    });

    it('nobody from inside a card, by an edit, or when nobody of that name is there', async () => {
      const message = await channel.send({ embeds: [{ description: `<@${playground.home.userId}> @everyone` }] });
      expect(lastPings()).toEqual(nobody);
      await message.edit(`<@${playground.home.userId}>`);
      expect(lastPings()).toEqual(nobody);
      await channel.send('<@100000000000000001>');
      expect(lastPings()).toEqual(nobody);
    });

    it('the author of what they reply to, unless told not to', async () => {
      const { id } = playground.say({ content: 'question' });

      await channel.send({ content: 'answer', reply: { messageReference: id } });
      expect(lastPings()).toEqual({ ...nobody, users: [playground.home.userId] });
      await channel.send({ content: 'answer', reply: { messageReference: id }, allowedMentions: { repliedUser: false } });
      expect(lastPings()).toEqual(nobody);
    });
  });

  it('can be waited for', async () => {
    const waiting = playground.channel().waitForMessage(({ content }) => content === 'ready');
    const message = await channel.send('starting');
    await message.edit('ready');

    expect((await waiting).id).toBe(message.id);
  });

  it('hands a failing condition to whoever waits, not to the bot', async () => {
    const waiting = playground.channel().waitForMessage(({ content }) => {
      throw new Error(`unexpected: ${content}`);
    });
    const failed = expect(waiting).rejects.toThrow('unexpected: hello');

    await channel.send('hello');

    await failed;
  });
});
