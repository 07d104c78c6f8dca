import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { parseConfig } from '../../src/config/config.ts';
import { openSettingChanges } from '../../src/desk/change-settings.ts';
import { guildPorts } from '../../src/desk/guild-ports.ts';
import { openGuildViews } from '../../src/desk/guild-views.ts';
import { type Desk, openDesk } from '../../src/desk/open-desk.ts';
import { type GuildView, NOTHING_SET } from '../../src/engine/guild-view.ts';
import { withDatabase } from '../support/database.ts';

describe('when another version stored what this one cannot use', () => {
  const database = withDatabase();
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk(parseConfig({ DATABASE_URL: database.databaseUrl }), (error) => expect.fail(String(error)));
  });

  afterAll(() => desk.close());

  const portsOf = (guildId: string) =>
    guildPorts(
      desk,
      {
        refresh: async () => NOTHING_SET,
        change: openSettingChanges({ pool: desk.pool, onChanged: async () => {}, reportError: desk.reportError }),
      },
      { guildId, userId: 'ana' },
    );
  const storeByHand = async (guildId: string) => {
    const { pool } = database;
    await pool.query("insert into guilds (guild_id, trader_role_id) values ($1, '7')", [guildId]);
    await pool.query("insert into guild_settings (guild_id, name, value, set_by) values ($1, 'min_hold_bars', '99', 'zoe')", [guildId]);
    await pool.query(
      `insert into guild_presets (guild_id, name, description, overrides, saved_by)
       values ($1, 'newer', 'Of a newer version', '{"foo": 5}', 'zoe'), ($1, 'sound', 'Fine', '{"min_hold_bars": 1}', 'zoe')`,
      [guildId],
    );
  };
  const context = (guild: GuildView) => ({ requestedAtMs: 0, guild, strategyIds: ['aggressive_active'], exchange: 'coinbase' });
  const unusable =
    'A stored setting of this group is not usable by this version: min_hold_bars is 99; it must be a whole number from 0 to 10';
  const newer = 'The stored preset newer cannot be used by this version: There is no parameter "foo"';

  it('the other groups work, its setup too, and whoever runs the desk is told once', async () => {
    await storeByHand('affected');
    await portsOf('beside').changeSettings({ wanted: new Map([['min_hold_bars', 2]]), since: null });
    const errors: unknown[] = [];

    const opened = await openGuildViews({ ...desk, reportError: (error) => errors.push(error) });
    await opened.refresh('affected');

    expect(opened.of('beside').set.get('min_hold_bars')?.value).toBe(2);
    expect(opened.of('affected').setup.traderRoleId).toBe('7');
    expect(errors.map(String)).toEqual([
      expect.stringContaining('The group affected has stored what this version cannot use: min_hold_bars is 99; it must be'),
    ]);
    expect(String(errors[0])).toContain(newer);
    await opened.close();
  });

  it('no run starts as if it were not there', async () => {
    await storeByHand('runs');
    const run = async (preset: string | null) =>
      resolveBacktestRequest({ ...NOTHING_ASKED, preset, days: 1 }, context(await portsOf('runs').readGuild())).settings;

    await expect(run(null)).rejects.toThrow(unusable);
    await portsOf('runs').changeSettings({ wanted: new Map([['min_hold_bars', undefined]]), since: null });

    await expect(run('newer'), 'the one preset').rejects.toThrow(newer);
    expect((await run('sound')).min_hold_bars).toBe(1);
    expect((await run(null)).min_hold_bars).toBe(4);
  });

  it('presets can be replaced and deleted, and what they held is told as it was stored', async () => {
    await storeByHand('presets');

    const saved = await portsOf('presets').savePreset({ name: 'newer', description: 'Mine', overrides: { min_hold_bars: 2 } });

    expect(saved?.replaced).toMatchObject({ name: 'newer', overrides: { foo: 5 }, savedBy: 'zoe' });
    expect((await portsOf('presets').readGuild()).presets.map(({ overrides }) => overrides)).toEqual([
      { min_hold_bars: 2 },
      { min_hold_bars: 1 },
    ]);
    await storeByHand('deleted');
    expect(await portsOf('deleted').deletePreset('newer')).toMatchObject({ overrides: { foo: 5 } });
    expect(await portsOf('deleted').listAudit({ offset: 0, limit: 5 })).toMatchObject([{ told: 'newer (Of a newer version): foo=5' }]);
  });
});
