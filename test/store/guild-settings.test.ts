import { describe, expect, it } from 'vitest';
import type { WantedSettings } from '../../src/engine/guild-view.ts';
import { changesSince, readGuildSettings } from '../../src/store/guild-settings.ts';
import { transact } from '../../src/store/transaction.ts';
import { changeGuildSettings } from '../support/change-guild-settings.ts';
import { withDatabase } from '../support/database.ts';

describe('the settings of a group', () => {
  const database = withDatabase();
  const change = (guildId: string, userId: string, wanted: WantedSettings) =>
    transact(database.pool, (tx) => changeGuildSettings(tx, { guildId, userId, wanted }));
  const read = (guildId: string) => readGuildSettings(database.pool, guildId);
  const valuesOf = async (guildId: string) => [...(await read(guildId)).set].map(([name, { value }]) => [name, value] as const).toSorted();

  it('are nothing at revision 0 until somebody sets one', async () => {
    expect(await read('fresh')).toEqual({ revision: 0, set: new Map(), unusable: [] });
  });

  it('tell 0, null, an empty list and not set apart', async () => {
    await change('kinds', 'ana', new Map([['min_hold_bars', 0]]));
    await change('kinds', 'ana', new Map([['confidence_override_threshold', null]]));
    await change('kinds', 'ana', new Map([['scheduled_hours', []]]));
    await change('kinds', 'ana', new Map([['walk_away_enabled', false]]));
    await change('kinds', 'ana', new Map([['custom_indicator_periods', { rsi: 7 }]]));

    expect(await valuesOf('kinds')).toEqual([
      ['confidence_override_threshold', null],
      ['custom_indicator_periods', { rsi: 7 }],
      ['min_hold_bars', 0],
      ['scheduled_hours', []],
      ['walk_away_enabled', false],
    ]);
    const made = await changesSince(database.pool, 'kinds', 0);
    expect(made.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['min_hold_bars', undefined, 0],
      ['confidence_override_threshold', undefined, null],
      ['scheduled_hours', undefined, []],
      ['walk_away_enabled', undefined, false],
      ['custom_indicator_periods', undefined, { rsi: 7 }],
    ]);
  });

  it('return what changed, old and new, with who and when, and nothing for what was so already', async () => {
    const beforeMs = Date.now() - 1_000;
    await change('told', 'ana', new Map([['max_position_risk_pct', 4]]));
    const both = await change(
      'told',
      'bob',
      new Map<'max_position_risk_pct' | 'min_hold_bars', number | undefined>([
        ['max_position_risk_pct', undefined],
        ['min_hold_bars', 1],
      ]),
    );

    expect(both).toEqual([
      { name: 'max_position_risk_pct', from: 4, to: undefined },
      { name: 'min_hold_bars', from: undefined, to: 1 },
    ]);
    expect(await change('told', 'cy', new Map([['min_hold_bars', 1]]))).toEqual([]);
    const { revision, set } = await read('told');
    expect(revision, 'no change, no revision').toBe(2);
    expect(set.get('min_hold_bars')).toMatchObject({ value: 1, setBy: 'bob' });
    expect(set.get('min_hold_bars')?.setAtMs).toBeGreaterThan(beforeMs);
    expect(await changesSince(database.pool, 'told', 1)).toMatchObject([
      { name: 'max_position_risk_pct', from: 4, to: undefined, changedBy: 'bob' },
      { name: 'min_hold_bars', changedBy: 'bob' },
    ]);
    expect(await changesSince(database.pool, 'told', 2)).toEqual([]);
  });

  it('of another version are told apart from those that can be used, with why they cannot', async () => {
    await change('older', 'ana', new Map([['min_hold_bars', 1]]));
    await database.pool.query(
      `insert into guild_settings (guild_id, name, value, set_by)
       values ('older', 'foo', '{"bar": [1]}', 'zoe'), ('older', 'max_trades_per_day', '"many"', 'zoe')`,
    );

    const { set, unusable } = await read('older');

    expect([...set.keys()]).toEqual(['min_hold_bars']);
    expect(unusable.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual([
      { name: 'foo', value: { bar: [1] }, why: 'foo={"bar":[1]} is no parameter that it knows' },
      {
        name: 'max_trades_per_day',
        value: 'many',
        why: expect.stringContaining('max_trades_per_day is "many"; it must be a whole number'),
      },
    ]);
    expect(await change('older', 'ana', new Map([['max_trades_per_day', undefined]]))).toEqual([
      { name: 'max_trades_per_day', from: 'many', to: undefined },
    ]);
  });

  it('are its own alone', async () => {
    await change('mine', 'ana', new Map([['min_hold_bars', 1]]));
    await change('yours', 'bob', new Map([['min_hold_bars', 2]]));

    expect(await valuesOf('mine')).toEqual([['min_hold_bars', 1]]);
    expect(await changesSince(database.pool, 'mine', 0)).toHaveLength(1);
  });

  it('lose no change when many are made at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => change('busy', `user${index}`, new Map([['max_trades_per_day', index + 1]]))),
    );

    const made = await changesSince(database.pool, 'busy', 0);
    expect((await read('busy')).revision).toBe(20);
    expect(
      made.map(({ from }) => from),
      'each begins where the one before it ended',
    ).toEqual([undefined, ...made.slice(0, -1).map(({ to }) => to)]);
  });
});
