import { assert, describe, expect, it } from 'vitest';
import { aggregateCandles } from '../../../src/engine/aggregate.ts';
import { candlesFromBars } from '../../../src/engine/candles.ts';
import { computeColumns } from '../../../src/engine/indicators/compute-columns.ts';
import { INDICATOR_NAMES } from '../../../src/engine/indicators/indicator-names.ts';
import { resolvePeriods } from '../../../src/engine/indicators/periods.ts';
import { appendBar, emptyWindow, frameOf, type MarketWindow, restartIndicators } from '../../../src/engine/session/market-window.ts';
import { openWindow } from '../../../src/engine/session/open-window.ts';
import { randomWalk } from '../../support/bars.ts';

const STANDARD = resolvePeriods({ indicator_mode: 'standard', custom_indicator_periods: null });
const SHORT = resolvePeriods({ indicator_mode: 'short_term', custom_indicator_periods: null });
const TIMEFRAMES = ['5m', '15m'] as const;
const BARS = randomWalk({ seed: 4, barCount: 2_600, missing: 0.05 });

const saved = (window: MarketWindow): MarketWindow => JSON.parse(JSON.stringify(window));

describe('the window of a market', () => {
  it('knows every indicator of every timeframe as one pass over all bars does, to the bit, long after it let the first bars go', () => {
    const base = candlesFromBars(BARS);
    const whole = {
      '5m': computeColumns(INDICATOR_NAMES, base, STANDARD),
      '15m': computeColumns(INDICATOR_NAMES, aggregateCandles(base, '5m', '15m'), STANDARD),
    };
    let grown = emptyWindow(TIMEFRAMES);
    let resumed = emptyWindow(TIMEFRAMES);
    let compared = 0;

    BARS.forEach((bar, index) => {
      grown = appendBar(grown, bar, TIMEFRAMES, STANDARD);
      resumed = appendBar(resumed, bar, TIMEFRAMES, STANDARD);
      if (index < 1_300 || index % 131 !== 0) return;
      resumed = saved(resumed);
      compare(grown);
      compare(resumed);
    });

    expect(compared).toBeGreaterThan(6_000);
    expect(frameOf(resumed, '5m').droppedBars).toBeGreaterThan(1_000);

    function compare(window: MarketWindow): void {
      const { columns } = openWindow(window, '5m', STANDARD);
      for (const timeframe of TIMEFRAMES) {
        const { bars, droppedBars } = frameOf(window, timeframe);
        for (const name of INDICATOR_NAMES) {
          for (const back of [0, 1, 2, 502]) {
            const at = bars.length - 1 - back;
            if (at < 0) continue;
            expect(columns.column(name, timeframe)[at], `${name}@${timeframe}[${back}]`).toBe(
              whole[timeframe].get(name)?.[droppedBars + at],
            );
            compared++;
          }
        }
      }
    }
  });

  it('answers of an earlier bar what it did, also once later ones or others in their place were asked', () => {
    let window = emptyWindow(TIMEFRAMES);
    for (const bar of BARS.slice(0, 1_300)) window = appendBar(window, bar, TIMEFRAMES, STANDARD);
    const earlier = window;
    for (const bar of BARS.slice(1_300, 1_400)) window = appendBar(window, bar, TIMEFRAMES, STANDARD);
    const [next, further] = BARS.slice(1_300, 1_302);
    const other = appendBar(earlier, { ...(next ?? assert.fail()), close: further?.close ?? 0 }, TIMEFRAMES, STANDARD);

    for (const asked of [window, other, earlier]) {
      const { columns, candles } = openWindow(asked, '5m', STANDARD);
      const anew = openWindow(saved(asked), '5m', STANDARD);
      expect(candles).toEqual(anew.candles);
      expect(columns.column('rsi', '5m')).toEqual(anew.columns.column('rsi', '5m'));
    }
  });

  it('grows no further once no rule can look back to its first bars', () => {
    const sizes = new Set<number>();
    let window = emptyWindow(TIMEFRAMES);
    BARS.forEach((bar, index) => {
      window = appendBar(window, bar, TIMEFRAMES, STANDARD);
      if (index > 1_400) sizes.add(frameOf(window, '5m').bars.length);
    });

    expect(Math.max(...sizes)).toBeLessThan(1_100);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(503);
  });

  it('aggregates higher bars as a backtest does, also over gaps', () => {
    let window = emptyWindow(TIMEFRAMES);
    for (const bar of BARS) window = appendBar(window, bar, TIMEFRAMES, STANDARD);

    const aggregated = aggregateCandles(candlesFromBars(BARS), '5m', '15m');
    const { bars, droppedBars } = frameOf(window, '15m');
    expect(droppedBars + bars.length).toBe(aggregated.close.length);
    bars.forEach(([openTimeMs, open, high, low, close, volume], index) => {
      const at = droppedBars + index;
      expect([openTimeMs, open, high, low, close, volume]).toEqual([
        aggregated.openTimeMs[at],
        aggregated.open[at],
        aggregated.high[at],
        aggregated.low[at],
        aggregated.close[at],
        aggregated.volume[at],
      ]);
    });
  });

  it('starts the indicators again on the bars it keeps when their periods change', () => {
    let window = emptyWindow(TIMEFRAMES);
    for (const bar of BARS) window = appendBar(window, bar, TIMEFRAMES, STANDARD);
    const kept = frameOf(window, '5m').bars.length;
    window = restartIndicators(window);

    const lastBars = BARS.slice(-kept);
    const whole = computeColumns(['rsi'], candlesFromBars(lastBars), SHORT).get('rsi');
    expect(openWindow(window, '5m', SHORT).columns.column('rsi', '5m')).toEqual(whole);
  });
});
