import { describe, expect, it } from 'vitest';
import { listen } from '../../src/store/listen.ts';
import { withDatabase } from '../support/database.ts';
import { shutDatabase } from '../support/shut-database.ts';

const WAIT = { timeout: 10_000 };

describe('listen', () => {
  const database = withDatabase();

  it('tells once that the database is away and once that it is back, and hears again', async () => {
    const [errors, notes, heard]: [unknown[], string[], string[]] = [[], [], []];
    const listening = await listen({
      databaseUrl: database.databaseUrl,
      channels: ['news'],
      reportError: (error) => errors.push(error),
      note: (message) => void notes.push(message),
      onNotice: (_, payload) => void heard.push(payload),
    });

    const open = await shutDatabase(database);
    // Long enough for several tries, one each second.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect({ errors: errors.length, notes }).toEqual({ errors: 1, notes: [] });
    await open();
    await expect.poll(() => notes, WAIT).toEqual(['The database is heard again.']);
    await database.pool.query(`select pg_notify('news', 'again')`);
    await expect.poll(() => heard, WAIT).toEqual(['again']);
    await listening.close();

    expect(errors).toEqual([expect.objectContaining({ message: 'The database is not heard any more; it is tried again each second.' })]);
  });
});
