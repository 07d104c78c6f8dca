import { describe, expect, it } from 'vitest';
import { settingsForm } from '../../src/commands/settings-form.ts';
import type { GuildPreset, GuildSetting, GuildView, SettingChange } from '../../src/engine/guild-view.ts';
import { PERIOD_NAMES } from '../../src/engine/indicators/periods.ts';
import { findParameter, PARAMETER_NAMES, type ParameterName } from '../../src/engine/parameters.ts';
import { RUN_PRESETS } from '../../src/engine/presets.ts';
import { formatSetting, type Overrides, parseSetting, type SettingValue } from '../../src/engine/settings.ts';
import { parseCustomId } from '../../src/render/button.ts';
import type { Message } from '../../src/render/message.ts';
import { renderDeleted, renderPreset, renderSaved, saveCommand } from '../../src/render/preset-card.ts';
import { renderPresetList } from '../../src/render/preset-list.ts';
import { renderChanges } from '../../src/render/setting-changes.ts';
import { namesIn, SETTING_GROUPS, settingWords } from '../../src/render/setting-words.ts';
import { namesSet, renderSetList, renderSetting } from '../../src/render/settings-list.ts';
import { partsOf, renderPanel } from '../../src/render/settings-panel.ts';
import { renderConflict, renderRefused } from '../../src/render/settings-refused.ts';

const WHO = '1'.repeat(20);
const AT_MS = Date.UTC(2026, 10, 22);
const BY = { userId: WHO, atMs: AT_MS };

/** The longest that a parameter may be. */
function longest(name: ParameterName): SettingValue {
  const parameter = findParameter(name);
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return parameter.max;
    case 'choice':
      return parseSetting(name, parameter.choices.toSorted((one, other) => other.length - one.length)[0]);
    case 'switch':
      return false;
    case 'hours':
      return Array.from({ length: 24 }, (_, hour) => hour);
    case 'periods':
      return Object.fromEntries(PERIOD_NAMES.map((period) => [period, 500]));
  }
}

const longestValues = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, longest(name)])) as Overrides;
const everythingSet: Pick<GuildView, 'set'> = {
  set: new Map(PARAMETER_NAMES.map((name): [ParameterName, GuildSetting] => [name, { value: longest(name), setBy: WHO, setAtMs: AT_MS }])),
};
const changeAll = (names: readonly ParameterName[]): readonly SettingChange[] =>
  names.map((name) => ({ name, from: longest(name), to: longest(name) }));
const place = { group: 'whipsaw', part: 0, since: 123_456 } as const;
const preset: GuildPreset = {
  name: 'a'.repeat(32),
  description: '*'.repeat(200),
  overrides: longestValues,
  savedBy: WHO,
  savedAtMs: AT_MS,
};

const textsOf = ({ content, embeds }: Message) => [content, ...embeds.map(({ description }) => description ?? '')];
const widestLine = (message: Message) =>
  Math.max(
    0,
    ...textsOf(message).flatMap((text) =>
      [...text.matchAll(/```\n([\s\S]+?)\n```/g)].flatMap(([, block = '']) => block.split('\n').map((line) => line.length)),
    ),
  );

describe('settings and presets on a phone', () => {
  const typed = new Map(namesIn('whipsaw').map((name) => [name, '\u0001'.repeat(4_000)]));
  const reasons = Array.from({ length: 5 }, (_, index) => `${index} ${'*'.repeat(400)}`);
  const messages: readonly (readonly [string, Message])[] = [
    ...SETTING_GROUPS.map((group) => [`the panel of ${group}`, renderPanel({ group, guild: everythingSet, made: null })] as const),
    ...SETTING_GROUPS.flatMap((group) =>
      partsOf(group).map(
        (names, part) =>
          [
            `the panel of ${group} after form ${part}`,
            renderPanel({ group, guild: everythingSet, made: { ...BY, changes: changeAll(names) } }),
          ] as const,
      ),
    ),
    ['all changes at once', renderChanges(changeAll(PARAMETER_NAMES), BY)],
    ...[1, 2, 3, 4].map((page) => [`page ${page} of what is set`, renderSetList(everythingSet, { page, pages: 4 })] as const),
    ...PARAMETER_NAMES.map((name) => [name, renderSetting(name, everythingSet)] as const),
    ['what is refused', renderRefused(reasons, typed, place)],
    [
      'what another changed',
      renderConflict(
        changeAll(namesIn('replan').slice(0, 5)).map((change) => ({ ...change, changedBy: WHO, changedAtMs: AT_MS })),
        typed,
        place,
      ),
    ],
    ['a preset', renderPreset({ kind: 'own', preset })],
    [
      'a built-in preset',
      renderPreset({ kind: 'built-in', preset: { ...(RUN_PRESETS[0] as (typeof RUN_PRESETS)[number]), overrides: longestValues } }),
    ],
    ['a preset that replaced one', renderSaved(preset, { held: preset, again: '/preset save' })],
    [
      'the presets',
      renderPresetList({ presets: Array.from({ length: 5 }, () => ({ kind: 'own', preset }) as const), total: 54, page: 2, pages: 11 }),
    ],
  ];

  it.each(messages)('%s fits in what Discord takes and a phone shows', (_, message) => {
    expect(widestLine(message)).toBeLessThanOrEqual(28);
    expect(message.content.length).toBeLessThanOrEqual(2_000);
    for (const text of textsOf(message)) expect(text.length).toBeLessThanOrEqual(4_096);
    for (const { options } of message.selects) {
      expect(options.length).toBeLessThanOrEqual(25);
      for (const { label, description } of options) expect(Math.max(label.length, (description ?? '').length)).toBeLessThanOrEqual(100);
    }
    expect(message.buttons.length).toBeLessThanOrEqual(3);
    for (const { customId, label } of message.buttons) {
      expect(parseCustomId(customId)).not.toBeNull();
      expect(customId.length).toBeLessThanOrEqual(100);
      expect(label.length).toBeLessThanOrEqual(20);
    }
  });

  it.each([
    ['deleted', renderDeleted(preset, saveCommand(preset))],
    ['replaced', renderSaved(preset, { held: preset, again: saveCommand(preset) })],
  ])('says whole what a preset held that was %s, so that it can be saved again', (_, { embeds }) => {
    expect(embeds[0]?.description).toContain(saveCommand(preset));
    expect((embeds[0]?.description ?? '').length).toBeLessThanOrEqual(4_096);
  });

  it.each(SETTING_GROUPS)('has a form for every parameter of %s that Discord takes', (group) => {
    const forms = partsOf(group).map((_, part) =>
      settingsForm({ group, part, since: 2_000_000_000 }, 'panel', { guild: everythingSet, typed: new Map() }),
    );

    expect(forms.flatMap(({ fields }) => fields.map(({ id }) => id))).toEqual(namesIn(group));
    for (const { customId, title, fields } of forms) {
      expect(parseCustomId(customId)).not.toBeNull();
      expect(customId.length).toBeLessThanOrEqual(100);
      expect(title.length).toBeLessThanOrEqual(45);
      expect(fields.length).toBeLessThanOrEqual(5);
      for (const { label, description } of fields) {
        expect(label.length).toBeLessThanOrEqual(45);
        expect(description.length).toBeLessThanOrEqual(100);
      }
    }
  });

  it('has different words for every parameter, a line of a table each', () => {
    const words = PARAMETER_NAMES.map(settingWords);

    expect(new Set(words).size).toBe(PARAMETER_NAMES.length);
    for (const word of words) expect(word.length).toBeLessThanOrEqual(28);
  });

  it('lists everything that is set once, page by page', () => {
    const pages = [1, 2, 3, 4].map((page) => renderSetList(everythingSet, { page, pages: 4 }).content).join('\n');

    expect([...pages.matchAll(/^`(\w+)` \*\*/gm)].map(([, name]) => name)).toEqual(namesSet(everythingSet));
  });

  it('tells null, 0 and not set apart', () => {
    const setting = (value: SettingValue): GuildSetting => ({ value, setBy: WHO, setAtMs: AT_MS });
    const guild = {
      set: new Map<ParameterName, GuildSetting>([
        ['confidence_override_threshold', setting(null)],
        ['min_hold_bars', setting(0)],
        ['scheduled_hours', setting([])],
      ]),
    };
    const shown = renderPanel({ group: 'whipsaw', guild, made: null }).content;

    expect(shown).toContain('**Min hold** 0 bars\n-# group');
    expect(shown).toContain('**Trade cooldown** 2 bars\n-# default');
    expect(shown).toContain('**Confidence to override** null\n-# group');
    expect(renderSetting('scheduled_hours', guild).content).toContain('Applies: **null**\n-# set by');
    expect(settingsForm(place, 'panel', { guild, typed: new Map() }).fields.map(({ value }) => value)).toEqual(['0', '2', 'null']);
  });

  it('shows every value of a preset whole', () => {
    const { embeds } = renderPreset({ kind: 'own', preset });

    for (const name of ['custom_indicator_periods', 'scheduled_hours'] as const)
      expect(embeds[0]?.description).toContain(`→ ${formatSetting(longest(name))}`);
  });

  it('names the terminal where nobody did it', () => {
    expect(renderChanges([{ name: 'min_hold_bars', from: undefined, to: 1 }], { userId: 'local', atMs: 0 }).content).toContain(
      'by the terminal',
    );
  });
});
