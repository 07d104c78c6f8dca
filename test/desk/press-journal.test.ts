import { afterEach, describe, expect, it } from 'vitest';
import { type JournalTiming, openPressJournal, type PressJournal } from '../../src/desk/press-journal.ts';
import { setTimer } from '../../src/desk/set-timer.ts';
import { openPool, type Pool } from '../../src/store/pool.ts';
import { type NewPress, takeLostPresses } from '../../src/store/pressed-interactions.ts';
import { withDatabase } from '../support/database.ts';

const TIMING: JournalTiming = { leaseMs: 300, renewEveryMs: 50, keepWithinMs: 200 };
const LOCK_ALL = 'lock table pressed_interactions in access exclusive mode';

describe('the journal of presses', () => {
  const database = withDatabase();
  const closing: (() => Promise<unknown>)[] = [];
  const errors: unknown[] = [];
  let heldBy: number | null = null;

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await database.pool.query('delete from pressed_interactions');
    errors.length = 0;
    heldBy = null;
  });

  function open(timing: Partial<JournalTiming> = {}): PressJournal & { readonly statements: string[] } {
    const pool = openPool({ databaseUrl: database.databaseUrl, applicationName: 'test journal', maxConnections: 1, reportError: () => {} });
    const statements: string[] = [];
    const journal = openPressJournal({
      db: spy(pool, statements),
      heldBy: () => heldBy,
      setTimer,
      reportError: (error) => errors.push(error),
      timing: { ...TIMING, ...timing },
    });
    closing.push(() => pool.end(), journal.close);
    return { ...journal, statements };
  }
  const pressOf = (interactionId: string): NewPress => ({
    interactionId,
    applicationId: 'app',
    token: 'secret',
    guildId: 'guild',
    channelId: 'channel',
    userId: 'ana',
    kind: 'command',
    asked: '/desk help',
    pressedAtMs: 0,
  });
  const takeLost = async () =>
    (await takeLostPresses(database.pool, { applicationId: 'app', leaseMs: 60_000, heldBy: null, limit: 10, gone: [] })).map(
      ({ interactionId }) => interactionId,
    );
  const states = async () => {
    const { rows } = await database.pool.query(
      'select interaction_id as id, answered_at is not null as answered from pressed_interactions',
    );
    return rows;
  };
  /** Holds up every statement of the journal until it is called. */
  const holdUp = async () => {
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query(LOCK_ALL);
    return async () => {
      await client.query('rollback');
      client.release();
    };
  };

  it('sends a press before it returns, and what comes meanwhile in one statement more', async () => {
    const journal = open({ keepWithinMs: 5_000 });
    const presses = Array.from({ length: 200 }, (_, index) => journal.keep(pressOf(String(index))));
    expect(inserts(journal), 'the first is on its way').toBe(1);

    expect(new Set(await Promise.all(presses))).toEqual(new Set([true]));

    expect(inserts(journal)).toBe(2);
    expect(await states()).toHaveLength(200);
  });

  it('takes the same press once, also when it comes twice at the same moment', async () => {
    const journal = open();

    const [, ...taken] = await Promise.all(['0', '1', '1', '1'].map((id) => journal.keep(pressOf(id))));

    expect(taken, 'they stood in one statement').toEqual([true, false, false]);
    expect(inserts(journal)).toBe(2);
  });

  it('takes the same press once for all processes', async () => {
    const journals = [open(), open(), open()];

    const taken = await Promise.all(journals.map(({ keep }) => keep(pressOf('1'))));

    expect(taken.toSorted()).toEqual([false, false, true]);
  });

  it('vouches for what it has not answered, until it lets it go', async () => {
    const journal = open();
    await Promise.all(['1', '2', '3'].map((id) => journal.keep(pressOf(id))));

    journal.noteAnswered('1');
    journal.letGo('2');
    await expect.poll(takeLost).toEqual(['2']);

    expect(await takeLost()).toEqual([]);
    expect((await states()).filter(({ answered }) => answered)).toEqual([{ id: '1', answered: true }]);
  });

  it('says under which number it vouches, and says it anew when that changes', async () => {
    const journal = open();
    const holders = async () => (await database.pool.query('select held_by from pressed_interactions')).rows;
    heldBy = 7;
    await journal.keep(pressOf('1'));
    expect(await holders()).toEqual([{ held_by: 7 }]);

    heldBy = null;

    await expect.poll(holders).toEqual([{ held_by: null }]);
  });

  it('no longer vouches for anything once it is closed', async () => {
    const journal = open();
    await journal.keep(pressOf('1'));

    await journal.close();

    await expect.poll(takeLost).toEqual(['1']);
  });

  it('says in time that it cannot write a press down, and takes the late one for answered', async () => {
    const journal = open();
    const letGoOn = await holdUp();
    const sinceMs = performance.now();

    const [first, second] = await Promise.allSettled([journal.keep(pressOf('1')), journal.keep(pressOf('2'))]);
    const tookMs = performance.now() - sinceMs;
    journal.noteAnswered('1');
    journal.noteAnswered('2');
    await letGoOn();

    expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
    expect(tookMs).toBeLessThan(2_000);
    await expect.poll(states, { message: 'the second was never sent' }).toEqual([{ id: '1', answered: true }]);
  });

  it('notes answers later that the database did not take at once, and reports that once', async () => {
    const journal = open();
    await journal.keep(pressOf('1'));
    await database.pool.query('alter table pressed_interactions rename to away');
    journal.noteAnswered('1');
    await expect.poll(() => errors).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 4 * TIMING.renewEveryMs));
    await database.pool.query('alter table away rename to pressed_interactions');

    await expect.poll(states).toEqual([{ id: '1', answered: true }]);
    expect(errors).toHaveLength(1);
  });

  const inserts = ({ statements }: { readonly statements: readonly string[] }) =>
    statements.filter((text) => text.startsWith('insert')).length;
});

/** The pool itself; what is asked of it is noted. */
function spy(pool: Pool, statements: string[]): Pool {
  return new Proxy(pool, {
    get: (target, name) => {
      if (name !== 'query') return Reflect.get(target, name);
      return (text: string, values: unknown[]) => {
        statements.push(text);
        return target.query(text, values);
      };
    },
  });
}
