import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { openSettingChanges } from '../../src/desk/change-settings.ts';
import { guildPorts } from '../../src/desk/guild-ports.ts';
import { type GuildViews, openGuildViews } from '../../src/desk/guild-views.ts';
import { type Desk, openDesk } from '../../src/desk/open-desk.ts';
import { NOTHING_SET, type WantedSettings } from '../../src/engine/guild-view.ts';
import { withDatabase } from '../support/database.ts';

describe('what a group has set', () => {
  const database = withDatabase();
  let desk: Desk;
  let views: GuildViews;

  beforeAll(async () => {
    desk = await openDesk(parseConfig({ DATABASE_URL: database.databaseUrl }), (error) => expect.fail(String(error)));
    await portsOf('early').changeSettings({ wanted: new Map([['min_hold_bars', 3]]), since: null });
    views = await openGuildViews(desk);
  });

  afterAll(async () => {
    await views.close();
    await desk.close();
  });

  /** As another process changes it: the views of this one hear of it from the database alone. */
  const portsOf = (guildId: string, userId = 'ana') =>
    guildPorts(
      desk,
      {
        refresh: async () => NOTHING_SET,
        change: openSettingChanges({ pool: desk.pool, onChanged: async () => {}, reportError: desk.reportError }),
      },
      { guildId, userId },
    );
  const set = (
    guildId: string,
    wanted: WantedSettings,
    { userId = 'ana', since = null }: { userId?: string; since?: number | null } = {},
  ) => portsOf(guildId, userId).changeSettings({ wanted, since });
  const audit = async (guildId: string) => (await portsOf(guildId).listAudit({ offset: 0, limit: 20 })).map(({ told }) => told);

  it('is at hand from the start, and follows what another process changes', async () => {
    expect(views.of('early').set.get('min_hold_bars')?.value).toBe(3);
    expect(views.of('nobody')).toEqual(NOTHING_SET);

    await set('early', new Map([['min_hold_bars', undefined]]));
    await portsOf('early').savePreset({ name: 'quick', description: 'Quick exits', overrides: { min_hold_bars: 1 } });
    await portsOf('early').changeSetup({ traderRoleId: '7' });

    await expect.poll(() => views.of('early').setup.traderRoleId).toBe('7');
    await expect.poll(() => views.of('early').presets).toMatchObject([{ name: 'quick', savedBy: 'ana' }]);
    expect(views.of('early').set.size).toBe(0);
  });

  it('is seen at once by the process that changes it', async () => {
    const own = guildPorts(desk, views, { guildId: 'own', userId: 'ana' });

    const { guild } = await own.changeSettings({ wanted: new Map([['max_trades_per_day', 20]]), since: null });

    expect(views.of('own')).toEqual(guild);
    expect(guild).toMatchObject({ revision: 1, presets: [] });
    expect(await own.readGuild()).toEqual(guild);
  });

  it('is never shown older than it was: a reading that ends late does not win', async () => {
    await set('late', new Map([['max_trades_per_day', 20]]));
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: hasRead, resolve: noteRead } = Promise.withResolvers<void>();
    let isHeld = false;
    const query = async (...args: Parameters<typeof desk.pool.query>) => {
      const answer = await desk.pool.query(...args);
      if (isHeld && String(args[0]).includes('guild_presets')) {
        isHeld = false;
        noteRead();
        await held;
      }
      return answer;
    };
    const slow = await openGuildViews({ ...desk, pool: Object.assign(Object.create(desk.pool), { query }) });
    isHeld = true;
    const late = slow.refresh('late');
    await hasRead;
    await set('late', new Map([['max_trades_per_day', 30]]));
    await slow.refresh('late');
    letGo();
    await late;

    expect(slow.of('late').set.get('max_trades_per_day')?.value).toBe(30);
    await slow.close();
  });

  it('is written down with who changed it, from what to what', async () => {
    await set(
      'audited',
      new Map<'min_hold_bars' | 'confidence_override_threshold', null | number>([
        ['min_hold_bars', 0],
        ['confidence_override_threshold', null],
      ]),
    );
    await set('audited', new Map([['min_hold_bars', undefined]]), { userId: 'bob' });
    await set('audited', new Map([['min_hold_bars', undefined]]), { userId: 'bob' });
    await portsOf('audited').savePreset({ name: 'quick', description: 'Quick exits', overrides: { min_hold_bars: 1 } });
    await portsOf('audited').deletePreset('quick');

    expect(await audit('audited'), 'nothing is told of what changed nothing').toEqual([
      'quick (Quick exits): min_hold_bars=1',
      'quick (Quick exits): min_hold_bars=1',
      'min_hold_bars 0 → not set',
      'min_hold_bars not set → 0; confidence_override_threshold not set → null',
    ]);
    expect(await portsOf('audited').countAudit()).toBe(4);
  });

  it('is all changed or nothing of it: what cannot be together is refused', async () => {
    const impossible = set(
      'whole',
      new Map<'min_hold_bars' | 'custom_indicator_periods', unknown>([
        ['min_hold_bars', 1],
        ['custom_indicator_periods', { rsi: 7 }],
      ]) as WantedSettings,
    );

    await expect(impossible).rejects.toThrow('needs indicator_mode=custom');
    expect(await portsOf('whole').readGuild()).toEqual(NOTHING_SET);
    expect(await audit('whole')).toEqual([]);
  });

  describe('when two people change it at once', () => {
    const startWith = async (guildId: string) => {
      await set(guildId, new Map([['max_position_risk_pct', 2]]));
      return 1;
    };
    const risk = async (guildId: string) => (await portsOf(guildId).readGuild()).set.get('max_position_risk_pct')?.value;

    it('tells the second what the first made of it, and stores nothing of theirs', async () => {
      const since = await startWith('both');
      await set('both', new Map([['max_position_risk_pct', 3]]), { userId: 'bob', since });
      const wanted = new Map<'max_position_risk_pct' | 'max_trades_per_day', number>([
        ['max_position_risk_pct', 4],
        ['max_trades_per_day', 50],
      ]);

      const outcome = await set('both', wanted, { userId: 'cy', since });

      expect(outcome).toMatchObject({
        kind: 'conflict',
        theirs: [{ name: 'max_position_risk_pct', from: 2, to: 3, changedBy: 'bob', changedAtMs: expect.any(Number) }],
        guild: { revision: 2 },
      });
      expect(outcome.kind === 'conflict' && outcome.touched).toEqual(wanted);
      expect(await risk('both')).toBe(3);
      expect((await portsOf('both').readGuild()).set.has('max_trades_per_day')).toBe(false);
      expect((await set('both', wanted, { userId: 'cy', since: outcome.guild.revision })).kind, 'once they know').toBe('changed');
    });

    it('leaves alone what the second only saw, and changes what they touched', async () => {
      const since = await startWith('apart');
      await set('apart', new Map([['max_position_risk_pct', 3]]), { userId: 'bob', since });

      const outcome = await set(
        'apart',
        new Map<'max_position_risk_pct' | 'max_trades_per_day' | 'min_hold_bars', number>([
          ['max_position_risk_pct', 2],
          ['max_trades_per_day', 50],
          ['min_hold_bars', 4],
        ]),
        { userId: 'cy', since },
      );

      expect(outcome).toMatchObject({ kind: 'changed', changes: [{ name: 'max_trades_per_day', from: undefined, to: 50 }] });
      expect(await risk('apart')).toBe(3);
      expect(outcome.guild.set.has('min_hold_bars'), 'a default that was only shown is not set').toBe(false);
    });

    it('is no conflict when both want the same, or when the first took it back', async () => {
      const since = await startWith('agreed');
      await set('agreed', new Map([['max_position_risk_pct', 3]]), { userId: 'bob', since });
      expect(await set('agreed', new Map([['max_position_risk_pct', 3]]), { userId: 'cy', since })).toMatchObject({
        kind: 'changed',
        changes: [],
      });

      await set('agreed', new Map([['max_position_risk_pct', 2]]), { userId: 'bob' });
      expect((await set('agreed', new Map([['max_position_risk_pct', 4]]), { userId: 'cy', since })).kind).toBe('changed');
    });

    it('tells several changes of one parameter as one, by whoever made the last', async () => {
      const since = await startWith('often');
      await set('often', new Map([['max_position_risk_pct', 3]]), { userId: 'bob' });
      await set('often', new Map([['max_position_risk_pct', undefined]]), { userId: 'dee' });

      const outcome = await set('often', new Map([['max_position_risk_pct', 4]]), { userId: 'cy', since });

      expect(outcome.kind === 'conflict' && outcome.theirs).toMatchObject([{ from: 2, to: undefined, changedBy: 'dee' }]);
    });
  });
});
