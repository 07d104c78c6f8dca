import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARAMETER_NAMES, PARAMETERS } from '../../src/engine/parameters.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { parseSettingPairs } from '../../src/engine/setting-pairs.ts';
import {
  changedSettings,
  DEFAULT_SETTINGS,
  effectiveSettings,
  formatSetting,
  leverageOf,
  parseOverrides,
  parseSetting,
} from '../../src/engine/settings.ts';
import { runRows, still } from '../support/bars.ts';

/** The message of the refusal that the work ends in. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error('Expected a refusal');
}

/** Name, lowest, highest and default as the table of section 6 has them. */
const NUMBERS = [
  ['max_position_risk_pct', 1, 10, 2],
  ['max_symbol_exposure_pct', 10, 100, 25],
  ['max_portfolio_exposure_pct', 50, 500, 80],
  ['max_daily_loss_pct', 1, 20, 3],
  ['max_daily_risk_budget_pct', 5, 30, 10],
  ['max_trades_per_day', 1, 100, 10],
  ['max_triggers_per_symbol_per_day', 1, 20, 5],
  ['min_hold_bars', 0, 10, 4],
  ['trade_cooldown_bars', 0, 5, 2],
  ['min_price_move_pct', 0.01, 2, 0.5],
  ['max_staleness_seconds', 60, 7_200, 1_800],
  ['max_calls_per_hour_per_symbol', 10, 200, 60],
  ['walk_away_profit_target_pct', 5, 100, 25],
  ['walk_away_loss_limit_pct', 1, 50, 10],
  ['volatility_spike_multiplier', 1.1, 10, 2],
  ['volatility_spike_lookback_bars', 5, 200, 20],
  ['drawdown_threshold_pct', 1, 50, 5],
  ['max_reactive_replans_per_day', 0, 20, 3],
  ['min_replan_interval_minutes', 1, 1_440, 60],
  ['initial_cash', 100, 1e9, 10_000],
  ['taker_fee_pct', 0, 2, 0.1],
  ['slippage_pct', 0, 2, 0.02],
] as const;

const CHOICES = [
  ['confidence_override_threshold', ['A', 'B', 'C', null], 'A'],
  ['indicator_mode', ['standard', 'short_term', 'custom'], 'standard'],
  ['walk_away_action', ['flatten', 'manage'], 'flatten'],
  ['margin_model', ['venue', 'flat', 'half_initial'], 'venue'],
  ['after_liquidation', ['stop', 'continue'], 'stop'],
] as const;

const SWITCHES = [
  ['walk_away_enabled', false],
  ['walk_away_resume_next_session', true],
  ['volatility_spike_enabled', false],
  ['drawdown_replan_enabled', false],
  ['support_break_enabled', false],
  ['resistance_break_enabled', false],
] as const;

/** The group of each as the table of section 6 has them, where it is one that walks away or watches the market. */
const GROUPS = {
  walk_away: [
    'walk_away_enabled',
    'walk_away_profit_target_pct',
    'walk_away_loss_limit_pct',
    'walk_away_resume_next_session',
    'walk_away_action',
  ],
  replan: [
    'scheduled_hours',
    'volatility_spike_enabled',
    'volatility_spike_multiplier',
    'volatility_spike_lookback_bars',
    'drawdown_replan_enabled',
    'drawdown_threshold_pct',
    'support_break_enabled',
    'resistance_break_enabled',
    'max_reactive_replans_per_day',
    'min_replan_interval_minutes',
  ],
} as const;

describe('the parameters', () => {
  it.each(NUMBERS)('%s goes from %d to %d and is %d when nobody sets it', (name, min, max, byDefault) => {
    expect(DEFAULT_SETTINGS[name]).toBe(byDefault);
    for (const value of [min, max]) {
      expect(parseSetting(name, value)).toBe(value);
      expect(parseSetting(name, String(value))).toBe(value);
    }
    for (const value of [min - 0.001, max + 0.001, -max]) {
      expect(
        refusalOf(() => parseSetting(name, value)),
        `${value}`,
      ).toContain(name);
      expect(
        refusalOf(() => parseSetting(name, String(value))),
        `"${value}"`,
      ).toContain(name);
    }
  });

  it.each(CHOICES)('%s takes %j and is %j when nobody sets it', (name, choices, byDefault) => {
    expect(DEFAULT_SETTINGS[name]).toBe(byDefault);
    for (const value of choices) {
      expect(parseSetting(name, value)).toBe(value);
      expect(parseSetting(name, String(value))).toBe(value);
    }
    for (const value of ['a', 'D', '', 0, 1, true, undefined, [], 'nothing']) {
      expect(
        refusalOf(() => parseSetting(name, value)),
        `${String(value)}`,
      ).toContain(name);
    }
  });

  it.each(SWITCHES)('%s is on or off and %j when nobody sets it', (name, byDefault) => {
    expect(DEFAULT_SETTINGS[name]).toBe(byDefault);
    for (const [typed, value] of [
      [true, true],
      ['true', true],
      ['on', true],
      [false, false],
      ['false', false],
      ['off', false],
    ] as const) {
      expect(parseSetting(name, typed)).toBe(value);
    }
    for (const value of ['', 'maybe', 'null', null, 0, 1, '0', '1', undefined, []]) {
      expect(
        refusalOf(() => parseSetting(name, value)),
        JSON.stringify(value),
      ).toContain(name);
    }
  });

  it.each(Object.entries(GROUPS))('of the group %s are these', (group, names) => {
    expect(PARAMETERS.filter((parameter) => parameter.group === group).map(({ name }) => name)).toEqual(names);
  });

  it('are these, the hours and the periods, each with a meaning and what it is counted in', () => {
    const named = [...NUMBERS, ...CHOICES, ...SWITCHES].map(([name]) => name);
    const expected = [...named, 'scheduled_hours', 'custom_indicator_periods'];

    expect([...PARAMETER_NAMES].sort()).toEqual([...expected].sort());
    for (const parameter of PARAMETERS) {
      expect(parameter.meaning.length, parameter.name).toBeGreaterThan(10);
      if (parameter.kind !== 'choice' && parameter.kind !== 'switch') expect(parameter.unit.length, parameter.name).toBeGreaterThan(0);
    }
  });
});

describe('0, null and not set', () => {
  it('are three different things', () => {
    expect(effectiveSettings({ min_hold_bars: 0 }).min_hold_bars).toBe(0);
    expect(effectiveSettings({}).min_hold_bars).toBe(4);
    expect(effectiveSettings({ confidence_override_threshold: null }).confidence_override_threshold).toBeNull();
    expect(effectiveSettings({}).confidence_override_threshold).toBe('A');
    expect(refusalOf(() => parseSetting('min_hold_bars', null))).toContain('min_hold_bars');
    expect(refusalOf(() => parseSetting('min_hold_bars', 'null'))).toContain('min_hold_bars');
    expect(refusalOf(() => parseSetting('confidence_override_threshold', 0))).toContain('confidence_override_threshold');
    expect(
      refusalOf(() => parseSetting('margin_model', null)),
      'a choice without none',
    ).toContain('margin_model');
  });

  it('are read from text and from JSON alike', () => {
    expect(parseSettingPairs('min_hold_bars=0 confidence_override_threshold=null taker_fee_pct=0')).toEqual({
      min_hold_bars: 0,
      confidence_override_threshold: null,
      taker_fee_pct: 0,
    });
    expect(parseOverrides({ min_hold_bars: 0, confidence_override_threshold: null, taker_fee_pct: 0 })).toEqual({
      min_hold_bars: 0,
      confidence_override_threshold: null,
      taker_fee_pct: 0,
    });
    expect(parseOverrides({})).toEqual({});
  });

  it('are never a negative zero', () => {
    expect(Object.is(parseSetting('min_hold_bars', -0), 0)).toBe(true);
    expect(Object.is(parseSetting('slippage_pct', '-0'), 0)).toBe(true);
  });
});

describe('a value', () => {
  it('out of range is refused with the value, the range and what to type, never clamped', () => {
    const message = refusalOf(() => parseSetting('max_position_risk_pct', '40'));

    expect(message).toContain('40');
    expect(message).toMatch(/1 to 10/);
    expect(message).toContain('max_position_risk_pct=10');
    expect(refusalOf(() => parseSetting('max_position_risk_pct', 0.5))).toContain('max_position_risk_pct=1');
  });

  it('of another type is refused', () => {
    for (const value of ['', ' ', 'four', '4%', '0x4', '1e999', 'NaN', 'Infinity', true, null, undefined, [4], { value: 4 }, Number.NaN]) {
      expect(
        refusalOf(() => parseSetting('max_position_risk_pct', value)),
        String(value),
      ).toContain('max_position_risk_pct');
    }
  });

  it('between the steps of its slider is taken, a broken one of a whole parameter is not', () => {
    expect(parseSetting('max_position_risk_pct', '2.37')).toBe(2.37);
    expect(refusalOf(() => parseSetting('min_hold_bars', '1.5'))).toMatch(/whole number/);
    expect(refusalOf(() => parseSetting('max_trades_per_day', 2.5))).toMatch(/whole number/);
  });

  it('under an unknown name is refused with the nearest one', () => {
    for (const work of [
      () => parseSetting('max_positon_risk_pct', 2),
      () => parseOverrides({ max_positon_risk_pct: 2 }),
      () => parseSettingPairs('max_positon_risk_pct=2'),
    ]) {
      const message = refusalOf(work);
      expect(message).toContain('max_positon_risk_pct');
      expect(message).toContain('the nearest is max_position_risk_pct');
    }
  });

  it('under a name that every object has is as unknown as any other', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'valueOf', 'hasOwnProperty']) {
      expect(
        refusalOf(() => parseSetting(name, 1)),
        name,
      ).toMatch(/no parameter/);
      expect(
        refusalOf(() => parseSettingPairs(`${name}=1`)),
        name,
      ).toMatch(/no parameter/);
    }
  });
});

describe('pairs as typed', () => {
  it('are separated by spaces, lines or semicolons, commas only inside a value', () => {
    expect(
      parseSettingPairs('  max_position_risk_pct=4;min_hold_bars=1\nindicator_mode=custom custom_indicator_periods=rsi:7,atr:10 '),
    ).toEqual({
      max_position_risk_pct: 4,
      min_hold_bars: 1,
      indicator_mode: 'custom',
      custom_indicator_periods: { rsi: 7, atr: 10 },
    });
    expect(parseSettingPairs('')).toEqual({});
  });

  it('that are no pairs, or name a parameter twice, are refused', () => {
    expect(refusalOf(() => parseSettingPairs('max_position_risk_pct 4'))).toContain('max_position_risk_pct');
    expect(refusalOf(() => parseSettingPairs('=4'))).toContain('=4');
    expect(refusalOf(() => parseSettingPairs('min_hold_bars=1 min_hold_bars=2'))).toMatch(/min_hold_bars.*twice/);
    expect(refusalOf(() => parseSettingPairs('min_hold_bars=1,trade_cooldown_bars=2'))).toContain('min_hold_bars');
  });
});

describe('custom periods', () => {
  it('are read as text and as JSON, and null is not set', () => {
    expect(parseSetting('custom_indicator_periods', 'rsi:7,atr:10')).toEqual({ rsi: 7, atr: 10 });
    expect(parseSetting('custom_indicator_periods', { rsi: 7, atr: 10 })).toEqual({ rsi: 7, atr: 10 });
    expect(parseSetting('custom_indicator_periods', null)).toBeNull();
    expect(parseSetting('custom_indicator_periods', 'null')).toBeNull();
  });

  it('out of 1–500, broken, given twice or without a name are refused', () => {
    for (const value of [
      'rsi:0',
      'rsi:501',
      'rsi:7.5',
      'rsi:-7',
      'rsi',
      'rsi:',
      ':7',
      'rsi:7:8',
      'rsi:7,rsi:8',
      '',
      {},
      [],
      7,
      { rsi: '7a' },
      { rsi: null },
    ]) {
      expect(
        refusalOf(() => parseSetting('custom_indicator_periods', value)),
        JSON.stringify(value),
      ).toContain('custom_indicator_periods');
    }
  });

  it('are refused without the custom mode', () => {
    expect(refusalOf(() => effectiveSettings({ custom_indicator_periods: { rsi: 7 } }))).toMatch(/indicator_mode=custom/);
    expect(refusalOf(() => effectiveSettings({ custom_indicator_periods: { rsi: 7 }, indicator_mode: 'short_term' }))).toMatch(
      /short_term/,
    );
    expect(effectiveSettings({ custom_indicator_periods: { rsi: 7 } }, { indicator_mode: 'custom' })).toMatchObject({
      indicator_mode: 'custom',
      custom_indicator_periods: { rsi: 7 },
    });
    expect(effectiveSettings({ indicator_mode: 'custom' })).toMatchObject({ custom_indicator_periods: null });
  });

  it('of an unknown indicator, of RSI below 2 and with macd_fast above macd_slow never reach a run', () => {
    const run = (custom_indicator_periods: Readonly<Record<string, number>>) => () =>
      runRows([still(100)], { settings: { indicator_mode: 'custom', custom_indicator_periods } });

    expect(refusalOf(run({ rsy: 7 }))).toMatch(/rsi/);
    expect(refusalOf(run({ rsi: 1 }))).toMatch(/rsi/);
    expect(refusalOf(run({ macd_fast: 26 }))).toMatch(/macd_slow/);
    expect(refusalOf(run({ rsi_14: 14 }))).toMatch(/rsi/);
  });
});

describe('the scheduled hours', () => {
  it('are 0, 8 and 16 when nobody sets them; null is never, and 0 is midnight', () => {
    expect(DEFAULT_SETTINGS.scheduled_hours).toEqual([0, 8, 16]);
    for (const never of [null, 'null', 'none', []]) expect(parseSetting('scheduled_hours', never), JSON.stringify(never)).toEqual([]);
    for (const midnight of [0, '0', [0], ['0']]) expect(parseSetting('scheduled_hours', midnight), JSON.stringify(midnight)).toEqual([0]);
    expect(changedSettings(effectiveSettings({ scheduled_hours: [] }))).toEqual([['scheduled_hours', []]]);
    expect(changedSettings(effectiveSettings({ scheduled_hours: [0, 8, 16] }))).toEqual([]);
  });

  it('are read as text and as JSON, in the order of the day', () => {
    expect(parseSetting('scheduled_hours', '16, 0,8')).toEqual([0, 8, 16]);
    expect(parseSetting('scheduled_hours', [23, 1])).toEqual([1, 23]);
    expect(parseSettingPairs('scheduled_hours=12,3')).toEqual({ scheduled_hours: [3, 12] });
  });

  it('outside the day, broken or given twice are refused', () => {
    for (const value of ['24', '-1', '1.5', '', ',', '8,', '8,8', 'noon', [8, 8], [24], [null], [1.5], {}, true, undefined]) {
      expect(
        refusalOf(() => parseSetting('scheduled_hours', value)),
        JSON.stringify(value),
      ).toContain('scheduled_hours');
    }
  });
});

describe('settings', () => {
  it('take the later layer value by value', () => {
    expect(effectiveSettings({ min_hold_bars: 1, taker_fee_pct: 0 }, { min_hold_bars: 0 })).toEqual({
      ...DEFAULT_SETTINGS,
      min_hold_bars: 0,
      taker_fee_pct: 0,
    });
    expect(effectiveSettings()).toEqual(DEFAULT_SETTINGS);
  });

  it('tell which of them differ from the defaults, in the order of the registry', () => {
    expect(changedSettings(DEFAULT_SETTINGS)).toEqual([]);
    expect(
      changedSettings(
        effectiveSettings({ taker_fee_pct: 0, confidence_override_threshold: null, min_hold_bars: 4, max_position_risk_pct: 4 }),
      ),
    ).toEqual([
      ['max_position_risk_pct', 4],
      ['confidence_override_threshold', null],
      ['taker_fee_pct', 0],
    ]);
    expect(changedSettings(effectiveSettings({ indicator_mode: 'custom', custom_indicator_periods: { rsi: 7 } }))).toEqual([
      ['indicator_mode', 'custom'],
      ['custom_indicator_periods', { rsi: 7 }],
    ]);
  });

  it('mean a leverage of the gross limit by 100, never below 1', () => {
    const leverages = [50, 80, 100, 150, 500].map((pct) => leverageOf(effectiveSettings({ max_portfolio_exposure_pct: pct })));

    expect(leverages).toEqual([1, 1, 1, 1.5, 5]);
  });

  it('survive being written and read again, whatever they are', () => {
    let written = 0;
    const value = (parameter: (typeof PARAMETERS)[number]): fc.Arbitrary<unknown> => {
      switch (parameter.kind) {
        case 'number':
          return fc.double({ min: parameter.min, max: parameter.max, noNaN: true });
        case 'integer':
          return fc.integer({ min: parameter.min, max: parameter.max });
        case 'choice':
          return fc.constantFrom(...parameter.choices, ...(parameter.nullable ? [null] : []));
        case 'periods':
          return fc.constantFrom(null, { rsi: 7 }, { sma_short: 3, atr: 500, macd_fast: 1 });
        case 'switch':
          return fc.boolean();
        case 'hours':
          return fc.uniqueArray(fc.integer({ min: 0, max: 23 })).map((hours) => hours.sort((one, other) => one - other));
      }
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...PARAMETERS).chain((parameter) => fc.tuple(fc.constant(parameter.name), value(parameter))),
        ([name, seen]) => {
          const parsed = parseSetting(name, seen);
          expect(parseSetting(name, formatSetting(parsed))).toEqual(parsed);
          expect(parseSettingPairs(`${name}=${formatSetting(parsed)}`)).toEqual({ [name]: parsed });
          written++;
        },
      ),
      { seed: 3, numRuns: 300 },
    );
    expect(written).toBe(300);
  });
});

describe('periods of a group', () => {
  const group = { indicator_mode: 'custom', custom_indicator_periods: { rsi: 9 } } as const;

  it('are left behind by a preset that chooses another mode', () => {
    expect(effectiveSettings(group, { indicator_mode: 'short_term' })).toMatchObject({
      indicator_mode: 'short_term',
      custom_indicator_periods: null,
    });
  });

  it('stay under a preset that says nothing of the mode, and are refused where one layer names both', () => {
    expect(effectiveSettings(group, { min_hold_bars: 1 })).toMatchObject(group);
    expect(() => effectiveSettings(group, { indicator_mode: 'standard', custom_indicator_periods: { rsi: 9 } })).toThrow(/custom/);
  });
});
