import { describe, expect, it } from 'vitest';
import { resolvePeriods } from '../../../src/engine/indicators/periods.ts';
import { Refusal } from '../../../src/engine/refusal.ts';

const custom = (periods: Record<string, number>) => () => resolvePeriods({ indicator_mode: 'custom', custom_indicator_periods: periods });

describe('periods', () => {
  it('follow the table of their mode', () => {
    const shown = ({ indicator_mode }: { indicator_mode: 'standard' | 'short_term' }) => {
      const { further, ...table } = resolvePeriods({ indicator_mode, custom_indicator_periods: null });
      return [table, further].map((periods) =>
        Object.entries(periods)
          .map(([name, bars]) => `${name}:${bars}`)
          .join(' '),
      );
    };

    expect(shown({ indicator_mode: 'standard' })).toEqual([
      'sma_short:20 sma_medium:50 sma_long:200 ema_fast:12 ema_slow:26 rsi:14 atr:14 macd_fast:12 macd_slow:26 macd_signal:9 bb:20 donchian:20 adx:14 roc:10 volume_sma:20',
      'stoch:14 stoch_rsi:14 cci:20 mfi:14 williams_r:14 aroon:25 directions:14 supertrend:10 keltner_average:20 keltner_range:10 wma:20 hma:20 dema:20 tema:20 vwma:20 cmf:20',
    ]);
    expect(shown({ indicator_mode: 'short_term' })).toEqual([
      'sma_short:8 sma_medium:21 sma_long:50 ema_fast:5 ema_slow:13 rsi:7 atr:7 macd_fast:6 macd_slow:13 macd_signal:5 bb:10 donchian:10 adx:7 roc:5 volume_sma:10',
      'stoch:5 stoch_rsi:7 cci:10 mfi:7 williams_r:7 aroon:14 directions:7 supertrend:7 keltner_average:10 keltner_range:5 wma:10 hma:10 dema:10 tema:10 vwma:10 cmf:10',
    ]);
  });

  it('of custom mode start from standard', () => {
    const standard = resolvePeriods({ indicator_mode: 'standard', custom_indicator_periods: null });

    expect(custom({ rsi: 2, atr: 500, bb: 1 })()).toEqual({ ...standard, rsi: 2, atr: 500, bb: 1 });
    expect(resolvePeriods({ indicator_mode: 'custom', custom_indicator_periods: null })).toEqual(standard);
  });

  it.each([
    [custom({ macd_fst: 3 }), 'Unknown indicator period "macd_fst"; did you mean macd_fast?'],
    [custom({ stoch: 3 }), 'Unknown indicator period "stoch"'],
    [custom({ further: 3 }), 'Unknown indicator period "further"'],
    [custom({ constructor: 3 }), 'Unknown indicator period "constructor"'],
    [custom({ rsi: 1 }), 'Period rsi:1 is out of range; type a whole number of bars from 2 to 500.'],
    [custom({ atr: 0 }), 'Period atr:0 is out of range; type a whole number of bars from 1 to 500.'],
    [custom({ atr: 501 }), 'Period atr:501 is out of range'],
    [custom({ atr: 2.5 }), 'Period atr:2.5 is out of range'],
    [custom({ atr: Number.NaN }), 'Period atr:NaN is out of range'],
    [custom({ macd_fast: 26 }), 'macd_fast:26 must be below macd_slow:26'],
    [
      () => resolvePeriods({ indicator_mode: 'short_term', custom_indicator_periods: { rsi: 7, atr: 10 } }),
      'custom_indicator_periods "rsi:7,atr:10" needs indicator_mode=custom; seen indicator_mode=short_term.',
    ],
  ])('are refused with what to type instead (%#)', (resolve, message) => {
    expect(resolve).toThrow(Refusal);
    expect(resolve).toThrow(message);
  });
});
