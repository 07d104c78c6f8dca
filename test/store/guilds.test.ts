import { describe, expect, it } from 'vitest';
import { NOTHING_SET_UP } from '../../src/engine/guild-view.ts';
import { GUILD_CHANGED, listGuilds, lockGuild, readSetup, saveSetup } from '../../src/store/guilds.ts';
import { listen } from '../../src/store/listen.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const SETUP = { traderRoleId: '11', adminRoleId: null, timeZone: 'Europe/Berlin' };

describe('what a group is set up as', () => {
  const database = withDatabase();
  const save = (guildId: string, setup: typeof SETUP) => transact(database.pool, (tx) => saveSetup(tx, guildId, setup));

  it('is nothing until somebody sets it up, and then what was saved last', async () => {
    expect(await readSetup(database.pool, 'fresh')).toEqual(NOTHING_SET_UP);

    await save('one', SETUP);
    await save('one', { ...SETUP, timeZone: 'UTC' });
    await save('two', SETUP);

    expect(await readSetup(database.pool, 'one')).toEqual({ ...SETUP, timeZone: 'UTC' });
    expect((await listGuilds(database.pool)).toSorted()).toEqual(['one', 'two']);
  });

  it('is told to whoever listens, once it is there', async () => {
    const heard: string[] = [];
    const listening = await listen({
      databaseUrl: database.databaseUrl,
      channels: [GUILD_CHANGED],
      onNotice: (_, guildId) => heard.push(guildId),
      reportError: (error) => expect.fail(String(error)),
      note: () => {},
    });

    await expect(
      transact(database.pool, async (tx) => {
        await saveSetup(tx, 'undone', SETUP);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    await save('done', SETUP);
    await expect.poll(() => heard).toEqual(['done']);

    await listening.close();
  });

  it('waits for whoever holds the group', async () => {
    const order: string[] = [];
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: locked, resolve: hasLocked } = Promise.withResolvers<void>();
    const first = transact(database.pool, async (tx) => {
      expect(await lockGuild(tx, 'held'), 'a group that has set nothing').toEqual({ atMs: expect.any(Number) });
      hasLocked();
      await held;
      order.push('first');
    });
    await locked;
    const second = transact(database.pool, async (tx) => {
      await lockGuild(tx, 'held');
      order.push('second');
    });
    // Another group is not held up.
    await transact(database.pool, (tx) => lockGuild(tx, 'other'));
    letGo();
    await Promise.all([first, second]);

    expect(order).toEqual(['first', 'second']);
  });
});
