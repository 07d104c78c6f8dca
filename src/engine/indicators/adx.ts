import { trueRangeFrom } from './atr.ts';
import { columnFor, type Kernel } from './kernel.ts';
import { wilderSmoothing } from './wilder.ts';

export type AdxState = {
  readonly seenBars: number;
  readonly range: number;
  readonly up: number;
  readonly down: number;
  readonly direction: number;
};

/** Wilder's average directional index: the smoothed directional index (DX) of smoothed movement over smoothed range. */
export function adxKernel(lengthBars: number): Kernel<AdxState> {
  const smooth = wilderSmoothing(lengthBars);

  // The first bar counts into the windows as no movement, but a DX takes two bars to compare.
  const firstDirectionBar = Math.max(lengthBars, 2);
  const warmUpBars = firstDirectionBar + lengthBars - 1;

  return {
    warmUpBars: { adx: warmUpBars },
    lookbackBars: 1,
    start: { seenBars: 0, range: 0, up: 0, down: 0, direction: 0 },

    extend(state, { candles: { high, low, close }, from, to }, columns) {
      const strengths = columnFor(columns, 'adx');
      let { seenBars, range, up, down, direction } = state;

      for (let index = from; index < to; index += 1) {
        const top = high[index] as number;
        const bottom = low[index] as number;
        let rise = 0;
        let fall = 0;
        let trueRange = top - bottom;
        if (seenBars > 0) {
          rise = top - (high[index - 1] as number);
          fall = (low[index - 1] as number) - bottom;
          trueRange = trueRangeFrom(close[index - 1] as number, top, bottom);
        }
        seenBars += 1;
        range = smooth(range, trueRange, seenBars);
        up = smooth(up, rise < 0 || rise < fall ? 0 : rise, seenBars);
        down = smooth(down, fall < 0 || fall < rise ? 0 : fall, seenBars);
        if (seenBars >= firstDirectionBar) {
          direction = smooth(direction, directionalIndex(up, down, range), seenBars - firstDirectionBar + 1);
        }
        strengths[index] = seenBars < warmUpBars ? Number.NaN : direction;
      }

      return { seenBars, range, up, down, direction };
    },
  };
}

/** 0 without range or movement; dividing by either would make every later ADX unknown. */
function directionalIndex(up: number, down: number, range: number): number {
  if (range === 0) return 0;
  const plus = up / range;
  const minus = down / range;
  const movement = plus + minus;
  return movement === 0 ? 0 : (Math.abs(plus - minus) / movement) * 100;
}
