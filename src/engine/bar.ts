import { z } from 'zod';

export const TIMEFRAMES = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;

export const timeframeSchema = z.enum(TIMEFRAMES).describe('Length of a bar: 1m 5m 15m 1h 4h 1d');

export type Timeframe = z.infer<typeof timeframeSchema>;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Length of one bar; milliseconds. */
export const TIMEFRAME_MS: Readonly<Record<Timeframe, number>> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '4h': 4 * HOUR_MS,
  '1d': DAY_MS,
};

/** A symbol as people write it everywhere: BASE-QUOTE, e.g. BTC-USD. */
export const symbolSchema = z
  .string()
  .regex(/^[A-Z0-9]{1,15}-[A-Z0-9]{1,10}$/, 'a symbol is BASE-QUOTE in capitals, e.g. BTC-USD')
  .describe('Market, BASE-QUOTE, e.g. BTC-USD');

/** One closed bar. Prices are in the quote currency, volume in the base currency; the time is that of the open, UTC. */
export type Bar = {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};
