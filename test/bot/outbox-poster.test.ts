import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscordConnection } from '../../src/bot/discord-client.ts';
import { type OutboxPoster, type OutboxPosterPorts, startOutboxPoster } from '../../src/bot/outbox-poster.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { type Message, textMessage } from '../../src/render/message.ts';
import { claimNext, enqueueMessage, type NewMessage, nonceOf } from '../../src/store/outbox.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { openBot } from './open-bot.ts';

const MINUTE_MS = 60_000;
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

describe('the outbox poster', () => {
  const database = withDatabase();
  let skippedMs = 0;
  let playground: Playground;
  let bot: DiscordConnection;
  let posters: OutboxPoster[];
  let errors: unknown[];
  let outcomes: string[];
  let wake: () => void;

  beforeEach(async () => {
    skippedMs = 0;
    playground = await startPlayground({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
    bot = await openBot(playground);
    posters = [];
    errors = [];
    outcomes = [];
  });

  afterEach(async () => {
    for (const poster of posters) await poster.close(1_000);
    await bot.close();
    await playground.close();
    await database.pool.query('delete from outbox');
  });

  function start(changes: Partial<OutboxPosterPorts> = {}): OutboxPoster {
    const poster = startOutboxPoster({
      rest: bot.client.rest,
      botUserId: bot.client.user.id,
      db: database.pool,
      compose: async ({ payload }) => payload as Message,
      onWake: (listener) => {
        wake = listener;
        return () => undefined;
      },
      onAttempt: (outcome) => void outcomes.push(outcome),
      reportError: (error) => errors.push(error),
      holder: { held: () => null, findGone: async () => [] },
      ...changes,
    });
    posters.push(poster);
    return poster;
  }

  type Query = Parameters<typeof database.pool.query>;
  const lost = () => Promise.reject(new Error('terminating connection'));
  /** A connection that is lost whenever a statement with these words goes over it. */
  const withoutUpdates = (words: string) => ({
    query: ((...args: Query) => (String(args[0]).includes(words) ? lost() : database.pool.query(...args))) as typeof database.pool.query,
  });

  const row = (message: Message, changes: Partial<NewMessage> = {}): NewMessage => ({
    id: randomUUID(),
    guildId: playground.home.guildId,
    channelId: playground.home.channelId,
    runId: null,
    kind: 'test',
    payload: message,
    ...changes,
  });
  const enqueue = (...rows: NewMessage[]) =>
    transact(database.pool, async (tx) => {
      for (const one of rows) await enqueueMessage(tx, one);
    });
  const stateOf = async ({ id }: NewMessage): Promise<string> =>
    (await database.pool.query<{ state: string }>('select state from outbox where id = $1', [id])).rows[0]?.state ?? 'missing';
  const sent = (one: NewMessage) => expect.poll(() => stateOf(one), { timeout: 8_000 }).toBe('sent');
  const texts = (channelId = playground.home.channelId) => playground.channel(channelId).messages.map(({ content }) => content);
  const signature = ({ id }: NewMessage) => `-# ${id.slice(0, 8)}`;
  const posts = () => playground.requests.filter(({ route }) => route === 'send-message').length;

  it('posts a message once, with its picture, its nonce and its short id, and notes it', async () => {
    const card: Message = {
      content: 'Done',
      embeds: [
        { title: 'BTC-USD', description: '+1.2 %' },
        { title: 'Equity', image: { url: 'attachment://equity.png' }, footer: { text: 'simulated' } },
      ],
      files: [{ name: 'equity.png', bytes: PNG, description: 'Equity rises from 1000 to 1012' }],
      selects: [],
      buttons: [],
      mentionedUserIds: [],
    };
    const one = row(textMessage('replaced by compose'));
    await enqueue(one);
    start({ compose: async () => card });
    await sent(one);

    const [message] = playground.channel().messages;
    expect(message).toMatchObject({
      content: 'Done',
      embeds: [{ title: 'BTC-USD' }, { title: 'Equity', footer: { text: `simulated · ${one.id.slice(0, 8)}` } }],
      attachments: [{ name: 'equity.png', description: 'Equity rises from 1000 to 1012', inEmbed: true }],
      nonce: nonceOf(one.id),
    });
    const { rows } = await database.pool.query('select message_id from outbox where id = $1', [one.id]);
    expect(rows).toEqual([{ message_id: message?.id }]);
    expect({ posts: posts(), errors }).toEqual({ posts: 1, errors: [] });
  });

  it('mentions the asker and nobody else, whatever the text says', async () => {
    const asker = playground.addMember({ name: 'bea' });
    const role = playground.addRole({ name: 'all', mentionable: true });
    const one = row({ ...textMessage(`<@${asker}> <@${playground.home.userId}> <@&${role}> @everyone`), mentionedUserIds: [asker] });
    await enqueue(one);
    start();
    await sent(one);

    expect(playground.channel().messages[0]?.pings).toEqual({ everyone: false, users: [asker], roles: [] });
  });

  it('starts at once when it is woken', async () => {
    start();
    await expect.poll(() => wake).toBeTypeOf('function');
    const one = row(textMessage('now'));

    await enqueue(one);
    wake();
    await sent(one);

    expect(texts()).toEqual([`now\n${signature(one)}`]);
  });

  it('keeps the order within a channel, also over a failure, while other channels go on', async () => {
    const other = playground.addChannel({ name: 'other' });
    const rows = ['one', 'two', 'three'].map((text) => row(textMessage(text)));
    const elsewhere = row(textMessage('elsewhere'), { channelId: other });
    playground.failNext({ route: 'send-message', times: 4, fault: { kind: 'status', status: 503, applied: false } });
    const [first, ...rest] = rows as [NewMessage, ...NewMessage[]];
    await enqueue(first);
    start();
    await expect.poll(() => errors).toHaveLength(1);

    await enqueue(...rest, elsewhere);
    wake();
    await sent(elsewhere);
    expect(texts(), 'the second message does not overtake the first').toEqual([]);
    for (const one of rows) await sent(one);

    expect(texts()).toEqual(rows.map((one) => `${(one.payload as Message).content}\n${signature(one)}`));
  });

  it('leaves one message when an answer is lost and the library sends again', async () => {
    const one = row(textMessage('once'));
    playground.failNext({ route: 'send-message', times: 2, fault: { kind: 'status', status: 500, applied: true } });
    await enqueue(one);
    start();
    await sent(one);

    expect(posts(), 'it was sent three times').toBe(3);
    expect(texts()).toEqual([`once\n${signature(one)}`]);
  });

  it('finds its message in the channel when all answers were lost, after the nonce is forgotten too', async () => {
    const one = row(textMessage('once'));
    playground.failNext({ route: 'send-message', times: 4, fault: { kind: 'status', status: 500, applied: true } });
    await enqueue(one);
    start();
    await expect.poll(() => errors).toHaveLength(1);
    skippedMs += 10 * MINUTE_MS;
    await sent(one);

    expect({ texts: texts(), posts: posts() }).toEqual({ texts: [`once\n${signature(one)}`], posts: 4 });
  });

  it('does not repeat what a process posted that died before noting it', async () => {
    const one = row({ ...textMessage(''), embeds: [{ title: 'Card', footer: { text: 'simulated' } }] });
    await enqueue(one);
    const first = start({ db: withoutUpdates("state = 'sent'"), leaseMs: 500 });
    await expect.poll(() => outcomes).toEqual(['sent']);
    await first.close(0);
    expect(errors).toMatchObject([{ message: expect.stringContaining('could not be noted') }]);
    playground.say({ content: one.id.slice(0, 8) });
    skippedMs += 10 * MINUTE_MS;

    start();
    await sent(one);

    const [ours] = playground.channel().messages;
    const { rows } = await database.pool.query('select message_id, attempts from outbox where id = $1', [one.id]);
    expect(rows).toEqual([{ message_id: ours?.id, attempts: 2 }]);
    expect(posts()).toBe(1);
  });

  it('looks through more than one page of later messages', async () => {
    const one = row(textMessage('late'));
    await enqueue(one);
    await claimNext(database.pool, { leaseMs: 1, heldBy: null, gone: [] });
    for (let count = 0; count < 150; count++) playground.say({ content: `chat ${count}` });
    await bot.client.rest.post(`/channels/${one.channelId}/messages`, { body: { content: `late\n${signature(one)}` } });

    start();
    await sent(one);

    expect(texts().filter((text) => text.startsWith('late'))).toHaveLength(1);
    expect(playground.requests.filter(({ route }) => route === 'list-messages')).toHaveLength(2);
  });

  it('sends what the channel does not have after a process died', async () => {
    const one = row(textMessage('new'));
    await enqueue(one);
    await claimNext(database.pool, { leaseMs: 1, heldBy: null, gone: [] });

    start();
    await sent(one);

    expect({ texts: texts(), errors }).toEqual({ texts: [`new\n${signature(one)}`], errors: [] });
  });

  it('marks a possible repeat when the history cannot be read', async () => {
    const one = row(textMessage('hello'));
    await enqueue(one);
    await claimNext(database.pool, { leaseMs: 1, heldBy: null, gone: [] });
    playground.failNext({ route: 'list-messages', times: 4, fault: { kind: 'status', status: 500, applied: false } });

    start();
    await sent(one);

    expect(texts()).toEqual([`hello\n-# possible repeat\n${signature(one)}`]);
    expect(errors).toHaveLength(1);
  });

  it('gives up on a channel that is gone, tells of it, and goes on', async () => {
    const gone = row(textMessage('lost'), { channelId: '99999999999999999' });
    const after = row(textMessage('next'));
    await enqueue(gone, after);
    start();
    await sent(after);

    expect(await stateOf(gone)).toBe('failed');
    const { rows } = await database.pool.query('select last_error, attempts from outbox where id = $1', [gone.id]);
    expect(rows).toEqual([{ last_error: 'DiscordAPIError[10003]: Unknown Channel', attempts: 1 }]);
    expect(errors).toMatchObject([{ message: expect.stringContaining(gone.id), cause: { code: 10003 } }]);
  });

  it('gives up on a channel it was shut out of and on a form that Discord refuses', async () => {
    const everyone = playground.home.guildId;
    const closed = playground.addChannel({ name: 'closed', overwrites: [{ id: everyone, of: 'role', allow: 0n, deny: 1n << 10n }] });
    const shutOut = row(textMessage('hidden'), { channelId: closed });
    const tooLong = row(textMessage('x'.repeat(2_001)));
    const after = row(textMessage('next'));
    await enqueue(shutOut, tooLong, after);
    start();
    await sent(after);

    await expect.poll(async () => [await stateOf(shutOut), await stateOf(tooLong)]).toEqual(['failed', 'failed']);
    expect(errors).toHaveLength(2);
  });

  it('gives up what has become of nothing', async () => {
    const one = row(textMessage('gone'));
    await enqueue(one);
    start({ compose: async () => null });

    await expect.poll(() => stateOf(one)).toBe('failed');
    expect(texts()).toEqual([]);
  });

  it('tries again when a message could not be composed', async () => {
    let attempts = 0;
    const boom = new Error('the renderer is down');
    const one = row(textMessage('drawn'));
    await enqueue(one);
    start({
      compose: async ({ payload }) => {
        attempts += 1;
        if (attempts === 1) throw boom;
        return payload as Message;
      },
    });
    await sent(one);

    expect(texts()).toEqual([`drawn\n${signature(one)}`]);
    expect(errors).toMatchObject([{ cause: boom }]);
  });

  it('sends an apology in the end for what cannot be composed, so that its channel goes on', async () => {
    const broken = row(textMessage('broken'));
    const after = row(textMessage('next'));
    await enqueue(broken, after);
    start({
      compose: async ({ id, payload }) => {
        if (id === broken.id) throw new Error('cannot be drawn');
        return payload as Message;
      },
    });
    for (let failures = 1; failures <= 4; failures++) {
      await expect.poll(() => errors).toHaveLength(failures);
      await expect.poll(() => stateOf(broken)).toBe('pending');
      await database.pool.query('update outbox set next_attempt_at = now() where id = $1', [broken.id]);
      wake();
    }
    await sent(after);

    expect(texts()).toEqual([
      `Something broke on our side while this message was made. Reference: \`${broken.id}\`\n${signature(broken)}`,
      `next\n${signature(after)}`,
    ]);
  });

  it('waits for what is on its way when it is closed, and takes nothing more', async () => {
    const [first, second] = [row(textMessage('first')), row(textMessage('second'))];
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'delay', delayMs: 300 } });
    await enqueue(first, second);
    const poster = start();
    await expect.poll(() => stateOf(first)).toBe('sending');

    await poster.close(5_000);

    expect([await stateOf(first), await stateOf(second)]).toEqual(['sent', 'pending']);
  });

  it('cuts off at the deadline and gives the message back for another process to look for', async () => {
    const one = row(textMessage('slow'));
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'delay', delayMs: 3_000 } });
    await enqueue(one);
    const poster = start();
    await expect.poll(() => stateOf(one)).toBe('sending');

    await poster.close(100);

    const { rows } = await database.pool.query('select state, may_have_been_sent from outbox where id = $1', [one.id]);
    expect(rows).toEqual([{ state: 'pending', may_have_been_sent: true }]);
  });

  it('takes over what a process was sending that is gone, and does not wait for its lease', async () => {
    const one = row(textMessage('left'));
    await enqueue(one);
    await claimNext(database.pool, { leaseMs: MINUTE_MS, heldBy: 7, gone: [] });
    let gone: number[] = [];
    start({ holder: { held: () => null, findGone: async () => gone } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await stateOf(one)).toBe('sending');

    gone = [7];
    wake();
    await sent(one);

    expect(texts()).toEqual([`left\n${signature(one)}`]);
  });

  it('stops sending when others cannot see any more that it lives, and gives the message back', async () => {
    const one = row(textMessage('slow'));
    playground.failNext({ route: 'send-message', times: 1, fault: { kind: 'delay', delayMs: 3_000 } });
    await enqueue(one);
    const losing = new AbortController();
    start({ holder: { held: () => ({ number: 7, lost: losing.signal }), findGone: async () => [] } });
    const heldBy = async () =>
      (await database.pool.query('select state, held_by, may_have_been_sent from outbox where id = $1', [one.id])).rows;
    await expect.poll(heldBy).toEqual([{ state: 'sending', held_by: 7, may_have_been_sent: false }]);

    losing.abort();

    await expect.poll(heldBy, { interval: 10 }).toEqual([{ state: 'pending', held_by: null, may_have_been_sent: true }]);
  });

  it('notes what became of a message when the database was away at that moment', async () => {
    const one = row(textMessage('noted'));
    await enqueue(one);
    let isAway = true;
    const cut = withoutUpdates("state = 'sent'");
    const db = { query: ((...args: Query) => (isAway ? cut : database.pool).query(...args)) as typeof database.pool.query };
    start({ db });
    await expect.poll(() => texts()).toHaveLength(1);
    expect(await stateOf(one)).toBe('sending');

    isAway = false;
    await sent(one);

    expect({ errors, posts: posts() }).toEqual({ errors: [], posts: 1 });
  });

  it('reports a database that is away once, and delivers when it is back', async () => {
    let isAway = true;
    const one = row(textMessage('back'));
    await enqueue(one);
    const db = { query: ((...args: Query) => (isAway ? lost() : database.pool.query(...args))) as typeof database.pool.query };
    start({ db });
    await expect.poll(() => errors).toHaveLength(1);
    wake();
    wake();
    isAway = false;
    await sent(one);

    expect(errors).toMatchObject([{ message: 'The outbox cannot be read; messages wait until it can.' }]);
  });
});
