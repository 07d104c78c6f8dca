import type { EquityPane } from './equity-pane.ts';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';
import type { PricePane } from './price-pane.ts';

type ValueRange = { readonly min: number; readonly max: number };

/** Time below, price and equity stacked on the right. The caption under the times is the key of all marks. */
export function stackedScales(labels: readonly string[], price: PricePane, equity: EquityPane, priceCaption: string): JsonObject {
  const key = [...(price.key.length === 0 ? ['no trades'] : price.key), ...equity.key];
  return {
    ...timeScales(labels, key),
    // The pane named first stands on top; the gap keeps the outermost labels of two panes apart.
    yPrice: { ...paneAxis(price, 6), stackWeight: 2.1, title: caption(priceCaption, PALETTE.mutedText) },
    yGap: { ...paneAxis({ min: 0, max: 1 }, 1), stackWeight: 0.2, grid: { display: false }, ticks: { display: false } },
    yEquity: { ...paneAxis(equity, 3.5), stackWeight: 1, title: caption('equity', PALETTE.mutedText) },
  };
}

/** Time below the panes, with the key of all marks under it. */
export function timeScales(labels: readonly string[], key: readonly string[]): JsonObject {
  return {
    x: {
      type: 'category',
      offset: true,
      border: { display: false },
      grid: { offset: false, tickLength: 0, color: labels.map((label) => (label === '' ? 'transparent' : PALETTE.grid)) },
      ticks: { ...tickText, autoSkip: false, maxRotation: 0, padding: 8 },
      title: caption(key.join('    '), PALETTE.text),
    },
    // The same stretch by number: index 0 is the middle of the first candle.
    xIndex: { type: 'linear', display: false, offset: false, min: -0.5, max: labels.length - 0.5 },
  };
}

export const tickText = { color: PALETTE.mutedText, font: { size: 26, weight: 500, lineHeight: 1 } } as const;

export function caption(text: string, color: string): JsonObject {
  return { display: true, text, color, font: { size: 25, weight: 500 }, padding: 0 };
}

export function paneAxis({ min, max }: ValueRange, maxSteps: number): JsonObject {
  const maxTicksLimit = tickLimit({ min, max }, maxSteps);
  return {
    position: 'right',
    stack: 'panes',
    min,
    max,
    border: { display: false },
    grid: { color: PALETTE.grid, tickLength: 0 },
    ticks: { ...tickText, padding: 10, format: { notation: 'standard' }, includeBounds: false, autoSkip: false, maxTicksLimit },
  };
}

/**
 * The `maxTicksLimit` with which Chart.js labels an axis at round steps: 1, 2 or 5 times a power of ten, so many steps at most.
 * Its own `stepSize` would count from the axis's end, whatever number stands there; its limit counts one label past both ends.
 */
function tickLimit({ min, max }: ValueRange, maxSteps: number): number {
  const step = roundStep((max - min) / maxSteps);
  return Math.ceil(max / step) - Math.floor(min / step) + 1;
}

function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= atLeast) ?? 10;
  return factor * power;
}
