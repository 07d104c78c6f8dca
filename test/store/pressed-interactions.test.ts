import { afterEach, describe, expect, it } from 'vitest';
import { HOLDER_LOCKS } from '../../src/store/gone-holders.ts';
import {
  handOver,
  keepPresses,
  markAnswered,
  type NewPress,
  prunePresses,
  renewPresses,
  takeLostPresses,
} from '../../src/store/pressed-interactions.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const LEASE_MS = 60_000;
const LEASE = { leaseMs: LEASE_MS, heldBy: null };
const OVER = { leaseMs: -1, heldBy: null };

describe('presses that wait for their answer', () => {
  const database = withDatabase();

  const pressOf = (interactionId: string, changes: Partial<NewPress> = {}): NewPress => ({
    interactionId,
    applicationId: 'app',
    token: `token-${interactionId}`,
    guildId: 'guild',
    channelId: 'channel',
    userId: 'ana',
    kind: 'command',
    asked: '/backtest days:3',
    pressedAtMs: Number(interactionId),
    ...changes,
  });
  const idsOf = (presses: readonly NewPress[]) => presses.map(({ interactionId }) => interactionId);
  const take = (applicationId = 'app', gone: readonly number[] = []) =>
    takeLostPresses(database.pool, { applicationId, ...LEASE, limit: 10, gone });
  const handOverNow = (id: string) => transact(database.pool, (tx) => handOver(tx, id));
  const tokens = async () =>
    (await database.pool.query<{ token: string | null }>('select token from pressed_interactions order by interaction_id')).rows.map(
      ({ token }) => token,
    );

  afterEach(() => database.pool.query('delete from pressed_interactions'));

  it('are written down once, however often they come', async () => {
    expect(await keepPresses(database.pool, [pressOf('1'), pressOf('2'), pressOf('1')], LEASE)).toEqual(new Set(['1', '2']));
    expect(await keepPresses(database.pool, [pressOf('2'), pressOf('3')], LEASE)).toEqual(new Set(['3']));
  });

  it('are left alone while somebody vouches for them', async () => {
    await keepPresses(database.pool, [pressOf('1')], OVER);
    await renewPresses(database.pool, ['1'], LEASE);

    expect(await take()).toEqual([]);
  });

  it('are taken when nobody does, whole, the oldest first, by one at a time and only for their own application', async () => {
    await keepPresses(database.pool, [pressOf('2', { kind: 'button', asked: 'Cancel run' }), pressOf('1')], OVER);
    await keepPresses(database.pool, [pressOf('3', { applicationId: 'other' })], OVER);

    expect(await take()).toEqual([pressOf('1'), pressOf('2', { kind: 'button', asked: 'Cancel run' })]);
    expect(await take(), 'the lease of who took them').toEqual([]);
    expect(idsOf(await take('other'))).toEqual(['3']);
  });

  it('are taken at once when who vouched for them is gone, and not while he lives', async () => {
    const client = await database.pool.connect();
    await client.query(`select pg_advisory_lock(${HOLDER_LOCKS}, 8)`);
    await keepPresses(database.pool, [pressOf('1')], { ...LEASE, heldBy: 7 });
    await keepPresses(database.pool, [pressOf('2')], { ...LEASE, heldBy: 8 });
    await keepPresses(database.pool, [pressOf('3')], { ...LEASE, heldBy: 7 });
    await renewPresses(database.pool, ['3'], { ...LEASE, heldBy: 8 });

    const taken = await take('app', [7, 8]);
    await client.query('select pg_advisory_unlock_all()');
    client.release();

    expect(idsOf(taken)).toEqual(['1']);
    expect(idsOf(await take('app', [7, 8]))).toEqual(['2', '3']);
  });

  it('cannot become anything once they were given up, whoever vouches for them then', async () => {
    await keepPresses(database.pool, [pressOf('1')], OVER);
    await take();
    await database.pool.query(`update pressed_interactions set leased_until = now()`);
    await renewPresses(database.pool, ['1'], LEASE);

    expect(await handOverNow('1')).toBe(false);
    expect(idsOf(await take()), 'people have not been told yet').toEqual(['1']);
  });

  it.each([
    ['are answered', (id: string) => markAnswered(database.pool, [id])],
    ['were handed over to a row of their own', handOverNow],
  ])('are never taken when they %s, and their token is not kept', async (_how, end) => {
    await keepPresses(database.pool, [pressOf('1'), pressOf('2')], OVER);

    await end('1');

    expect(idsOf(await take())).toEqual(['2']);
    expect(await tokens()).toEqual([null, 'token-2']);
    expect(await handOverNow('1'), 'one press is one run').toBe(false);
  });

  it('can be handed over once, and not at all when nobody wrote them down', async () => {
    await keepPresses(database.pool, [pressOf('1')], LEASE);

    expect([await handOverNow('1'), await handOverNow('1'), await handOverNow('9')]).toEqual([true, false, false]);
  });

  it('are forgotten some time after their answer, and not before it', async () => {
    await keepPresses(database.pool, [pressOf('1'), pressOf('2'), pressOf('3')], LEASE);
    await markAnswered(database.pool, ['1', '2']);
    await database.pool.query(`update pressed_interactions set answered_at = now() - interval '2 hours' where interaction_id = '1'`);

    await prunePresses(database.pool, Date.now() - 3_600_000);

    expect(await tokens()).toEqual([null, 'token-3']);
  });
});
