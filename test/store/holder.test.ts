import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { HOLDER_LOCKS, isGone, watchGoneHolders } from '../../src/store/gone-holders.ts';
import { type Holder, openHolder } from '../../src/store/holder.ts';
import { claimNext, enqueueMessage } from '../../src/store/outbox.ts';
import { keepPresses } from '../../src/store/pressed-interactions.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const LEASE_MS = 60_000;
const GRACE_MS = 1_000;
const NOBODY = 4_711;

const database = withDatabase();
const other = withDatabase();
const holders: Holder[] = [];
let errors: unknown[] = [];
let notes: string[] = [];

afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.close();
  await database.pool.query('delete from outbox; delete from pressed_interactions');
  errors = [];
  notes = [];
});

async function open({ databaseUrl } = database): Promise<Holder> {
  const holder = await openHolder({ databaseUrl, reportError: (error) => errors.push(error), note: (message) => notes.push(message) });
  holders.push(holder);
  return holder;
}
const numberOf = (holder: Holder): number => holder.held()?.number ?? Number.NaN;
const gone = async (number: number): Promise<boolean> => {
  const { rows } = await database.pool.query<{ is_gone: boolean }>(
    `select ${isGone('number')} as is_gone from (select $1::integer as number) one`,
    [number],
  );
  return rows[0]?.is_gone ?? false;
};
/** Other files have holders in other databases of the same server. */
const cut = () =>
  database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'scalpdesk holder'`,
  );

describe('a holder', () => {
  it('is seen to live until it is closed, under a number of its own', async () => {
    const [one, two] = [await open(), await open()];
    const numbers = [numberOf(one), numberOf(two)] as const;

    expect(numbers[0]).not.toBe(numbers[1]);
    expect([await gone(numbers[0]), await gone(numbers[1]), await gone(NOBODY)]).toEqual([false, false, true]);
    await one.close();
    await expect.poll(() => gone(numbers[0])).toBe(true);
    expect(await gone(numbers[1])).toBe(false);
    expect(errors).toEqual([]);
  });

  it('draws on when somebody has the number already', async () => {
    const taken = numberOf(await open());
    await database.pool.query(`select setval('holders', $1, false)`, [taken]);

    expect(numberOf(await open())).toBe(taken + 1);
  });

  it('is gone where one of the same number lives in another database', async () => {
    const elsewhere = await open(other);

    expect(await gone(numberOf(elsewhere))).toBe(true);
  });

  it('hears that its connection is lost, and has its number again soon', async () => {
    const holder = await open();
    const before = holder.held();
    expect(before?.lost.aborted).toBe(false);

    await cut();

    await expect.poll(() => before?.lost.aborted).toBe(true);
    await expect.poll(() => notes).toEqual(['Others see again that this process lives.']);
    expect(holder.held()).toMatchObject({ number: before?.number, lost: { aborted: false } });
    expect(await gone(numberOf(holder))).toBe(false);
    expect(errors).toMatchObject([{ message: 'Others cannot see any more that this process lives; it is tried again.' }]);
  });
});

describe('looking for holders that are gone', () => {
  const send = async (heldBy: number) => {
    const row = { id: randomUUID(), guildId: 'g', channelId: randomUUID(), runId: null, kind: 'test', payload: {} };
    await transact(database.pool, (tx) => enqueueMessage(tx, row));
    await claimNext(database.pool, { leaseMs: LEASE_MS, heldBy, gone: [] });
  };
  const press = (interactionId: string, heldBy: number) => {
    const asked = { applicationId: 'app', token: 't', guildId: 'g', channelId: 'c', userId: 'u', kind: 'command', asked: '/x' } as const;
    return keepPresses(database.pool, [{ interactionId, ...asked, pressedAtMs: 0 }], { leaseMs: LEASE_MS, heldBy });
  };
  function watch() {
    let atMs = 0;
    const find = watchGoneHolders(database.pool, { nowMs: () => atMs, graceMs: GRACE_MS, lookEveryMs: 100 });
    return async (lookAtMs: number) => {
      atMs = lookAtMs;
      return (await find()).toSorted((one, two) => one - two);
    };
  }

  it('finds those of messages and presses, once they have been gone for a while, and none that live', async () => {
    const holder = await open();
    await send(NOBODY);
    await press('1', NOBODY + 1);
    await send(numberOf(holder));
    await press('2', numberOf(holder));
    const goneAt = watch();

    expect(await goneAt(0)).toEqual([]);
    expect(await goneAt(GRACE_MS - 1)).toEqual([]);
    expect(await goneAt(GRACE_MS + 99)).toEqual([NOBODY, NOBODY + 1]);
  });

  it('begins to count anew for one that was back in between', async () => {
    const holder = await open();
    const number = numberOf(holder);
    await send(number);
    const goneAt = watch();
    const client = await database.pool.connect();
    await holder.close();
    await expect.poll(() => gone(number)).toBe(true);
    await goneAt(0);
    await client.query(`select pg_advisory_lock(${HOLDER_LOCKS}, $1)`, [number]);
    await goneAt(GRACE_MS);
    await client.query(`select pg_advisory_unlock_all()`);
    client.release();

    expect(await goneAt(2 * GRACE_MS)).toEqual([]);
    expect(await goneAt(3 * GRACE_MS)).toEqual([number]);
  });
});
