import { nearestName } from '../nearest-name.ts';
import { Refusal } from '../refusal.ts';
import { shorten } from '../shorten.ts';
import { type FurtherPeriods, SHORT_TERM_FURTHER, STANDARD_FURTHER } from './further-periods.ts';

export const PERIOD_NAMES = [
  'sma_short',
  'sma_medium',
  'sma_long',
  'ema_fast',
  'ema_slow',
  'rsi',
  'atr',
  'macd_fast',
  'macd_slow',
  'macd_signal',
  'bb',
  'donchian',
  'adx',
  'roc',
  'volume_sma',
] as const;

export type PeriodName = (typeof PERIOD_NAMES)[number];

/** Length of every indicator's window; bars. Those of the further indicators belong to the mode alone: nobody customises them. */
export type IndicatorPeriods = Readonly<Record<PeriodName, number>> & { readonly further: FurtherPeriods };

export const INDICATOR_MODES = ['standard', 'short_term', 'custom'] as const;

export type IndicatorMode = (typeof INDICATOR_MODES)[number];

export const PERIOD_BARS = { min: 1, max: 500 } as const;

/** An RSI over one change would only ever be 0 or 100. */
const RSI_MIN_BARS = 2;

const STANDARD: IndicatorPeriods = {
  sma_short: 20,
  sma_medium: 50,
  sma_long: 200,
  ema_fast: 12,
  ema_slow: 26,
  rsi: 14,
  atr: 14,
  macd_fast: 12,
  macd_slow: 26,
  macd_signal: 9,
  bb: 20,
  donchian: 20,
  adx: 14,
  roc: 10,
  volume_sma: 20,
  further: STANDARD_FURTHER,
};

const SHORT_TERM: IndicatorPeriods = {
  sma_short: 8,
  sma_medium: 21,
  sma_long: 50,
  ema_fast: 5,
  ema_slow: 13,
  rsi: 7,
  atr: 7,
  macd_fast: 6,
  macd_slow: 13,
  macd_signal: 5,
  bb: 10,
  donchian: 10,
  adx: 7,
  roc: 5,
  volume_sma: 10,
  further: SHORT_TERM_FURTHER,
};

export type PeriodChoice = {
  readonly indicator_mode: IndicatorMode;
  readonly custom_indicator_periods: Readonly<Record<string, number>> | null;
};

/** The window lengths a choice of mode and custom periods comes to; throws a Refusal when the two do not fit together. */
export function resolvePeriods({ indicator_mode: mode, custom_indicator_periods: custom }: PeriodChoice): IndicatorPeriods {
  const entries = Object.entries(custom ?? {});
  if (mode !== 'custom') {
    if (entries.length > 0) {
      throw new Refusal(
        `custom_indicator_periods "${shorten(entries.map(([name, bars]) => `${name}:${bars}`).join(','))}" needs indicator_mode=custom; ` +
          `seen indicator_mode=${mode}. Set indicator_mode=custom or leave the periods out.`,
      );
    }
    return mode === 'standard' ? STANDARD : SHORT_TERM;
  }

  const periods = { ...STANDARD };
  for (const [name, bars] of entries) periods[parsePeriodName(name)] = checkBars(name, bars);
  if (periods.macd_fast >= periods.macd_slow) {
    throw new Refusal(
      `macd_fast:${periods.macd_fast} must be below macd_slow:${periods.macd_slow}; type a smaller macd_fast or a larger macd_slow.`,
    );
  }
  return periods;
}

function parsePeriodName(text: string): PeriodName {
  const name = PERIOD_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  throw new Refusal(
    `Unknown indicator period "${shorten(text)}"; did you mean ${nearestName(text, PERIOD_NAMES)}? Known: ${PERIOD_NAMES.join(' ')}.`,
  );
}

function checkBars(name: string, bars: number): number {
  const min = name === 'rsi' ? RSI_MIN_BARS : PERIOD_BARS.min;
  if (Number.isInteger(bars) && bars >= min && bars <= PERIOD_BARS.max) return bars;
  throw new Refusal(`Period ${name}:${bars} is out of range; type a whole number of bars from ${min} to ${PERIOD_BARS.max}.`);
}
