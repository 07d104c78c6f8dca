/**
 * Maintenance margin as the venues publish it. Rates are fractions of notional, deductions and tier bounds are in the quote currency.
 * Every table says where it comes from; where a venue's table lacks a symbol the rate is assumed and the result says so.
 */
export type MarginTier = { readonly upToNotional: number; readonly rate: number; readonly deduction: number };

export type MarginTable = {
  /** Whether the rate applies to the notional at the mark or to the entry value. */
  readonly form: 'mark' | 'entry';
  /** Close-out fee that the venue adds to the maintenance rate; fraction. */
  readonly closeFee: number;
  /** A rate that grows with the position: base + perUnit × quantity in base currency. */
  readonly byQuantity: Readonly<Record<string, { readonly base: number; readonly perUnit: number }>>;
  readonly tiers: Readonly<Record<string, readonly MarginTier[]>>;
  readonly source: string;
};

/** Maintenance rate where the venue's table has no row for the symbol; fraction. */
export const ASSUMED_RATE = 0.02;

const NO_LIMIT = Number.POSITIVE_INFINITY;

export const MARGIN_TABLES: Readonly<Record<string, MarginTable>> = {
  coinbase: {
    form: 'mark',
    closeFee: 0,
    byQuantity: { BTC: { base: 0.01, perUnit: 0.00005 }, SOL: { base: 0.02, perUnit: 0.000005 } },
    tiers: {},
    source: 'Coinbase global derivatives (Deribit linear): BTC 1 % + 0.005 % per BTC, SOL 2 % + 0.0005 % per SOL; 2026-11',
  },
  binanceusdm: {
    form: 'mark',
    closeFee: 0,
    byQuantity: {},
    tiers: {
      BTC: [
        { upToNotional: 50_000, rate: 0.004, deduction: 0 },
        { upToNotional: 600_000, rate: 0.005, deduction: 50 },
        { upToNotional: 3_000_000, rate: 0.0065, deduction: 950 },
        { upToNotional: 12_000_000, rate: 0.01, deduction: 11_450 },
      ],
    },
    source: 'Binance USDⓈ-M notional tiers of BTCUSDT to 12M; 2024-10',
  },
  bybit: {
    form: 'entry',
    closeFee: 0,
    byQuantity: {},
    tiers: { BTC: [{ upToNotional: NO_LIMIT, rate: 0.005, deduction: 0 }] },
    source: 'Bybit isolated margin on the entry value, first risk limit of BTC 0.5 %; 2026-11',
  },
  okx: {
    form: 'mark',
    closeFee: 0.0005,
    byQuantity: {},
    tiers: { BTC: [{ upToNotional: NO_LIMIT, rate: 0.004, deduction: 0 }] },
    source: 'OKX first tier of BTC 0.4 % plus the taker fee of 0.05 %; 2026-11',
  },
  hyperliquid: {
    form: 'mark',
    closeFee: 0,
    byQuantity: {},
    tiers: {
      BTC: [
        { upToNotional: 150_000_000, rate: 0.0125, deduction: 0 },
        { upToNotional: NO_LIMIT, rate: 0.025, deduction: 1_875_000 },
      ],
    },
    source: 'Hyperliquid: half of the initial margin at the largest leverage, BTC 40× to 150M, 20× above; 2026-11',
  },
};

/** The exchanges whose margin tables are known. */
export const MARGIN_EXCHANGES = Object.keys(MARGIN_TABLES);
