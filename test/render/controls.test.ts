import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/index.ts';
import { type GuildView, NOTHING_SET } from '../../src/engine/guild-view.ts';
import { PARAMETERS, type ParameterName } from '../../src/engine/parameters.ts';
import { REPLAN_TRIGGERS } from '../../src/engine/result.ts';
import { parseOverrides, type SettingValue } from '../../src/engine/settings.ts';
import { renderAudit } from '../../src/render/audit.ts';
import type { MadeNow } from '../../src/render/made-now.ts';
import { renderSetup, renderSetupChange } from '../../src/render/setup.ts';
import { renderTriggers } from '../../src/render/triggers.ts';
import { type ReplanLine, renderReplans } from '../../src/render/triggers-history.ts';
import { renderWalkAway } from '../../src/render/walkaway.ts';
import { renderWalkAways, type WalkAwayLine } from '../../src/render/walkaway-history.ts';

const WHO = '123456789012345678901';
const SYMBOL = 'ABCDEFGHIJKLMNO-ABCDEFGHIJ';

const guildWith = (values: Readonly<Record<string, unknown>>): GuildView => ({
  ...NOTHING_SET,
  set: new Map(
    Object.entries(parseOverrides(values)).map(([name, value]) => [
      name as ParameterName,
      { value: value as SettingValue, setBy: WHO, setAtMs: Date.UTC(2025, 9, 5) },
    ]),
  ),
});
/** Every parameter of the two commands changed at once, to the widest values there are. */
const wide = guildWith({
  walk_away_enabled: true,
  walk_away_profit_target_pct: 33.333333,
  walk_away_loss_limit_pct: 12.345678,
  walk_away_resume_next_session: false,
  walk_away_action: 'manage',
  scheduled_hours: '0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22',
  volatility_spike_enabled: true,
  volatility_spike_multiplier: 9.8765,
  volatility_spike_lookback_bars: 200,
  drawdown_replan_enabled: true,
  drawdown_threshold_pct: 49.8765,
  support_break_enabled: true,
  resistance_break_enabled: true,
  max_reactive_replans_per_day: 20,
  min_replan_interval_minutes: 1440,
});
const made: MadeNow = {
  userId: WHO,
  atMs: Date.UTC(2025, 9, 5),
  changes: [...wide.set].map(([name, { value }]) => ({ name, from: value, to: value })),
};
const ofRun = {
  runId: 'aaaaaaaa-0000-4000-8000-000000000000',
  symbols: Array.from({ length: 10 }, () => SYMBOL),
  timeframe: '15m',
  atMs: Date.UTC(2025, 9, 5, 14, 5),
};
const walkAway: WalkAwayLine = { ...ofRun, trigger: 'profit_target', dailyReturnPct: 25.31, tradesToday: 12, counterfactualPct: 9.06 };
const replan: ReplanLine = {
  ...ofRun,
  trigger: 'drawdown',
  symbol: null,
  details: { equity: 9_480, peak_equity: 10_000, drawdown_pct: 5.2 },
  heldBackBy: 'budget',
};
const replans = (line: Partial<ReplanLine>) =>
  renderReplans({
    replans: Array.from({ length: 5 }, () => ({ ...replan, ...line })),
    counts: REPLAN_TRIGGERS.map((trigger) => ({ trigger, requested: 123_456, suppressed: 123_456 })),
    trigger: null,
    page: 100_000,
    pages: 123_456,
  });

describe('on a phone', () => {
  it.each([
    ['walk-away', renderWalkAway(wide, made)],
    ['the triggers', renderTriggers(wide, made)],
    ['the walk-aways', renderWalkAways({ walkAways: Array.from({ length: 5 }, () => walkAway), total: 99_999, page: 1, pages: 20_000 })],
    ['the history of the triggers', replans({ details: { equity: 123_456_789.12, peak_equity: 123_456_789.12, drawdown_pct: 49.99 } })],
    ['the setup', renderSetup({ traderRoleId: WHO, adminRoleId: WHO, timeZone: 'America/Argentina/ComodRivadavia' })],
  ])('%s fits in 28 columns and in one message', (_, { content, buttons }) => {
    const lines = [...content.matchAll(/```\n([\s\S]+?)\n```/g)].flatMap(([, block = '']) => block.split('\n'));

    expect(Math.max(0, ...lines.map((line) => line.length))).toBeLessThanOrEqual(28);
    expect(content.length).toBeLessThanOrEqual(2_000);
    for (const { customId, label } of buttons) {
      expect(customId.length).toBeLessThanOrEqual(100);
      expect(label.length).toBeLessThanOrEqual(20);
    }
  });

  it('an audit page fits in one card however much was done, and says what it leaves out', () => {
    const told = '`_<@&1>'.repeat(1_000);
    const { embeds } = renderAudit({
      entries: Array.from({ length: 5 }, () => ({ userId: WHO, action: 'settings-changed', told, atMs: 0 })),
      total: 99_999,
      page: 1,
      pages: 20_000,
    });

    expect(embeds[0]?.description?.length).toBeLessThanOrEqual(4_096);
    expect(embeds[0]?.description?.match(/… \(\d+ more characters\)/g)).toHaveLength(5);
  });

  it('an audit shows roles by name and everything else as it was written', () => {
    const told = 'trader role: none → <@&7>; mine (**bold** <@1> `x`): min_hold_bars=1';
    const { embeds } = renderAudit({ entries: [{ userId: 'local', action: 'preset-saved', told, atMs: 0 }], total: 1, page: 1, pages: 1 });

    expect(embeds[0]?.description).toBe(
      '<t:0:f> the terminal **preset saved**\ntrader role: none → <@&7>; mine (\\*\\*bold\\*\\* \\<@1> \\`x\\`): min_hold_bars=1',
    );
  });

  it('no command says more than Discord takes', () => {
    const charactersOf = (part: unknown): number =>
      typeof part === 'object' && part !== null
        ? Object.entries(part).reduce(
            (sum, [name, value]) =>
              sum + (typeof value === 'string' && ['name', 'description', 'value'].includes(name) ? value.length : charactersOf(value)),
            0,
          )
        : 0;

    for (const { definition } of COMMANDS) expect(charactersOf(definition.toJSON()), definition.name).toBeLessThanOrEqual(8_000);
  });
});

describe('walk-aways and triggers in words', () => {
  it('say what stopping brought and what carrying on would have', () => {
    const { content } = renderWalkAways({
      walkAways: [walkAway, { ...walkAway, counterfactualPct: null, tradesToday: 1 }],
      total: 2,
      page: 1,
      pages: 1,
    });

    expect(content).toContain('stopped at **+25.3 %**; carrying on would have ended +9.1 %\n  profit target, 12 trades that day');
    expect(content).toContain('stopped at **+25.3 %**; the day is not over\n  profit target, 1 trade that day');
  });

  it.each<[Partial<ReplanLine>, string]>([
    [
      { trigger: 'volatility_spike', symbol: 'BTC-USD', details: { atr: 396.47, mean_atr: 298.76, ratio: 1.327 }, heldBackBy: null },
      '- **volatility spike** BTC-USD: ATR 396.470 is 1.33 × its mean 298.760\n  <t:',
    ],
    [{}, '- **drawdown**: equity 9,480.00 is 5.20 % below its peak 10,000.00\n  held back: the budget of the day was used up\n  <t:'],
    [
      { trigger: 'support_break', symbol: 'BTC-USD', details: { close: 99.5, level: 100 }, heldBackBy: 'interval' },
      '- **support break** BTC-USD: closed at 99.500, below 100.000\n  held back: too soon after the last plan\n  <t:',
    ],
    [
      { trigger: 'resistance_break', symbol: 'BTC-USD', details: { close: 101, level: 100 }, heldBackBy: null },
      '- **resistance break** BTC-USD: closed at 101.000, above 100.000\n  <t:',
    ],
    [{ trigger: 'scheduled', details: { hour: 8 }, heldBackBy: null }, '- **scheduled**: 08:00 UTC\n  <t:'],
    [{ trigger: 'scheduled', details: {}, heldBackBy: null }, '- **scheduled**: n/a'],
  ])('tell why: %j', (line, words) => {
    expect(replans(line).content).toContain(words);
  });

  it('show every parameter of their group', () => {
    const shown = [renderWalkAway(wide, null).content, renderTriggers(wide, null).content].join('\n');

    for (const { name, group } of PARAMETERS) if (group === 'walk_away' || group === 'replan') expect(shown).toContain(`\`${name}\``);
    expect(shown).toContain('Schedule, UTC\n 0,1,2,3,4,5,6,7,8,9,10,11\n 12,13,14,15,16,17,18,19,20\n 21,22\n');
    expect(shown).toContain(' ATR over 9.8765 × its mean\n of the 200 bars before\n');
  });

  it('tell defaults from what was set, and nothing on from something', () => {
    expect(renderWalkAway(NOTHING_SET, null).content).toContain('All of it: defaults.');
    expect(renderWalkAway(guildWith({ walk_away_enabled: false }), null).content).toMatch(
      /Set by <@\d+> <t:\d+:R>: `walk_away_enabled`\n-# The rest: defaults/,
    );
    expect(renderTriggers(NOTHING_SET, null).content).toContain('a new plan is asked for by the schedule');
    expect(renderTriggers(guildWith({ scheduled_hours: 'null' }), null).content).toContain('nothing asks for a new plan');
  });

  it('tell a setup from old to new, and one that was so already', () => {
    const from = { traderRoleId: null, adminRoleId: '5', timeZone: 'UTC' };
    const by = { userId: WHO, atMs: 0 };

    expect(renderSetupChange({ from, to: { ...from, traderRoleId: '7', adminRoleId: null } }, by).content).toContain(
      'trader role: none → <@&7>\nadmin role: <@&5> → none\n\n',
    );
    expect(renderSetupChange({ from, to: from }, by).content).toContain('Nothing changed: it was so already.');
  });
});
