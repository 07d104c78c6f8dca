import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { HOLDER_LOCKS } from '../../src/store/gone-holders.ts';
import {
  claimNext,
  enqueueMessage,
  markFailed,
  markSent,
  type NewMessage,
  nonceOf,
  OUTBOX_CHANNEL,
  releaseForRetry,
} from '../../src/store/outbox.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const LEASE_MS = 60_000;

describe('outbox', () => {
  const database = withDatabase();
  afterEach(() => database.pool.query('delete from outbox'));

  const message = (channelId: string, text: string): NewMessage => ({
    id: randomUUID(),
    guildId: 'g',
    channelId,
    runId: null,
    kind: 'alert',
    payload: { text },
  });
  const enqueue = (...messages: NewMessage[]) =>
    transact(database.pool, async (tx) => {
      for (const one of messages) await enqueueMessage(tx, one);
    });
  const claim = (leaseMs = LEASE_MS, { heldBy = null, gone = [] }: { heldBy?: number | null; gone?: number[] } = {}) =>
    claimNext(database.pool, { leaseMs, heldBy, gone });
  const send = (id: string) => markSent(database.pool, { id, messageId: `m-${id}` });
  const retry = (id: string, attempts: number, inMs: number) =>
    releaseForRetry(database.pool, { id, attempts, error: 'HTTP 500', nextAttemptAtMs: Date.now() + inMs, mayHaveBeenSent: false });
  const stateOf = async ({ id }: NewMessage) =>
    (await database.pool.query('select state, attempts, message_id, last_error from outbox where id = $1', [id])).rows[0];

  it('gives out a message once, whole', async () => {
    const hello = message('c', 'hello');
    await enqueue(hello);

    expect(await claim()).toEqual({ ...hello, attempts: 1, mayHaveBeenSent: false, createdAtMs: expect.any(Number) });
    expect(await claim()).toBeNull();
    await send(hello.id);
    expect(await stateOf(hello)).toEqual({ state: 'sent', attempts: 1, message_id: `m-${hello.id}`, last_error: null });
  });

  it('is announced when the transaction commits, and not before', async () => {
    const listener = new pg.Client({ connectionString: database.databaseUrl });
    await listener.connect();
    await listener.query(`listen ${OUTBOX_CHANNEL}`);
    const heard: (string | undefined)[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    const dropped = message('c', 'dropped');
    const kept = message('c', 'kept');

    await transact(database.pool, async (tx) => {
      await enqueueMessage(tx, dropped);
      throw new Error('changed my mind');
    }).catch(() => null);
    await enqueue(kept);
    while (heard.length === 0) await listener.query('select 1');
    await listener.end();

    expect(heard).toEqual([kept.id]);
    expect(await stateOf(dropped)).toBeUndefined();
  });

  it('takes a message of the same id once', async () => {
    const hello = message('c', 'hello');

    expect(await transact(database.pool, (tx) => enqueueMessage(tx, hello))).toBe(true);
    expect(await transact(database.pool, (tx) => enqueueMessage(tx, { ...hello, payload: {} }))).toBe(false);
    expect((await claim())?.payload).toEqual({ text: 'hello' });
  });

  it('keeps the order within a channel and lets other channels pass', async () => {
    const [first, second, other] = [message('c', '1'), message('c', '2'), message('d', '1')];
    await enqueue(first, second, other);

    expect([(await claim())?.id, (await claim())?.id, await claim()], 'the second waits for the first').toEqual([first.id, other.id, null]);
    await send(first.id);
    expect((await claim())?.id).toBe(second.id);
  });

  it('holds a channel back while its first message waits to be tried again', async () => {
    const [first, second] = [message('c', '1'), message('c', '2')];
    await enqueue(first, second);
    await claim();
    await retry(first.id, 1, 60_000);

    expect(await claim(), 'neither is due').toBeNull();
    expect(await stateOf(first)).toEqual({ state: 'pending', attempts: 1, message_id: null, last_error: 'HTTP 500' });

    await database.pool.query('update outbox set next_attempt_at = now()');
    expect(await claim()).toMatchObject({ id: first.id, attempts: 2, mayHaveBeenSent: false });
  });

  it('goes on with the next message when one is given up', async () => {
    const [first, second] = [message('c', '1'), message('c', '2')];
    await enqueue(first, second);
    await claim();
    await markFailed(database.pool, { id: first.id, attempts: 1, error: 'Unknown Channel' });

    expect((await claim())?.id).toBe(second.id);
    expect(await stateOf(first)).toMatchObject({ state: 'failed', last_error: 'Unknown Channel' });
  });

  it('gives a message whose sender died to another, who is told that it may have been sent', async () => {
    const hello = message('c', 'hello');
    await enqueue(hello);
    await claim(0);

    expect(await claim(0)).toMatchObject({ id: hello.id, attempts: 2, mayHaveBeenSent: true });
    await retry(hello.id, 2, 0);
    expect(await claim(), 'that stays so when the other one gives it back').toMatchObject({ mayHaveBeenSent: true });
  });

  it('never sends again what a slow sender has delivered', async () => {
    const hello = message('c', 'hello');
    await enqueue(hello);
    await claim(0);
    await claim(LEASE_MS);

    await send(hello.id);
    await retry(hello.id, 2, 0);
    await markFailed(database.pool, { id: hello.id, attempts: 2, error: 'late' });

    expect(await claim()).toBeNull();
    expect(await stateOf(hello)).toMatchObject({ state: 'sent', last_error: null });
  });

  it('takes over at once what somebody was sending who is gone, and leaves alone what one who lives is sending', async () => {
    const [dead, living] = [message('c', 'dead'), message('d', 'living')];
    await enqueue(dead, living);
    const client = await database.pool.connect();
    await client.query(`select pg_advisory_lock(${HOLDER_LOCKS}, 8)`);
    await claim(LEASE_MS, { heldBy: 7 });
    await claim(LEASE_MS, { heldBy: 8 });
    expect(await claim(), 'nobody has looked who is gone').toBeNull();

    const taken = await claim(LEASE_MS, { heldBy: 9, gone: [7, 8] });

    expect(taken).toMatchObject({ id: dead.id, attempts: 2, mayHaveBeenSent: true });
    expect(await claim(LEASE_MS, { heldBy: 9, gone: [7, 8] }), 'it was seen to be gone, and is back').toBeNull();
    await client.query('select pg_advisory_unlock_all()');
    client.release();
    expect(await claim(LEASE_MS, { gone: [8] })).toMatchObject({ id: living.id });
  });

  it('gives a sender no say any more when another has begun since', async () => {
    const hello = message('c', 'hello');
    await enqueue(hello);
    await claim(0);
    await claim(LEASE_MS);

    await retry(hello.id, 1, 0);
    await markFailed(database.pool, { id: hello.id, attempts: 1, error: 'late' });

    expect(await stateOf(hello)).toMatchObject({ state: 'sending', attempts: 2, last_error: null });
  });

  it('gives every message to one of many senders, in order', async () => {
    const messages = ['a', 'b', 'c'].flatMap((channel) => Array.from({ length: 8 }, (_, index) => message(channel, `${index}`)));
    await enqueue(...messages);
    const sent: string[] = [];

    const sender = async () => {
      while (sent.length < messages.length) {
        const next = await claim();
        if (next === null) continue;
        sent.push(next.id);
        await send(next.id);
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);

    expect(sent).toHaveLength(messages.length);
    for (const channel of ['a', 'b', 'c']) {
      const ids = messages.filter(({ channelId }) => channelId === channel).map(({ id }) => id);
      expect(sent.filter((id) => ids.includes(id))).toEqual(ids);
    }
  });
});

describe('nonceOf', () => {
  it('fits Discord and differs where the ids differ', () => {
    const ids = ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'ffffffff-ffff-ffff-ffff-fffffffffffe', '00000000-0000-4000-8000-000000000001'];

    const nonces = ids.map(nonceOf);

    expect(new Set(nonces).size).toBe(ids.length);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-z]{1,25}$/);
  });
});
