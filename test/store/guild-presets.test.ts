import { describe, expect, it } from 'vitest';
import { deleteGuildPreset, listGuildPresets, MAX_GUILD_PRESETS, saveGuildPreset } from '../../src/store/guild-presets.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';

const QUICK = { name: 'quick', description: 'Quick exits', overrides: { min_hold_bars: 0, confidence_override_threshold: null } } as const;

describe('the presets of a group', () => {
  const database = withDatabase();
  const save = (guildId: string, preset: { name: string; description: string; overrides: object }, savedBy = 'ana') =>
    transact(database.pool, (tx) => saveGuildPreset(tx, { guildId, ...preset, savedBy }));
  const remove = (guildId: string, name: string) => transact(database.pool, (tx) => deleteGuildPreset(tx, guildId, name));
  const list = (guildId: string) => listGuildPresets(database.pool, guildId);

  it('come back as they were saved, by name, its own alone', async () => {
    await save('one', { ...QUICK, name: 'slow' });
    await save('one', QUICK);
    await save('two', { ...QUICK, name: 'theirs' });

    expect(await list('one')).toEqual([
      { ...QUICK, savedBy: 'ana', savedAtMs: expect.any(Number) },
      { ...QUICK, name: 'slow', savedBy: 'ana', savedAtMs: expect.any(Number) },
    ]);
  });

  it('say what the one held that a new one replaces', async () => {
    expect(await save('again', QUICK)).toEqual({ replaced: null });
    const saved = await save('again', { ...QUICK, overrides: { min_hold_bars: 5 } }, 'bob');

    expect(saved).toEqual({ replaced: { ...QUICK, savedBy: 'ana', savedAtMs: expect.any(Number) } });
    expect(await list('again')).toMatchObject([{ name: 'quick', overrides: { min_hold_bars: 5 }, savedBy: 'bob' }]);
  });

  it('say what one held when it is deleted, and null when there is none', async () => {
    await save('gone', QUICK);

    expect(await remove('other', 'quick')).toBeNull();
    expect(await remove('gone', 'quick')).toEqual({ ...QUICK, savedBy: 'ana', savedAtMs: expect.any(Number) });
    expect(await remove('gone', 'quick')).toBeNull();
    expect(await list('gone')).toEqual([]);
  });

  it('of another version refuse to be read, and say so by name; the others do not', async () => {
    await save('older', QUICK);
    await database.pool.query(
      `insert into guild_presets (guild_id, name, description, overrides, saved_by)
       values ('older', 'listed', 'x', '[1]', 'zoe'), ('older', 'newer', 'x', '{"foo": 5}', 'zoe'), ('older', 'odd', 'x', '7', 'zoe')`,
    );

    const presets = await list('older');

    expect(presets.map(({ name }) => name)).toEqual(['listed', 'newer', 'odd', 'quick']);
    for (const preset of presets.slice(0, 3)) {
      expect(() => preset.overrides).toThrow(new RegExp(`^The stored preset ${preset.name} .* /preset delete name:${preset.name}$`));
    }
    expect(presets[3]?.overrides).toEqual(QUICK.overrides);
    expect((await remove('older', 'odd'))?.overrides, 'what it held is not lost').toEqual({ overrides: 7 });
  });

  it('are as many as may be, and one of them may still be saved anew', async () => {
    for (let count = 0; count < MAX_GUILD_PRESETS; count++) await save('full', { ...QUICK, name: `preset-${count}` });

    expect(await save('full', QUICK)).toBeNull();
    expect(await save('full', { ...QUICK, name: 'preset-7' })).toMatchObject({ replaced: { name: 'preset-7' } });
    expect(await list('full')).toHaveLength(MAX_GUILD_PRESETS);
  });
});
