import { describe, expect, it } from 'vitest';
import { GUILD_CHANGED } from '../../src/store/guilds.ts';
import { onDiscord } from './on-discord.ts';

describe('what another version stored, in Discord', () => {
  const on = onDiscord();

  const give = async (command: string, options: Record<string, string | number> = {}) => {
    const press = await on.playground.slash({ command, options });
    const { content, embeds } = await press.waitForReply();
    return { ...(await press.firstAnswer()), text: [content, ...embeds.map(({ description }) => description)].join('\n') };
  };

  it('is named with what to type, and goes with it', async () => {
    const { guildId } = on.playground.home;
    await give('settings set', { name: 'max_trades_per_day', value: '20' });
    await on.desk.pool.query(
      `with settings as (insert into guild_settings (guild_id, name, value, set_by) values ($1, 'foo', '5', 'zoe'), ($1, 'min_hold_bars', '99', 'zoe'))
       insert into guild_presets (guild_id, name, description, overrides, saved_by) values ($1, 'newer', 'x', '{"foo": 5}', 'zoe')`,
      [guildId],
    );
    await on.desk.pool.query('select pg_notify($1, $2)', [GUILD_CHANGED, guildId]);
    await expect.poll(() => on.errors.join('\n')).toContain('foo=5 is no parameter that it knows');

    const refused = await give('backtest', { days: 1 });
    expect(refused, 'at once and to the asker alone').toMatchObject({ kind: 'message', ephemeral: true });
    expect(refused.text).toMatch(/foo=5 is no parameter that it knows .*min_hold_bars.* \/settings reset name:foo/);
    expect((await give('settings show')).text).toContain('/settings reset name:foo');
    expect((await give('settings set', { name: 'max_trades_per_day', value: '21' })).text).toContain('/settings reset name:foo');
    expect((await give('runs list')).text, 'what needs no settings works').toContain('There are no runs yet');
    expect(
      await on.playground.autocomplete({ command: 'settings set', option: 'value', options: { name: 'min_hold_bars' }, text: '' }),
    ).toEqual([]);

    expect((await give('settings reset', { name: 'foo' })).text).toMatch(
      /^\*\*Changed\*\* by .*\nfoo 5 → not set; this version does not know it$/,
    );
    expect((await give('settings show')).text).toContain('/settings reset name:min_hold_bars');
    expect((await give('settings reset', { name: 'min_hold_bars' })).text).toContain('`min_hold_bars` 99 → not set (default 4)');
    expect((await give('settings show')).text, 'the others stayed').toContain('max_trades_per_day');

    expect((await give('backtest', { days: 1, preset: 'newer' })).text).toContain('/preset delete name:newer');
    expect((await give('preset delete', { name: 'newer' })).text).toContain('set:foo=5');
    expect((await give('preset list')).text).not.toContain('newer');
    const reported = on.errors.splice(0).join('\n');
    for (const words of ['foo=5 is', 'min_hold_bars is 99', 'The stored preset newer']) {
      expect(reported.split(words), `${words}: told once`).toHaveLength(2);
    }
    expect(reported.replaceAll(/^Error: The group \d+ has stored what this version cannot use: .*$/gm, '').trim(), 'and nothing else').toBe(
      '',
    );
  });
});
