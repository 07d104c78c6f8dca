/** Where the columns of the table come from: kernels of our own, or trading-signals, which they are held to. */
export const INDICATOR_SOURCES = ['kernels', 'reference'] as const;

export type IndicatorSource = (typeof INDICATOR_SOURCES)[number];
