import { DEMA, HMA, KeltnerChannels, PSAR, SuperTrend, TEMA, VWMA, WMA } from 'trading-signals';
import type { FurtherIndicatorName } from './indicator-names.ts';
import type { LibraryFamily, LibraryPass } from './library-kernel.ts';
import type { IndicatorPeriods } from './periods.ts';

const PSAR_STEP = 0.02;
const PSAR_MAX = 0.2;
const SUPERTREND_RANGES = 3;
const KELTNER_RANGES = 2;

/** What is drawn over the price: trailing stops, channels and averages. */
export const FURTHER_LINES = {
  psar: () => ({ outputs: ['psar'], warmUpBars: 2, windowBars: null, open: openPsar }),

  supertrend: ({ further: { supertrend: lengthBars } }) => ({
    outputs: ['supertrend'],
    warmUpBars: lengthBars,
    windowBars: null,
    open: () => {
      const band = new SuperTrend({ interval: lengthBars, multiplier: SUPERTREND_RANGES });
      return (bar) => {
        const known = band.add(bar);
        return known === null ? null : [known.supertrend];
      };
    },
  }),

  keltner: ({ further: { keltner_average: averageBars, keltner_range: rangeBars } }) => ({
    outputs: ['keltner_upper', 'keltner_middle', 'keltner_lower'],
    warmUpBars: Math.max(averageBars, rangeBars),
    windowBars: null,
    open: () => {
      const channels = new KeltnerChannels({ emaInterval: averageBars, atrInterval: rangeBars, multiplier: KELTNER_RANGES });
      return (bar) => {
        const known = channels.add(bar);
        return known === null ? null : [known.upper, known.middle, known.lower];
      };
    },
  }),

  wma: ({ further: { wma: lengthBars } }) => ({
    outputs: ['wma'],
    warmUpBars: lengthBars,
    windowBars: lengthBars - 1,
    open: () => overClose(new WMA(lengthBars)),
  }),

  hma: ({ further: { hma: lengthBars } }) => {
    const warmUpBars = new HMA(lengthBars).getRequiredInputs();
    return { outputs: ['hma'], warmUpBars, windowBars: warmUpBars - 1, open: () => overClose(new HMA(lengthBars)) };
  },

  dema: ({ further: { dema: lengthBars } }) => ({
    outputs: ['dema'],
    warmUpBars: lengthBars,
    windowBars: null,
    open: () => {
      const average = new DEMA(lengthBars);
      // It answers before it is stable.
      return ({ close }) => {
        const value = average.add(close);
        return value !== null && average.isStable ? [value] : null;
      };
    },
  }),

  tema: ({ further: { tema: lengthBars } }) => ({
    outputs: ['tema'],
    warmUpBars: 3 * (lengthBars - 1) + 1,
    windowBars: null,
    open: () => overClose(new TEMA(lengthBars)),
  }),

  vwma: ({ further: { vwma: lengthBars } }) => ({
    outputs: ['vwma'],
    warmUpBars: lengthBars,
    windowBars: lengthBars - 1,
    open: () => {
      const average = new VWMA(lengthBars);
      return (bar) => {
        const value = average.add(bar);
        return value === null ? null : [value];
      };
    },
  }),
} satisfies Record<string, (periods: IndicatorPeriods) => LibraryFamily & { readonly outputs: readonly FurtherIndicatorName[] }>;

function overClose(indicator: HMA | TEMA | WMA): LibraryPass {
  return ({ close }) => {
    const value = indicator.add(close);
    return value === null ? null : [value];
  };
}

/**
 * Where a new rise would start inside its bar, the library steps 0.01 below the low: nothing for BTC, more than the whole
 * price of many a coin. A power of two takes prices there exactly to where that step is lost in rounding, and back.
 */
const PSAR_SCALE = 2 ** 200;

/** Never asked to replace its last bar, it need not copy its whole state in front of each, which takes most of its time. */
class ForwardPsar extends PSAR {
  protected override trackState(): void {}
}

function openPsar(): LibraryPass {
  const stop = new ForwardPsar({ accelerationStep: PSAR_STEP, accelerationMax: PSAR_MAX });
  return ({ high, low }) => {
    const value = stop.add({ high: high * PSAR_SCALE, low: low * PSAR_SCALE });
    return value === null ? null : [value / PSAR_SCALE];
  };
}
