import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Press } from '../../src/playground/press.ts';
import type { MessageView } from '../../src/playground/view.ts';
import { onDiscord } from './on-discord.ts';

describe('settings in Discord', () => {
  const on = onDiscord();
  let bea = '';

  beforeAll(() => {
    bea = on.playground.addMember({ name: 'bea' });
  });

  afterEach(async () => {
    await give('settings reset', { name: 'all' });
  });

  const give = async (command: string, options: Record<string, string> = {}, user = on.playground.home.userId) =>
    (await on.playground.slash({ command, options, user })).waitForReply();
  const set = async (name: string, value: string, user?: string) => (await give('settings set', { name, value }, user)).content;
  const settings = async () =>
    new Map(
      (
        await on.desk.pool.query<{ name: string; value: unknown; set_by: string }>('select name, value, set_by from guild_settings')
      ).rows.map(({ name, value }) => [name, value]),
    );
  const openForm = async (messageId: string, button: string, user = on.playground.home.userId) =>
    (await on.playground.press({ messageId, button, user })).waitForModal();
  const valuesOf = (modal: Awaited<ReturnType<typeof openForm>>) =>
    Object.fromEntries(modal.fields.map((field) => [field.customId, field.kind === 'text' ? field.value : null]));
  /** The message of a component as the bot has changed it since. */
  const updated = (press: Press) => press.waitForReply(({ atMs, loading }) => !loading && atMs > press.createdAtMs);
  const lastNotice = async (press: Press) => {
    await expect.poll(() => press.followUps()).toHaveLength(1);
    return press.followUps()[0] as MessageView;
  };

  it('sets one, says old and new, who and when, and takes it back', async () => {
    const { userId } = on.playground.home;

    expect(await set('max_position_risk_pct', '4')).toMatch(
      new RegExp(String.raw`^\*\*Changed\*\* by <@${userId}> <t:\d+:f>\n.max_position_risk_pct. not set \(default 2\) → 4$`),
    );
    expect(await set('max_position_risk_pct', '5', bea)).toContain('`max_position_risk_pct` 4 → 5');
    expect(await set('max_position_risk_pct', '5')).toBe('Nothing changed: `max_position_risk_pct` is 5 already.');
    expect((await give('settings show', { name: 'max_position_risk_pct' })).content).toMatch(
      new RegExp(`Applies: \\*\\*5 % of equity\\*\\*\n-# set by <@${bea}> <t:\\d+:f>\nTakes 1 to 10 % of equity, step 0.5, default 2`),
    );
    expect((await give('settings reset', { name: 'max_position_risk_pct' })).content).toContain('5 → not set (default 2)');
    expect(await settings()).toEqual(new Map());
    expect((await give('settings reset', { name: 'risk' })).content).toBe('Nothing changed: the group has not set anything of risk.');
  });

  it('takes null where it is a value, and resets a group or all of them', async () => {
    for (const [name, value] of [
      ['confidence_override_threshold', 'null'],
      ['min_hold_bars', '0'],
      ['scheduled_hours', 'null'],
    ] as const)
      await set(name, value);
    expect(await settings()).toEqual(
      new Map<string, unknown>([
        ['confidence_override_threshold', null],
        ['min_hold_bars', 0],
        ['scheduled_hours', []],
      ]),
    );

    const group = await give('settings reset', { name: 'whipsaw' });
    expect(group.content).toContain('`min_hold_bars` 0 → not set (default 4)\n`confidence_override_threshold` null → not set (default A)');
    expect((await give('settings reset', { name: 'all' })).content).toContain('`scheduled_hours` null → not set (default 0,8,16)');
    expect((await give('settings show')).content).toContain('This group has set nothing');
  });

  it.each([
    ['max_position_risk_pct', '40', 'max_position_risk_pct is "40"; it must be a number from 1 to 10 (% of equity)'],
    ['max_position_risk', '4', 'There is no parameter or group "max_position_risk"; the nearest is max_position_risk_pct'],
    ['risk', '4', '"risk" is more than one parameter'],
  ])('refuses %s %s at once, to the asker alone', async (name, value, words) => {
    const press = await on.playground.slash({ command: 'settings set', options: { name, value } });

    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect(press.reply()?.content).toContain(words);
  });

  it('offers names, and of the name that was chosen the values', async () => {
    await set('min_hold_bars', '7');
    const suggest = async (typed: { option: string; text: string; options?: Record<string, string> }, command = 'settings set') =>
      (await on.playground.autocomplete({ command, ...typed })).map(({ name }) => name);

    expect(await suggest({ option: 'name', text: 'whip' }, 'settings reset')).toEqual(['whipsaw (a group: 3 parameters)']);
    expect(await suggest({ option: 'value', text: '', options: { name: 'min_hold_bars' } })).toEqual([
      '7 (now)',
      '4 (default)',
      '0 (least bars)',
      '10 (most bars)',
    ]);
  });

  it('applies to runs from the next one on', async () => {
    await set('min_hold_bars', '7');

    await give('backtest', { preset: 'conservative' });

    const { rows } = await on.desk.pool.query<{ hold: number }>(
      `select (request->'settings'->>'min_hold_bars')::int as hold from runs order by created_at desc limit 1`,
    );
    expect(rows).toEqual([{ hold: 7 }]);
  });

  describe('on the panel', () => {
    let panel = '';

    beforeAll(async () => {
      panel = (await give('settings panel')).id;
    });

    const choose = async (group: string) => {
      const used = await on.playground.select({ messageId: panel, select: 'v1:settings-group', values: [group] });
      return updated(used);
    };

    it('are shown by group with where each comes from, and edited in a form with what applies', async () => {
      const shown = await choose('whipsaw');
      expect(shown.content).toBe(
        '**Settings · Whipsaw**\n**Min hold** 4 bars\n-# default\n**Trade cooldown** 2 bars\n-# default\n**Confidence to override** A\n-# default',
      );

      const modal = await openForm(panel, 'Edit');
      expect(valuesOf(modal)).toEqual({ min_hold_bars: '4', trade_cooldown_bars: '2', confidence_override_threshold: 'A' });
      expect(modal.fields[0]).toMatchObject({ label: 'Min hold', description: '0 to 10 bars, step 1, default 4', required: false });
      const press = await on.playground.submitModal(modal, { min_hold_bars: '0', confidence_override_threshold: 'null' });
      const after = await updated(press);

      expect(after.id).toBe(panel);
      expect(after.content).toContain(
        '`min_hold_bars` not set (default 4) → 0\n`confidence_override_threshold` not set (default A) → null',
      );
      expect(after.content).toMatch(
        new RegExp(`\\*\\*Min hold\\*\\* 0 bars\n-# group · <@${on.playground.home.userId}> · <t:\\d+:R> · default 4`),
      );
      expect(await settings(), 'a default that nobody touched is not set').toEqual(
        new Map<string, unknown>([
          ['min_hold_bars', 0],
          ['confidence_override_threshold', null],
        ]),
      );
    });

    it('are not set any more when their field is emptied', async () => {
      await set('min_hold_bars', '0');
      await set('confidence_override_threshold', 'null');
      await choose('whipsaw');
      const modal = await openForm(panel, 'Edit');
      expect(valuesOf(modal)).toMatchObject({ min_hold_bars: '0', confidence_override_threshold: 'null' });

      const press = await on.playground.submitModal(modal, { min_hold_bars: '', confidence_override_threshold: ' ' });

      expect((await updated(press)).content).toContain('null → not set (default A)');
      expect(await settings()).toEqual(new Map());
    });

    it('are edited in several forms where there are more than a form holds', async () => {
      await choose('replan');

      const [first, second] = [await openForm(panel, 'Edit 1–5'), await openForm(panel, 'Edit 6–10')];

      expect([...first.fields, ...second.fields].map(({ customId }) => customId)).toHaveLength(10);
      on.playground.closeModal(first);
      on.playground.closeModal(second);
    });

    it('come back to whoever typed what cannot be, kept after a restart, until they are right', async () => {
      await choose('risk');
      const typed = { max_position_risk_pct: '40', max_trades_per_day: '20' };
      const first = await openForm(panel, 'Edit 1–4');
      const fields = Object.keys(valuesOf(first));
      const press = await on.playground.submitModal(first, {
        max_position_risk_pct: typed.max_position_risk_pct,
        max_symbol_exposure_pct: 'ten `x`',
      });
      const refused = await lastNotice(press);

      expect(refused).toMatchObject({ ephemeral: true });
      expect(refused.content).toContain('max_position_risk_pct is "40"; it must be a number from 1 to 10');
      expect(refused.content).toContain('max_symbol_exposure_pct is "ten');
      expect(press.reply()?.content, 'the panel stays as it is').not.toContain('40');
      await on.stopBot();
      await on.startBot();

      const again = await openForm(refused.id, 'Correct it');
      expect(valuesOf(again)).toMatchObject({ max_position_risk_pct: '40', max_symbol_exposure_pct: 'ten `x`' });
      expect(Object.keys(valuesOf(again))).toEqual(fields);
      const stillWrong = await on.playground.submitModal(again, { max_symbol_exposure_pct: '30' });
      expect((await updated(stillWrong)).id, 'the same message').toBe(refused.id);
      const right = await on.playground.submitModal(await openForm(refused.id, 'Correct it'), { max_position_risk_pct: '4' });
      expect((await updated(right)).components).toEqual([]);

      const told = await lastNotice(right);
      expect(told, 'everybody is told').toMatchObject({ ephemeral: false });
      expect(told.content).toContain(
        '`max_position_risk_pct` not set (default 2) → 4\n`max_symbol_exposure_pct` not set (default 25) → 30',
      );
      expect(await settings()).toEqual(
        new Map<string, unknown>([
          ['max_position_risk_pct', 4],
          ['max_symbol_exposure_pct', 30],
        ]),
      );
    });

    it('that do not fit together are refused with what was typed kept', async () => {
      await choose('indicators');
      const press = await on.playground.submitModal(await openForm(panel, 'Edit'), { custom_indicator_periods: 'rsi:7' });

      const refused = await lastNotice(press);
      expect(refused.content).toContain('needs indicator_mode=custom');
      const again = await on.playground.submitModal(await openForm(refused.id, 'Correct it'), { indicator_mode: 'custom' });
      expect((await lastNotice(again)).content).toContain('`custom_indicator_periods` not set (default null) → rsi:7');
    });

    it('that another changed meanwhile are told to the second, who can open the form again with theirs', async () => {
      await choose('execution');
      await set('taker_fee_pct', '0.2');
      const [mine, beas] = [await openForm(panel, 'Edit'), await openForm(panel, 'Edit', bea)];
      await updated(await on.playground.submitModal(mine, { taker_fee_pct: '0.3' }));

      const told = await lastNotice(await on.playground.submitModal(beas, { taker_fee_pct: '0.4', slippage_pct: '1' }));

      expect(told.ephemeral).toBe(true);
      expect(told.content).toContain(`\`taker_fee_pct\` 0.2 → 0.3\n-# <@${on.playground.home.userId}> · <t:`);
      expect(await settings()).toEqual(new Map([['taker_fee_pct', 0.3]]));
      const again = await openForm(told.id, 'Open with mine', bea);
      expect(valuesOf(again)).toEqual({ initial_cash: '10000', taker_fee_pct: '0.4', slippage_pct: '1' });
      const press = await on.playground.submitModal(again);
      expect((await lastNotice(press)).content).toContain('`taker_fee_pct` 0.3 → 0.4\n`slippage_pct` not set (default 0.02) → 1');
    });

    it('and what another changed beside them both stay', async () => {
      await choose('execution');
      const [mine, beas] = [await openForm(panel, 'Edit'), await openForm(panel, 'Edit', bea)];
      await updated(await on.playground.submitModal(mine, { taker_fee_pct: '0.3' }));
      await updated(await on.playground.submitModal(beas, { slippage_pct: '1' }));

      expect(await settings()).toEqual(
        new Map([
          ['taker_fee_pct', 0.3],
          ['slippage_pct', 1],
        ]),
      );
    });
  });

  describe('and presets', () => {
    it('are listed, those of the group first, and shown with what differs from the defaults', async () => {
      const saved = await give('preset save', {
        name: 'quick',
        description: 'Quick *exits*',
        set: 'min_hold_bars=0 max_trades_per_day=10',
      });
      expect(saved.content).toBe('**Preset quick saved** Quick \\*exits\\*');

      const list = await give('preset list');
      expect(list.content).toMatch(
        /^\*\*Presets\*\* 5\n\*\*quick\*\* Quick \\\*exits\\\*\n-# of this group · <@\d+> · 2 parameters\n\*\*scalper-5m\*\*/,
      );
      const { content, embeds } = await give('preset show', { name: 'quick' });
      expect(content).toContain('-# of this group');
      expect(embeds[0]?.description).toBe(
        'Default → here\n```\nMin hold               4 → 0\n```\nHeld at the default, whatever the group sets: `max_trades_per_day=10`\nRun it: `/backtest preset:quick`',
      );
      expect((await give('preset show', { name: 'scalper-5m' })).content).toContain('-# built-in · BTC-USD · 5m 15m 1h · 3 days');
    });

    it('of the group are offered to a backtest, and run', async () => {
      const offered = await on.playground.autocomplete({ command: 'backtest', option: 'preset', text: 'exits' });
      expect(offered).toEqual([{ name: 'quick – Quick *exits*', value: 'quick' }]);

      await set('min_hold_bars', '7');
      await give('backtest', { preset: 'quick' });
      const { rows } = await on.desk.pool.query(
        `select request->>'preset' as preset, (request->'settings'->>'min_hold_bars')::int as hold from runs order by created_at desc limit 1`,
      );
      expect(rows, 'a preset goes over what the group has set').toEqual([{ preset: 'quick', hold: 0 }]);
    });

    it('hold what the group has set when nothing is given, and say what they replace or held', async () => {
      await set('min_hold_bars', '7');
      const replacing = await give('preset save', { name: 'quick', description: 'Slow' }, bea);
      expect(replacing.embeds[0]?.description).toContain('Min hold               4 → 7');
      expect(replacing.embeds[0]?.description).toContain(
        'That again:\n```\n/preset save name:quick description:Quick *exits* set:min_hold_bars=0 max_trades_per_day=10\n```',
      );

      const gone = await give('preset delete', { name: 'quick' });
      expect(gone.content).toContain(`**Preset quick deleted.** <@${bea}> saved it`);
      expect(gone.embeds[0]?.description).toBe('To have it again:\n```\n/preset save name:quick description:Slow set:min_hold_bars=7\n```');
      expect((await give('preset delete', { name: 'quick' })).content).toContain('There is no preset "quick"');
    });

    it.each([
      [
        'preset save',
        { name: 'Scalper-5m', description: 'mine' },
        'The preset Scalper-5m is built in and cannot be changed; choose another name',
      ],
      [
        'preset save',
        { name: 'My Own', description: 'mine' },
        'name is "My Own"; it must be small letters, digits and dashes, 1 to 32, e.g. my-own',
      ],
      ['preset save', { name: 'own', description: 'mine', set: 'min_hold_bar=1' }, 'the nearest is min_hold_bars'],
      ['preset save', { name: 'own', description: 'mine', set: 'custom_indicator_periods=rsi:7' }, 'needs indicator_mode=custom'],
      ['preset delete', { name: 'scalper' }, 'The preset scalper is built in and cannot be deleted'],
      ['preset show', { name: 'scalper-6m' }, 'There is no preset "scalper-6m"; the nearest is scalper-5m'],
    ])('%s %j is refused', async (command, options, words) => {
      expect((await give(command, options)).content).toContain(words);
      expect(on.errors).toEqual([]);
    });
  });
});
