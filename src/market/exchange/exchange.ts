import type { Timeframe } from '../../engine/bar.ts';
import type { Instrument } from '../../engine/instrument.ts';
import type { ReadPorts } from './read-patiently.ts';

/** A market of an exchange. Only the rooms market and exchange look at `ccxtSymbol`; `symbol` stays what was asked for. */
export type ExchangeMarket = {
  readonly symbol: string;
  readonly ccxtSymbol: string;
  readonly kind: 'swap' | 'spot';
  /** For people: which market it is, and what it stands in for where it is not the one asked for. */
  readonly description: string;
};

/** Where to start and how many at most; the exchange may keep to neither. */
export type PageRequest = {
  readonly market: ExchangeMarket;
  readonly sinceMs: number;
  readonly limit: number;
  readonly signal: AbortSignal;
};

/**
 * The public side of one exchange. Reads wait for the exchange's rate limit, are repeated while it fails, and end in a Refusal that
 * says what it last answered. What they return is as the exchange sent it: unsorted, unchecked.
 */
export type Exchange = {
  readonly id: string;
  readonly name: string;
  readonly ports: ReadPorts;
  /** The timeframes it has bars of. */
  readonly timeframes: readonly Timeframe[];
  /** The most bars it gives at once. */
  readonly pageBars: (market: ExchangeMarket) => number;
  /** Whether it answers a small question in time. Never throws. */
  readonly ping: (timeLimitMs: number) => Promise<boolean>;
  readonly findMarket: (wanted: MarketWanted) => Promise<ExchangeMarket>;
  readonly readCandles: (request: PageRequest & { readonly timeframe: Timeframe }) => Promise<unknown>;
  /** Null where the exchange publishes no funding history of the market. */
  readonly readFunding: ((request: PageRequest & { readonly untilMs: number | null }) => Promise<unknown>) | null;
  /** Ends what is under way; every later read fails. */
  readonly close: () => void;
};

export type MarketWanted = { readonly symbol: string; readonly instrument: Instrument; readonly signal: AbortSignal };
