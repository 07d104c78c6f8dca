import { Aroon, CCI, CMF, DX, getTypicalPrice, MFI, Period, RSI, SMA, StochasticOscillator, TR, WilliamsR } from 'trading-signals';
import type { LibraryFamily, LibraryPass } from './library-kernel.ts';
import type { IndicatorPeriods } from './periods.ts';

const STOCHASTIC_SMOOTHING_BARS = 3;

/** What is drawn below the price: oscillators, directions, ranges and money flows. */
export const FURTHER_READINGS = {
  stoch: ({ further: { stoch: lengthBars } }) => {
    const warmUpBars = lengthBars + 2 * (STOCHASTIC_SMOOTHING_BARS - 1);
    return { outputs: ['stoch_k', 'stoch_d'], warmUpBars, windowBars: warmUpBars - 1, open: () => openStochastic(lengthBars) };
  },

  stoch_rsi: ({ further: { stoch_rsi: lengthBars } }) => ({
    outputs: ['stoch_rsi_k', 'stoch_rsi_d'],
    warmUpBars: 2 * lengthBars + 2 * (STOCHASTIC_SMOOTHING_BARS - 1),
    windowBars: null,
    open: () => openStochasticRsi(lengthBars),
  }),

  cci: ({ further: { cci: lengthBars } }) => ({
    outputs: ['cci'],
    warmUpBars: lengthBars,
    windowBars: lengthBars - 1,
    open: () => openCci(lengthBars),
  }),

  mfi: ({ further: { mfi: lengthBars } }) => ({
    outputs: ['mfi'],
    warmUpBars: lengthBars + 1,
    windowBars: lengthBars,
    open: () => oneOutput(new MFI(lengthBars)),
  }),

  williams_r: ({ further: { williams_r: lengthBars } }) => ({
    outputs: ['williams_r'],
    warmUpBars: lengthBars,
    windowBars: lengthBars - 1,
    open: () => oneOutput(new WilliamsR(lengthBars)),
  }),

  aroon: ({ further: { aroon: lengthBars } }) => ({
    outputs: ['aroon_up', 'aroon_down'],
    warmUpBars: lengthBars + 1,
    windowBars: lengthBars,
    open: () => {
      const aroon = new Aroon(lengthBars);
      return (bar) => {
        const known = aroon.add(bar);
        return known === null ? null : [known.aroonUp, known.aroonDown];
      };
    },
  }),

  directions: ({ further: { directions: lengthBars } }) => ({
    outputs: ['plus_di', 'minus_di'],
    warmUpBars: lengthBars,
    windowBars: null,
    open: () => openDirections(lengthBars),
  }),

  tr: () => ({ outputs: ['tr'], warmUpBars: 1, windowBars: 1, open: () => oneOutput(new TR()) }),

  cmf: ({ further: { cmf: lengthBars } }) => ({
    outputs: ['cmf'],
    warmUpBars: lengthBars,
    windowBars: lengthBars - 1,
    open: () => oneOutput(new CMF(lengthBars)),
  }),
} satisfies Record<string, (periods: IndicatorPeriods) => LibraryFamily>;

/** An indicator that takes bars and answers null until it is stable. */
function oneOutput(indicator: CMF | MFI | TR | WilliamsR): LibraryPass {
  return (bar) => {
    const value = indicator.add(bar);
    return value === null ? null : [value];
  };
}

function openStochastic(lengthBars: number): LibraryPass {
  const smoothing = { kSlowingPeriod: STOCHASTIC_SMOOTHING_BARS, dPeriod: STOCHASTIC_SMOOTHING_BARS };
  const stochastic = new StochasticOscillator({ kPeriod: lengthBars, ...smoothing });
  return (bar) => {
    const known = stochastic.add(bar);
    return known === null ? null : [known.stochK, known.stochD];
  };
}

/**
 * Put together from the library's parts: its own StochasticRSI leaves an rsi of exactly 0 out of the window and answers
 * 100 on a scale of 0–1 where the window does not move. Here that is 0, as with the stochastic.
 */
function openStochasticRsi(lengthBars: number): LibraryPass {
  const strength = new RSI(lengthBars);
  const window = new Period(lengthBars);
  const slowed = new SMA(STOCHASTIC_SMOOTHING_BARS);
  const signal = new SMA(STOCHASTIC_SMOOTHING_BARS);
  return ({ close }) => {
    const rsi = strength.add(close);
    const range = rsi === null ? null : window.add(rsi);
    if (rsi === null || range === null) return null;
    const width = range.highest - range.lowest;
    const k = slowed.add(width === 0 ? 0 : ((rsi - range.lowest) / width) * 100);
    const d = k === null ? null : signal.add(k);
    return k === null || d === null ? null : [k, d];
  };
}

/** Without any movement in its window a CCI is nothing over nothing: unknown, and not what rounding makes of it. */
function openCci(lengthBars: number): LibraryPass {
  const channel = new CCI(lengthBars);
  let lastPrice = Number.NaN;
  let sameBars = 0;
  return (bar) => {
    const price = getTypicalPrice(bar);
    sameBars = price === lastPrice ? sameBars + 1 : 1;
    lastPrice = price;
    const value = channel.add(bar);
    return value === null || sameBars >= lengthBars ? null : [value];
  };
}

function openDirections(lengthBars: number): LibraryPass {
  const movement = new DX(lengthBars);
  return (bar) => {
    movement.add(bar);
    const { pdi, mdi } = movement;
    return pdi === undefined || mdi === undefined ? null : [pdi * 100, mdi * 100];
  };
}
