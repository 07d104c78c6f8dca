const fullWidth = (text: string) => text.replaceAll(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
const LONG = 4_000;

/** What was typed for which parameter, then what the refusal says: what was seen, what was wanted, what to type instead. */
export type BadSetting = readonly [what: string, name: string, typed: string, seen: string, wanted: string, instead: string];

const RISK = 'max_position_risk_pct';
const PERIODS = 'custom_indicator_periods';
const HOURS = 'scheduled_hours';

export const BAD_SETTINGS: readonly BadSetting[] = [
  // Out of range.
  ['a number above its range', RISK, '40', '"40"', 'a number from 1 to 10 (% of equity)', `${RISK}=10`],
  ['a number a little above its range', RISK, '10.0000001', '"10.0000001"', 'from 1 to 10', `${RISK}=10`],
  ['a number below its range', RISK, '0.99', '"0.99"', 'from 1 to 10', `${RISK}=1`],
  ['a negative number', 'slippage_pct', '-0.1', '"-0.1"', 'from 0 to 2', 'slippage_pct=0'],
  ['0 where the range has none', RISK, '0', '"0"', 'from 1 to 10', `${RISK}=1`],
  ['a price move of 0', 'min_price_move_pct', '0', '"0"', 'from 0.01 to 2', 'min_price_move_pct=0.01'],
  ['a number beyond doubles', 'initial_cash', '1e999', '"1e999"', 'from 100 to 1000000000', 'initial_cash=10000'],
  ['an hour after the day', HOURS, '0,24', '"0,24"', 'whole hours from 0 to 23', `${HOURS}=0,8,16`],
  ['an hour before the day', HOURS, '-1', '"-1"', 'whole hours from 0 to 23', `${HOURS}=0,8,16`],
  ['a period of 0', PERIODS, 'rsi:0', '"rsi:0"', 'periods of 1 to 500 bars', `${PERIODS}=rsi:7,atr:10`],
  ['a period too long', PERIODS, 'rsi:501', '"rsi:501"', 'periods of 1 to 500 bars', `${PERIODS}=rsi:7,atr:10`],

  // Of another type.
  ['a word for a number', RISK, 'much', '"much"', 'a number from 1 to 10', `${RISK}=2`],
  ['a percent sign', RISK, '4%', '"4%"', 'a number from 1 to 10 (% of equity)', `${RISK}=2`],
  ['a decimal comma', RISK, '2,5', '"2,5"', 'a number from 1 to 10', `${RISK}=2`],
  ['a number of another base', RISK, '0x4', '"0x4"', 'a number from 1 to 10', `${RISK}=2`],
  ['NaN', RISK, 'NaN', '"NaN"', 'a number from 1 to 10', `${RISK}=2`],
  ['a broken number of bars', 'min_hold_bars', '1.5', '"1.5"', 'a whole number from 0 to 10 (bars)', 'min_hold_bars=2'],
  ['a switch for a number', 'min_hold_bars', 'true', '"true"', 'a whole number from 0 to 10', 'min_hold_bars=4'],
  ['a number for a switch', 'walk_away_enabled', '1', '"1"', 'true or false', 'walk_away_enabled=true'],
  ['a number for a choice', 'margin_model', '0.5', '"0.5"', 'one of venue, flat, half_initial', 'margin_model='],
  ['a choice misspelt', 'indicator_mode', 'short-term', '"short-term"', 'standard, short_term, custom', 'indicator_mode=short_term'],
  ['a grade in small letters', 'confidence_override_threshold', 'b', '"b"', 'one of A, B, C, null', 'confidence_override_threshold='],
  ['an hour twice', HOURS, '8,8', '"8,8"', 'different whole hours', `${HOURS}=0,8,16`],
  ['a comma too much', HOURS, '0,8,', '"0,8,"', 'with commas between', `${HOURS}=0,8,16`],
  ['a time of day', HOURS, '08:00', '"08:00"', 'whole hours from 0 to 23', `${HOURS}=0,8,16`],
  ['a period without its bars', PERIODS, 'rsi', '"rsi"', 'names with periods', `${PERIODS}=rsi:7,atr:10`],
  ['a period twice', PERIODS, 'rsi:7,rsi:8', '"rsi:7,rsi:8"', 'names with periods', `${PERIODS}=rsi:7,atr:10`],
  ['periods as JSON', PERIODS, '{"rsi":7}', '"{"rsi":7}"', 'names with periods', `${PERIODS}=rsi:7,atr:10`],
  ['a blank', RISK, ' ', '" "', 'a number from 1 to 10', `${RISK}=2`],

  // Null and nothing where neither is a value.
  ['null for a number', 'min_hold_bars', 'null', '"null"', 'a whole number from 0 to 10', 'min_hold_bars=4'],
  ['none for a number', RISK, 'none', '"none"', 'a number from 1 to 10', `${RISK}=2`],
  ['null for a switch', 'walk_away_enabled', 'null', '"null"', 'true or false', 'walk_away_enabled=true'],
  ['null for a choice without it', 'after_liquidation', 'null', '"null"', 'one of stop, continue', 'after_liquidation='],
  ['0 for a grade', 'confidence_override_threshold', '0', '"0"', 'one of A, B, C, null', 'confidence_override_threshold='],
  ['nothing for a number', RISK, '', '""', 'a number from 1 to 10', `${RISK}=2`],
  ['nothing for hours', HOURS, '', '""', 'or null', `${HOURS}=0,8,16`],

  // Unknown names.
  ['a name misspelt', 'max_positon_risk_pct', '2', '"max_positon_risk_pct"', 'There is no parameter', `the nearest is ${RISK}`],
  ['a name in capitals', 'MIN_HOLD_BARS', '2', '"MIN_HOLD_BARS"', 'There is no parameter', 'the nearest is min_hold_bars'],
  ['a name with hyphens', 'min-hold-bars', '2', '"min-hold-bars"', 'There is no parameter', 'the nearest is min_hold_bars'],
  ['a name that every object has', '__proto__', '2', '"__proto__"', 'There is no parameter', 'the nearest is '],
  ['a number for a name', '4', '2', '"4"', 'There is no parameter', 'the nearest is '],

  // Unicode.
  ['full-width digits', RISK, fullWidth('4'), '"４"', 'a number from 1 to 10', `${RISK}=2`],
  ['Arabic digits', 'min_hold_bars', '٣', '"٣"', 'a whole number from 0 to 10', 'min_hold_bars=4'],
  ['a minus of typographers', 'slippage_pct', '−1', '"−1"', 'a number from 0 to 2', 'slippage_pct=0.02'],
  ['a letter that looks like A', 'confidence_override_threshold', 'А', '"А"', 'one of A, B, C, null', 'confidence_override_threshold='],
  ['an invisible letter', RISK, '4\u200b', '"4\u200b"', 'a number from 1 to 10', `${RISK}=2`],
  ['an emoji', 'walk_away_action', '🏖️', '"🏖️"', 'one of flatten, manage', 'walk_away_action='],
  [
    'a name of other letters',
    fullWidth('min_hold_bars'),
    '2',
    `"${fullWidth('min_hold_bars')}"`,
    'There is no parameter',
    'the nearest is ',
  ],
  ['an emoji for a name', '🏖️', '2', '"🏖️"', 'There is no parameter', 'the nearest is '],

  // 4,000 characters.
  ['a long word for a number', RISK, 'x'.repeat(LONG), '"xxx', 'a number from 1 to 10', `${RISK}=2`],
  ['a long number', 'min_hold_bars', '9'.repeat(LONG), '"999', 'a whole number from 0 to 10', 'min_hold_bars=4'],
  ['a long word for a choice', 'margin_model', 'flat'.repeat(LONG / 4), '"flatflat', 'one of venue, flat, half_initial', 'margin_model='],
  ['a long word for a switch', 'walk_away_enabled', 'on'.repeat(LONG / 2), '"onon', 'true or false', 'walk_away_enabled=true'],
  ['two thousand hours', HOURS, '1,'.repeat(LONG / 2), '"1,1,', 'different whole hours', `${HOURS}=0,8,16`],
  ['a thousand periods', PERIODS, 'rsi:7,'.repeat(LONG / 6), '"rsi:7,rsi:7', 'names with periods', `${PERIODS}=rsi:7,atr:10`],
  ['a long name', 'x'.repeat(LONG), '2', '"xxx', 'There is no parameter', 'the nearest is '],
];
