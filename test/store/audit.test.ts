import { describe, expect, it } from 'vitest';
import { countAudit, listAudit, writeAudit } from '../../src/store/audit.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

describe('the audit', () => {
  const database = withDatabase();
  const write = (guildId: string, ...told: readonly string[]) =>
    transact(database.pool, (tx) =>
      writeAudit(tx, guildId, ...told.map((each) => ({ userId: 'ana', action: 'settings-changed' as const, told: each }))),
    );

  it('lists what was done in one group, newest first, page by page', async () => {
    const beforeMs = Date.now() - 1_000;
    await write('mine', 'one');
    await write('mine', 'two', 'three');
    await write('yours', 'four');

    const page = (offset: number) => listAudit(database.pool, 'mine', { offset, limit: 2 });
    expect((await page(0)).map(({ told }) => told)).toEqual(['three', 'two']);
    const [first, ...more] = await page(2);
    expect(first).toEqual({ userId: 'ana', action: 'settings-changed', told: 'one', atMs: expect.any(Number) });
    expect(first?.atMs).toBeGreaterThan(beforeMs);
    expect(more).toEqual([]);
    expect(await countAudit(database.pool, 'mine')).toBe(3);
    expect(await countAudit(database.pool, 'nobody')).toBe(0);
  });

  it('has nothing of what was undone', async () => {
    const undone = transact(database.pool, async (tx) => {
      await writeAudit(tx, 'undone', { userId: 'ana', action: 'preset-saved', told: 'x' });
      throw new Error('undo');
    });

    await expect(undone).rejects.toThrow('undo');
    expect(await countAudit(database.pool, 'undone')).toBe(0);
  });
});
