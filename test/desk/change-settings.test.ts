import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettingsOutcome } from '../../src/commands/ports.ts';
import { type ChangeSettings, openSettingChanges } from '../../src/desk/change-settings.ts';
import type { Wish } from '../../src/desk/judge-changes.ts';
import { readGuildView } from '../../src/desk/read-guild-view.ts';
import type { WantedSettings } from '../../src/engine/guild-view.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { listAudit } from '../../src/store/audit.ts';
import { changesSince, readGuildSettings } from '../../src/store/guild-settings.ts';
import { withDatabase } from '../support/database.ts';
import { PROPERTY_CASES, PROPERTY_TIMEOUT_MS } from '../support/property-cases.ts';

const nothing = async () => {};
const unexpected = (error: unknown) => {
  throw error;
};

describe('changes of what a group has set', () => {
  const database = withDatabase();
  const open = () => openSettingChanges({ pool: database.pool, onChanged: nothing, reportError: unexpected });
  const wish = (...wanted: readonly (readonly [string, unknown])[]): Wish => ({ wanted: new Map(wanted) as WantedSettings, since: null });
  const audit = async (guildId: string) => (await listAudit(database.pool, guildId, { offset: 0, limit: 200 })).toReversed();
  const store = async (guildId: string, values: Readonly<Record<string, unknown>>) => {
    await database.pool.query('insert into guilds (guild_id) values ($1)', [guildId]);
    for (const [name, value] of Object.entries(values)) {
      await database.pool.query("insert into guild_settings (guild_id, name, value, set_by) values ($1, $2, $3, 'another version')", [
        guildId,
        name,
        JSON.stringify(value),
      ]);
    }
  };

  it('that come at once share two transactions, and every one has its own answer, revision and audit entry', async () => {
    const change = open();
    const people = Array.from({ length: 50 }, (_, person) => `person ${person}`);

    const outcomes = await Promise.all(
      people.map((userId, person) => change({ guildId: 'fifty', userId }, wish(['max_trades_per_day', person + 1]))),
    );

    expect(outcomes.map(({ guild }) => guild.revision)).toEqual(people.map((_, person) => person + 1));
    expect(outcomes.map(({ guild }) => guild.set.get('max_trades_per_day')?.setBy)).toEqual(people);
    expect((await audit('fifty')).map(({ userId, told }) => [userId, told])).toEqual(
      people.map((userId, person) => [userId, `max_trades_per_day ${person === 0 ? 'not set' : person} → ${person + 1}`]),
    );
    const made = await changesSince(database.pool, 'fifty', 0);
    expect(new Set(made.map(({ changedAtMs }) => changedAtMs)).size, 'transactions').toBeLessThanOrEqual(2);
    expect(outcomes.at(-1)?.guild, 'the last view is what is stored').toEqual(await readGuildView(database.pool, 'fifty'));
  });

  it('go on around one that is refused', async () => {
    const change = open();
    const by = (userId: string) => ({ guildId: 'refused', userId });

    const [first, impossible, last] = await Promise.allSettled([
      change(by('ana'), wish(['min_hold_bars', 1])),
      change(by('bob'), wish(['min_hold_bars', 2], ['custom_indicator_periods', { rsi: 7 }])),
      change(by('cy'), wish(['min_hold_bars', 3])),
    ]);

    expect(impossible).toMatchObject({ status: 'rejected', reason: expect.any(Refusal) });
    expect(first).toMatchObject({ value: { changes: [{ from: undefined, to: 1 }] } });
    expect(last).toMatchObject({ value: { changes: [{ from: 1, to: 3 }], guild: { revision: 2 } } });
    expect((await audit('refused')).map(({ userId }) => userId)).toEqual(['ana', 'cy']);
  });

  it('of two desks at once lose nothing: each begins where the one before it ended', async () => {
    const desks = [open(), open()];

    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        desks[index % 2]?.({ guildId: 'busy', userId: `user ${index}` }, wish(['max_trades_per_day', index + 1])),
      ),
    );

    const made = await changesSince(database.pool, 'busy', 0);
    expect(made.map(({ revision }) => revision)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(made.map(({ from }) => from)).toEqual([undefined, ...made.slice(0, -1).map(({ to }) => to)]);
    expect((await readGuildSettings(database.pool, 'busy')).set.get('max_trades_per_day')?.value).toBe(made.at(-1)?.to);
    expect((await audit('busy')).map(({ userId }) => userId)).toEqual(made.map(({ changedBy }) => changedBy));
  });

  it('are answered once the views have them; one that is written is told as made, even where the views could not follow', async () => {
    const seen: number[] = [];
    const reported: unknown[] = [];
    let isAway = true;
    const change = openSettingChanges({
      pool: database.pool,
      onChanged: async (guildId) => {
        if (isAway) throw new Error('away');
        seen.push((await readGuildSettings(database.pool, guildId)).revision);
      },
      reportError: (error) => reported.push(error),
    });
    const by = (userId: string) => ({ guildId: 'answered', userId });

    const first = await change(by('ana'), wish(['min_hold_bars', 1]));
    isAway = false;
    await change(by('bob'), wish(['min_hold_bars', 2]));

    expect(first).toMatchObject({ kind: 'changed', guild: { revision: 1 } });
    expect(reported).toEqual([new Error('away')]);
    expect(seen).toEqual([2]);
  });

  it('that cannot be written are told so to everybody who shared the transaction, and the next goes on', async () => {
    let isBroken = true;
    const pool = new Proxy(database.pool, {
      get: (target, name) => (name === 'connect' && isBroken ? () => Promise.reject(new Error('no database')) : Reflect.get(target, name)),
    });
    const change = openSettingChanges({ pool, onChanged: nothing, reportError: unexpected });
    const by = { guildId: 'broken', userId: 'ana' };

    const both = await Promise.allSettled([change(by, wish(['min_hold_bars', 1])), change(by, wish(['max_trades_per_day', 2]))]);
    isBroken = false;

    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await change(by, wish(['min_hold_bars', 3]))).toMatchObject({ guild: { revision: 1 } });
  });

  it('take back what this version does not know, and set no value beside it', async () => {
    await store('older', { foo: 5, min_hold_bars: 99 });
    const change = open();
    const by = { guildId: 'older', userId: 'ana' };

    await expect(change(by, wish(['max_trades_per_day', 20]))).rejects.toThrow(
      'A stored setting of this group is not usable by this version: foo=5 is no parameter that it knows (so are min_hold_bars). Take it back: /settings reset name:foo',
    );
    await change(by, { ...wish(), unknown: ['foo', 'bar'] });
    const repaired = await change(by, wish(['min_hold_bars', 3]));

    expect(repaired).toMatchObject({ changes: [{ name: 'min_hold_bars', from: 99, to: 3 }], guild: { revision: 2, unusable: [] } });
    expect(await readGuildView(database.pool, 'older')).toEqual(repaired.guild);
    expect((await audit('older')).map(({ told }) => told)).toEqual(['foo 5 → not set', 'min_hold_bars 99 → 3']);
  });

  const values = {
    min_hold_bars: fc.constantFrom(undefined, 0, 4),
    max_trades_per_day: fc.constantFrom(undefined, 10, 20),
    indicator_mode: fc.constantFrom(undefined, 'custom', 'short_term'),
    custom_indicator_periods: fc.constantFrom(undefined, { rsi: 7 }),
  };
  const cases = fc.record({
    stored: fc.constantFrom({}, {}, { foo: 5 }, { min_hold_bars: 99 }),
    asked: fc.array(
      fc.record({
        userId: fc.constantFrom('ana', 'bob', 'cy'),
        wanted: fc.record(values, { requiredKeys: [] }),
        since: fc.option(fc.nat(3)),
        unknown: fc.constantFrom([], [], [], ['foo']),
      }),
      { minLength: 2, maxLength: 9 },
    ),
  });

  it(
    'that wait for one another come to the same as one after another',
    async () => {
      const seen = { conflict: 0, refused: 0, changed: 0 };
      let count = 0;
      const property = fc.asyncProperty(cases, async ({ stored, asked }) => {
        const [together, apart] = [`together ${++count}`, `apart ${count}`];
        const wishes = asked.map(({ userId, wanted, since, unknown }) => ({
          userId,
          wish: { ...wish(...Object.entries(wanted)), since, unknown },
        }));
        await store(together, stored);
        await store(apart, stored);
        const change = open();

        const atOnce = await Promise.all(wishes.map((each) => tried(change, together, each)));
        const inTurn: unknown[] = [];
        for (const each of wishes) inTurn.push(await tried(change, apart, each));

        expect(atOnce).toEqual(inTurn);
        expect(await kept(together)).toEqual(await kept(apart));
        for (const kind of Object.keys(seen) as (keyof typeof seen)[]) seen[kind] += atOnce.filter((each) => each.kind === kind).length;
      });
      await fc.assert(property, { seed: 50, numRuns: Math.ceil(PROPERTY_CASES / 10) });

      expect(Math.min(...Object.values(seen)), `${JSON.stringify(seen)}`).toBeGreaterThan(3);
    },
    PROPERTY_TIMEOUT_MS,
  );

  /** What came of it, without when. */
  async function tried(change: ChangeSettings, guildId: string, { userId, wish }: { userId: string; wish: Wish }) {
    try {
      return told(await change({ guildId, userId }, wish));
    } catch (error) {
      if (error instanceof Refusal) return { kind: 'refused' as const, message: error.message };
      throw error;
    }
  }

  function told({ guild, ...outcome }: SettingsOutcome) {
    const { revision, unusable } = guild;
    const set = unusable.length > 0 ? null : [...guild.set].map(([name, { value, setBy }]) => [name, value, setBy] as const).toSorted();
    const came =
      outcome.kind === 'conflict' ? { ...outcome, theirs: outcome.theirs.map(({ changedAtMs: _, ...change }) => change) } : outcome;
    return { ...came, revision, set, unusable };
  }

  async function kept(guildId: string) {
    const { revision, set, unusable } = await readGuildSettings(database.pool, guildId);
    const changes = await changesSince(database.pool, guildId, 0);
    return {
      revision,
      unusable,
      set: [...set].map(([name, { value, setBy }]) => [name, value, setBy] as const).toSorted(),
      changes: changes.map(({ changedAtMs: _, ...change }) => change),
      audit: (await audit(guildId)).map(({ userId, told: words }) => [userId, words]),
    };
  }
});
