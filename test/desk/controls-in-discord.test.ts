import { PermissionFlagsBits } from 'discord.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/engine/bar.ts';
import type { AskedRun } from '../../src/engine/run-spec.ts';
import type { OptionValue } from '../../src/playground/option-value.ts';
import type { MessageView } from '../../src/playground/view.ts';
import { insertWatchedRun, resultOfWatchedRun } from '../support/watched-run.ts';
import { onDiscord } from './on-discord.ts';

const uuid = (prefix: string) => `${prefix}-0000-4000-8000-000000000000`;

describe('walk-away, triggers and setup in Discord', () => {
  const on = onDiscord();
  const watched = uuid('aaaa1111');
  let admin = '';
  let trader = '';
  let traders = '';

  beforeAll(async () => {
    const { guildId } = on.playground.home;
    traders = on.playground.addRole({ name: 'traders' });
    admin = on.playground.addMember({ name: 'ada', permissions: PermissionFlagsBits.ManageGuild });
    trader = on.playground.addMember({ name: 'tim', roles: [traders] });
    await insertWatchedRun(on.desk.pool, { id: watched, guildId });
    await insertWatchedRun(on.desk.pool, { guildId: 'another' });
  });

  const ask = async (command: string, options: Record<string, OptionValue> = {}, user?: string): Promise<MessageView> => {
    const press = await on.playground.slash({ command, options, ...(user === undefined ? {} : { user }) });
    return press.waitForReply();
  };
  const turn = async (messageId: string, user?: string) => {
    const press = await on.playground.press({ messageId, button: '▶', ...(user === undefined ? {} : { user }) });
    return press.waitForReply(({ components }) => JSON.stringify(components).includes('"2/'));
  };

  it('sets walking away with what is given alone, from old to new, and says what applies and who set it', async () => {
    const first = await ask('walkaway set', { target: 25 });
    const second = await ask('walkaway set', { target: 25, loss: 8, action: 'manage', resume: 'off' });

    expect(first.content).toMatch(/^\*\*Changed\*\* by <@\d+> <t:\d+:f>\n/);
    expect(first.content).toContain('`walk_away_enabled` not set (default false) → true');
    expect(first.content).toContain('`walk_away_profit_target_pct` not set (default 25) → 25');
    expect(first.content).toContain(
      'at +25 % or −10 % on the day: everything is closed at the next open, and nothing is opened until the next UTC day',
    );
    expect(first.pings.users, 'nobody is called for being named').toEqual([]);
    expect(second.content).not.toContain('`walk_away_enabled` not set');
    expect(second.content).toContain('`walk_away_loss_limit_pct` not set (default 10) → 8');
    expect(second.content).toContain('nothing is opened until someone resumes it; positions keep their stops and targets');
    expect((await ask('walkaway status')).content).toMatch(/Loss limit +8 %\n[\s\S]*Set by <@\d+> <t:\d+:R>: `walk_away_enabled`/);
  });

  it('turns walking away off and keeps the rest; a second time nothing changes', async () => {
    const off = await ask('walkaway off');

    expect(off.content).toContain('`walk_away_enabled` true → false');
    expect(off.content).toContain('is off');
    expect(off.content).toMatch(/Loss limit +8 %/);
    expect((await ask('walkaway off')).content).toContain('Nothing changed: it was so already.');
  });

  it('lists the days that were walked away from, with what carrying on would have brought, also after a restart', async () => {
    await Promise.all([1, 2].map(() => insertWatchedRun(on.desk.pool, { guildId: on.playground.home.guildId })));
    const page = await ask('walkaway history');
    await on.stopBot();
    await on.startBot();
    const last = await turn(page.id);

    const [first] = resultOfWatchedRun().summary.walk_away_events;
    expect(first).toMatchObject({ trigger: 'loss_limit' });
    expect(page.content).toMatch(/^\*\*Walk-aways\*\* 9 /);
    expect(page.content.match(/stopped at/g)).toHaveLength(5);
    expect(last.content.match(/stopped at/g)).toHaveLength(4);
    expect(last.content).toContain(
      `- stopped at **−1.0 %**; carrying on would have ended −4.0 %\n  loss limit, 3 trades that day · <t:${(first?.timestamp ?? 0) / 1_000}:f>\n  BTC-USD 5m · run \`aaaa1111\``,
    );
  });

  it('sets the triggers that are given alone, and refuses a set of nothing and hours that are none', async () => {
    const set = await ask('triggers set', { volatility_spike: 'on', multiplier: 2.5, scheduled_hours: 'null', budget: 0 });
    const nothing = await on.playground.slash({ command: 'triggers set' });
    const noHours = await on.playground.slash({ command: 'triggers set', options: { scheduled_hours: '8,25' } });

    expect(set.content).toContain('`volatility_spike_multiplier` not set (default 2) → 2.5');
    expect(set.content).toContain('`scheduled_hours` not set (default 0,8,16) → null');
    expect(set.content).toContain('its budget is 0 a day');
    expect(set.content).toMatch(/Schedule, UTC +never/);
    expect(set.content).not.toContain('drawdown_threshold_pct');
    expect((await nothing.waitForReply()).content).toContain('name at least one');
    expect(await nothing.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect((await noHours.waitForReply()).content).toContain('scheduled_hours is "8,25"');
    await expect(ask('triggers set', { budget: 21 }), 'Discord itself refuses it').rejects.toThrow('Discord takes 0 to 20');
    expect((await ask('triggers show')).content).toMatch(/ATR over 2.5 × its mean\n of the 20 bars before\n/);
  });

  it('lists what asked for new plans in words, of all triggers or of one, page by page', async () => {
    const all = await ask('triggers history');
    const drawdowns = await ask('triggers history', { trigger: 'drawdown' });
    const next = await turn(drawdowns.id);

    expect(all.content).toMatch(/^\*\*Triggers\*\* asked \d+ × for a new plan, \d+ × held back/);
    expect(all.content).toMatch(/volatility spike \d+, drawdown \d+, support break \d+, resistance break \d+, scheduled \d+\n/);
    const fired = resultOfWatchedRun().events.filter(({ trigger_type }) => trigger_type === 'drawdown').length * 3;
    expect(fired, 'one page is not enough for them').toBeGreaterThan(5);
    const shown = [drawdowns, next].map(({ content }) =>
      content.match(/^- \*\*drawdown\*\*: equity [\d,.]+ is \d\.\d\d % below its peak [\d,.]+$/gm),
    );
    expect(shown.map((lines) => lines?.length)).toEqual([5, Math.min(5, fired - 5)]);
    expect(drawdowns.content).not.toContain('**scheduled**');
  });

  it('opens the controls of whipsaw:custom with what would apply, and runs with what is sent', async () => {
    const options = { preset: 'scalper-5m', days: 2, whipsaw: 'custom', set: 'trade_cooldown_bars=3' };
    const press = await on.playground.slash({ command: 'backtest', options });
    const form = await press.waitForModal();
    const submitted = await on.playground.submitModal(form, { min_hold_bars: '0', confidence_override_threshold: 'null' });
    const reply = await submitted.waitForReply(({ content }) => content.includes('**Backtest**'));

    expect(form.fields.map((field) => (field.kind === 'text' ? field.value : field.kind))).toEqual([
      '1',
      '3',
      'A',
      '/backtest preset:scalper-5m days:2 whipsaw:custom set:trade_cooldown_bars=3',
    ]);
    expect(await submitted.firstAnswer()).toMatchObject({ kind: 'defer', ephemeral: false });
    expect(reply.content).toContain('BTC-USD · 5m · last 2 days · preset scalper-5m');
    const { rows } = await on.desk.pool.query<{ request: AskedRun }>(
      `select request from runs where state = 'queued' and guild_id = $1 order by created_at desc limit 1`,
      [on.playground.home.guildId],
    );
    expect(rows[0]?.request.settings).toMatchObject({
      min_hold_bars: 0,
      trade_cooldown_bars: 3,
      confidence_override_threshold: null,
      walk_away_profit_target_pct: 25,
    });
  });

  it('refuses what whipsaw:custom cannot mean: before the form what was typed, after it what was sent', async () => {
    const early = await on.playground.slash({ command: 'backtest', options: { whipsaw: 'custom', set: 'min_hold_bar=1' } });
    const press = await on.playground.slash({ command: 'backtest', options: { whipsaw: 'custom' } });
    const late = await on.playground.submitModal(await press.waitForModal(), { min_hold_bars: '99' });

    expect((await early.waitForReply()).content).toContain('the nearest is min_hold_bars');
    expect((await late.waitForReply()).content).toContain('min_hold_bars is "99"; it must be a whole number from 0 to 10');
    expect((await late.waitForReply()).content, 'nothing typed is lost').toContain('/backtest whipsaw:custom');
    for (const refused of [early, late]) expect(await refused.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
  });

  it('lets admins alone set the desk up, and shows how it is', async () => {
    const denied = await on.playground.slash({ command: 'desk setup', options: { time_zone: 'UTC' }, user: trader });

    expect((await denied.waitForReply()).content).toContain('/desk setup needs the admin permission');
    expect((await ask('desk setup', {}, admin)).content).toContain('Trader role: none, so everybody who sees the channel is a trader');
    const changed = await ask('desk setup', { trader_role: traders, time_zone: 'europe/berlin' }, admin);
    expect(changed.content).toContain(`trader role: none → <@&${traders}>\ntime zone: UTC → Europe/Berlin`);
    expect(changed.pings.roles).toEqual([]);
  });

  it('shows the times of tables in the time zone of the setup, and names it', async () => {
    const [trade] = resultOfWatchedRun().trades;
    const berlin = new Date((trade?.entry_time ?? 0) + 2 * HOUR_MS).toISOString().slice(5, 16).replace('T', ' ');

    const { content } = await ask('runs trades', { id: 'aaaa1111' });
    expect(content).toContain('times Europe/Berlin');
    expect(content).toMatch(new RegExp(`#1 .*\nin  ${berlin} `));
    expect((await ask('runs list')).content).toContain('times Europe/Berlin');
  });

  it('asks for the trader role from then on, at commands and at forms that were open', async () => {
    const denied = await on.playground.slash({ command: 'walkaway off' });
    const press = await on.playground.slash({ command: 'backtest', options: { whipsaw: 'custom' }, user: trader });
    const form = await press.waitForModal();
    on.playground.setMemberRoles(trader, []);
    const late = await on.playground.submitModal(form);
    on.playground.setMemberRoles(trader, [traders]);

    expect((await denied.waitForReply()).content).toContain('/walkaway off needs the trader permission');
    expect((await late.waitForReply()).content).toContain('This form needs the trader permission');
    expect((await ask('walkaway off', {}, trader)).content).toContain('Nothing changed');
    expect((await ask('walkaway status')).content, 'looking is for everybody').toContain('**Walk-away**');
  });

  it.each<[Record<string, OptionValue>, string]>([
    [{ time_zone: 'Europe/Berln' }, 'the nearest is Europe/Berlin'],
    [{ time_zone: '+02:00' }, 'it must be an IANA name'],
    [{ none: 'both', admin_role: 'traders' }, 'admin_role is given, and none takes it back'],
    [{ trader_role: 'everyone' }, 'with no trader role everybody is a trader'],
    [{ admin_role: 'everyone' }, 'which would make everybody an admin'],
  ])('refuses a setup of %j', async (options, words) => {
    const ids: Record<string, string> = { traders, everyone: on.playground.home.guildId };
    const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, ids[String(value)] ?? value]));

    expect((await ask('desk setup', given, admin)).content).toContain(words);
  });

  it('suggests time zones with the time it is there', async () => {
    const suggest = (text: string) => on.playground.autocomplete({ command: 'desk setup', option: 'time_zone', text });

    expect((await suggest('berl')).map(({ value }) => value)).toEqual(['Europe/Berlin']);
    expect((await suggest('new york'))[0]?.name).toMatch(/^America\/New_York – it is \d\d:\d\d there$/);
    expect(await suggest('')).toHaveLength(25);
  });

  it('takes a role back, and tells admins alone who did what, page by page', async () => {
    await ask('desk setup', { none: 'trader_role' }, admin);
    const press = await on.playground.slash({ command: 'desk audit', user: admin });
    const audit = await press.waitForReply();
    const older = await turn(audit.id, admin);
    const passing = on.playground.addMember({ name: 'eve', permissions: PermissionFlagsBits.ManageGuild });
    const hers = await ask('desk audit', {}, passing);
    on.playground.setMemberRoles(passing, []);
    const late = await on.playground.press({ messageId: hers.id, button: '▶', user: passing });

    expect(await press.firstAnswer()).toMatchObject({ ephemeral: true });
    const text = audit.embeds[0]?.description ?? '';
    expect(text).toMatch(new RegExp(`^<t:\\d+:f> <@${admin}> \\*\\*setup changed\\*\\*\ntrader role: <@&${traders}> → none`));
    expect(text).toContain(`trader role: none → <@&${traders}>; time zone: UTC → Europe/Berlin`);
    expect(older.embeds[0]?.description).toContain('walk_away_enabled not set → true; walk_away_profit_target_pct not set → 25');
    expect((await late.waitForReply(({ content }) => content.includes('permission'))).content).toContain(
      'This button needs the admin permission',
    );
    expect((await ask('desk audit')).content).toContain('/desk audit needs the admin permission');
    expect((await ask('walkaway off')).content).toContain('Nothing changed');
    expect(on.errors).toEqual([]);
  });

  it('keeps what two admins set up at the same moment', async () => {
    await Promise.all([
      ask('desk setup', { trader_role: traders }, admin),
      ask('desk setup', { admin_role: traders }, admin),
      ask('desk setup', { time_zone: 'Asia/Tokyo' }, admin),
    ]);

    const { content } = await ask('desk setup', {}, admin);
    expect(content).toContain(`Trader role: <@&${traders}>`);
    expect(content).toContain(`Admin role: <@&${traders}>`);
    expect(content).toContain('Time zone: Asia/Tokyo');
  });
});
