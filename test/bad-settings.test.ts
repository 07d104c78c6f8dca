import { describe, expect, it } from 'vitest';
import { type GuildView, NOTHING_SET } from '../src/engine/guild-view.ts';
import { isParameterName, PARAMETERS, type Parameter } from '../src/engine/parameters.ts';
import { parseSettingPairs } from '../src/engine/setting-pairs.ts';
import { formatSetting, parseSetting, type Settings, type SettingValue } from '../src/engine/settings.ts';
import { BAD_SETTINGS } from './support/bad-settings.ts';
import { resolveInTerminal, resolveSettings } from './support/parameter-runs.ts';

/** The longest refusal that Discord shows whole. */
const SHOWN_CHARACTERS = 950;

/** Every place where a person types the value of a parameter; those of `name=value` cannot hold a blank one. */
const PLACES: readonly (readonly [
  place: string,
  takes: (name: string, typed: string) => boolean,
  give: (name: string, typed: string) => unknown,
])[] = [
  ['as one value', () => true, parseSetting],
  ['as a pair', isPair, (name, typed) => parseSettingPairs(`${name}=${typed}`)],
  ['as one pair of several', isPair, (name, typed) => parseSettingPairs(`max_daily_loss_pct=4;${name}=${typed} taker_fee_pct=0`)],
  ['in `set:` of /backtest', isPair, (name, typed) => resolveSettings({ setText: `${name}=${typed}` })],
  ['as --set in the terminal', isPair, (name, typed) => resolveInTerminal(['--set', `${name}=${typed}`])],
  [
    'as its own flag in the terminal',
    (name) => isParameterName(name),
    (name, typed) => resolveInTerminal([`--${name.replaceAll('_', '-')}=${typed}`]),
  ],
];

function isPair(name: string, typed: string): boolean {
  return name !== '' && typed !== '' && !/[\s;]/.test(`${name}${typed}`);
}

async function refusalOf(give: () => unknown): Promise<{ readonly name: string; readonly message: string }> {
  try {
    await give();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was taken.');
}

describe.each(PLACES)('a bad setting typed %s', (_, takes, give) => {
  it.each(BAD_SETTINGS.filter(([, name, typed]) => takes(name, typed)))(
    'is refused with what was seen, what was wanted and what to type: %s',
    async (_, name, typed, ...words) => {
      const { name: kind, message } = await refusalOf(() => give(name, typed));

      expect({ kind, message }).toMatchObject({ kind: 'Refusal' });
      for (const word of words) expect(message).toContain(word);
      expect(message.length, 'Discord shows it whole').toBeLessThanOrEqual(SHOWN_CHARACTERS);
    },
  );
});

describe('bad settings', () => {
  it('are listed of every kind of parameter, each once', () => {
    const seen = new Set(PARAMETERS.filter(({ name }) => BAD_SETTINGS.some(([, of]) => of === name)).map(({ kind }) => kind));

    expect([...seen].sort()).toEqual([...new Set(PARAMETERS.map(({ kind }: Parameter) => kind))].sort());
    expect(new Set(BAD_SETTINGS.map(([what]) => what)).size).toBe(BAD_SETTINGS.length);
  });
});

const BY = { setBy: '1', setAtMs: 0 };

/** What was typed, and the value it comes to; null is a value of its own. */
const TOLD_APART: readonly (readonly [name: keyof Settings, typed: string, value: SettingValue])[] = [
  ['min_hold_bars', '0', 0],
  ['min_hold_bars', '-0', 0],
  ['trade_cooldown_bars', '0', 0],
  ['max_reactive_replans_per_day', '0', 0],
  ['taker_fee_pct', '0.0', 0],
  ['confidence_override_threshold', 'null', null],
  ['confidence_override_threshold', 'none', null],
  ['scheduled_hours', '0', [0]],
  ['scheduled_hours', 'null', []],
  ['custom_indicator_periods', 'null', null],
  ['walk_away_resume_next_session', 'false', false],
];

describe('0, null and not set', () => {
  it.each(TOLD_APART)('are told apart: %s=%s is %j, and what is not said comes from below', async (name, typed, value) => {
    const shown = formatSetting(value);
    const unset = parseSetting(name, PARAMETERS.find((parameter) => parameter.name === name)?.default);
    const set = (wanted: SettingValue): GuildView => ({ ...NOTHING_SET, set: new Map([[name, { value: wanted, ...BY }]]) });

    expect(parseSetting(name, typed)).toEqual(value);
    expect(parseSettingPairs(`${name}=${shown}`)).toEqual({ [name]: value });
    expect((await resolveInTerminal([`--${name.replaceAll('_', '-')}=${typed}`]))[name]).toEqual(value);
    expect(resolveSettings({ setText: `${name}=${typed}` })[name], 'said, over what the group has set').toEqual(value);
    expect(resolveSettings({}, set(value))[name], 'set by the group').toEqual(value);
    expect(resolveSettings({ setText: `${name}=${typed}` }, set(unset))[name], 'said, over what the group has set').toEqual(value);
    expect(resolveSettings({ setText: `${name}=${formatSetting(unset)}` }, set(value))[name]).toEqual(unset);
    expect(resolveSettings({})[name], 'neither said nor set').toEqual(unset);
  });
});

const LONG = 4_000;

const custom = (periods: string) => `indicator_mode=custom custom_indicator_periods=${periods}`;

describe('a text that is no list of settings', () => {
  it.each([
    ['no pair', 'x'.repeat(LONG), '"xxx', 'is not name=value; write e.g. set: max_position_risk_pct=4'],
    ['half an emoji where it is shortened', `x${'🏖'.repeat(LONG / 2)}`, '"x🏖', 'is not name=value'],
    ['a parameter twice', `min_hold_bars=${'1'.repeat(2_000)} min_hold_bars=${'2'.repeat(2_000)}`, 'as 111', 'keep one'],
    ['a name twice', `${'x'.repeat(2_000)}=1 ${'x'.repeat(2_000)}=2`, 'xxx… is given twice', 'keep one'],
    ['a period with a long name', custom(`${'r'.repeat(LONG)}:7`), 'Unknown indicator period "rrr', 'did you mean '],
    ['a period of standard mode with a long name', `custom_indicator_periods=${'r'.repeat(LONG)}:7`, '"rrr', 'Set indicator_mode=custom'],
    ['a period with a name that every object has', custom('__proto__:7'), 'Unknown indicator period "__proto__"', 'did you mean '],
  ])('is refused with its beginning and what was wanted: %s', async (_, setText, ...words) => {
    const { name, message } = await refusalOf(() => resolveSettings({ setText }));

    expect({ name, message }).toMatchObject({ name: 'Refusal' });
    for (const word of words) expect(message).toContain(word);
    expect(message.length, 'Discord shows it whole').toBeLessThanOrEqual(SHOWN_CHARACTERS);
    expect(message.isWellFormed()).toBe(true);
  });
});
