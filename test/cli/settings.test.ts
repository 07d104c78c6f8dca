import { describe, expect, it } from 'vitest';
import { backtestInTerminal } from '../../src/cli/backtest.ts';
import { deletePresetInTerminal, listPresetsInTerminal, savePresetInTerminal, showPresetInTerminal } from '../../src/cli/presets.ts';
import { resetInTerminal, setInTerminal, showSettingsInTerminal } from '../../src/cli/settings.ts';
import { parseConfig } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { withDatabase } from '../support/database.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12, 30);

describe('settings and presets in the terminal', () => {
  const database = withDatabase();

  type Ports = Parameters<typeof setInTerminal>[2];

  /** What a command prints. */
  async function printed(work: (ports: Ports) => Promise<void>): Promise<string> {
    let text = '';
    const write = (chunk: string) => {
      text += chunk;
      return true;
    };
    await work({
      openDesk: () =>
        openDesk(parseConfig({ DATABASE_URL: database.databaseUrl, EXCHANGE_BASE_URL: NO_EXCHANGE }), (error) => {
          throw error;
        }),
      terminal: { stdout: { write }, stderr: { write: () => true } },
      nowMs: () => NOW_MS,
    });
    return text;
  }

  it('are set, shown and taken back, and say old and new', async () => {
    expect(await printed((ports) => setInTerminal('max_trades_per_day', '20', ports))).toBe(
      'Changed by the terminal 2026-11-22 12:30 UTC\nmax_trades_per_day not set (default 10) → 20\n',
    );
    expect(await printed((ports) => showSettingsInTerminal(undefined, {}, ports))).toMatch(
      /^Settings 1 set by the group\nmax_trades_per_day 20 \(default 10\)\nthe terminal · .* UTC\nOne or a group: scalpdesk settings show risk/,
    );
    expect(JSON.parse(await printed((ports) => showSettingsInTerminal('risk', { json: true }, ports)))).toMatchObject({
      settings: { max_trades_per_day: 20, max_position_risk_pct: 2 },
      set: ['max_trades_per_day'],
    });
    expect(await printed((ports) => showSettingsInTerminal('whipsaw', {}, ports))).toContain('Min hold 4 bars');
    expect(await printed((ports) => resetInTerminal('all', ports))).toContain('max_trades_per_day 20 → not set (default 10)');
    expect(await printed((ports) => showSettingsInTerminal(undefined, {}, ports))).toContain('Type scalpdesk settings set to change that');
  });

  it('of another version are named, and taken back by their names', async () => {
    await printed((ports) => setInTerminal('max_trades_per_day', '20', ports));
    await database.pool.query(
      "insert into guild_settings (guild_id, name, value, set_by) values ('local', 'foo', '5', 'local'), ('local', 'bar', '6', 'local')",
    );

    await expect(printed((ports) => showSettingsInTerminal(undefined, {}, ports))).rejects.toThrow(/\/settings reset name:(foo|bar)$/);
    expect(await printed((ports) => resetInTerminal('foo', ports))).toContain('foo 5 → not set; this version does not know it');
    expect(await printed((ports) => resetInTerminal('all', ports))).toMatch(/max_trades_per_day 20 → not set .*\nbar 6 → not set/);
    await expect(printed((ports) => resetInTerminal('foo', ports))).rejects.toThrow('There is no parameter or group "foo"');
  });

  it('are what its runs start from, with presets of its own', async () => {
    const run = async (flags: Record<string, string | boolean>) =>
      JSON.parse(
        await printed((ports) =>
          backtestInTerminal(
            { seed: '7', days: '1', json: true, ...flags },
            { ...ports, exchange: 'coinbase', strategyIds: ['aggressive_active'] },
          ),
        ),
      ) as RunResult;
    await printed((ports) => setInTerminal('max_trades_per_day', '20', ports));
    await printed((ports) =>
      savePresetInTerminal('quick', { description: "It's quick", set: ['min_hold_bars=1', 'trade_cooldown_bars=0'] }, ports),
    );

    expect((await run({})).settings).toMatchObject({ max_trades_per_day: 20, min_hold_bars: 4 });
    expect((await run({ preset: 'quick' })).settings).toMatchObject({ max_trades_per_day: 20, min_hold_bars: 1, trade_cooldown_bars: 0 });
    await expect(run({ preset: 'quack' })).rejects.toThrow('There is no preset "quack"; the nearest is quick');
  });

  it('list, show and delete presets, and say how to have one again', async () => {
    expect(await printed((ports) => listPresetsInTerminal({}, ports))).toMatch(
      /^Presets 5\nquick It's quick\nof this group · the terminal · 2 parameters\n/,
    );
    expect(JSON.parse(await printed((ports) => listPresetsInTerminal({ json: true }, ports)))).toMatchObject([
      { name: 'quick', kind: 'own', overrides: { min_hold_bars: 1 } },
      { kind: 'built-in' },
      {},
      {},
      {},
    ]);
    expect(await printed((ports) => showPresetInTerminal('quick', ports))).toMatch(
      /Min hold +4 → 1\n.*\nRun it: scalpdesk backtest --preset quick/,
    );
    expect(await printed((ports) => deletePresetInTerminal('quick', ports))).toContain(
      String.raw`scalpdesk preset save quick --description 'It'\''s quick' --set min_hold_bars=1 trade_cooldown_bars=0`,
    );
  });

  it.each([
    ['a value out of range', () => setInTerminal('min_hold_bars', '11', notOpened), 'it must be a whole number from 0 to 10'],
    ['a name that is none', () => showSettingsInTerminal('min_hold', {}, notOpened), 'the nearest is min_hold_bars'],
    ['a name that is taken', () => savePresetInTerminal('scalper', { description: 'x' }, notOpened), 'is built in'],
    ['a preset without a description', () => savePresetInTerminal('mine', {}, notOpened), 'description is ""'],
  ])('refuse %s before anything is opened', async (_, work, words) => {
    await expect(work()).rejects.toThrow(words);
  });
  const notOpened: Ports = {
    openDesk: () => Promise.reject(new Error('This was not to be opened.')),
    terminal: { stdout: { write: () => true }, stderr: { write: () => true } },
    nowMs: () => NOW_MS,
  };
});
