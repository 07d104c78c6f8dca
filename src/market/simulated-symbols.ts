import { createRandom, hashText } from './random.ts';

/** What is particular to a symbol in the simulated market. */
export type SymbolProfile = {
  /** Names the symbol's own movements; one base against any dollar is one market. */
  readonly name: string;
  /** Price on the first simulated day, around which it wanders; quote currency. */
  readonly startPrice: number;
  /** How strongly it follows the whole market. */
  readonly beta: number;
  /** Deviation of what it does on its own; a year's log return. */
  readonly ownYearlyDeviation: number;
  /** Traded on a usual day; quote currency. */
  readonly dailyTurnover: number;
};

const KNOWN: Readonly<Record<string, Omit<SymbolProfile, 'name'>>> = {
  BTC: { startPrice: 60_000, beta: 1, ownYearlyDeviation: 0.16, dailyTurnover: 9e9 },
  ETH: { startPrice: 3_000, beta: 1.25, ownYearlyDeviation: 0.32, dailyTurnover: 6e9 },
  SOL: { startPrice: 150, beta: 1.35, ownYearlyDeviation: 0.45, dailyTurnover: 2e9 },
  XRP: { startPrice: 1.5, beta: 1.15, ownYearlyDeviation: 0.5, dailyTurnover: 1.2e9 },
  BNB: { startPrice: 600, beta: 0.95, ownYearlyDeviation: 0.3, dailyTurnover: 6e8 },
  DOGE: { startPrice: 0.15, beta: 1.35, ownYearlyDeviation: 0.5, dailyTurnover: 8e8 },
  ADA: { startPrice: 0.6, beta: 1.3, ownYearlyDeviation: 0.45, dailyTurnover: 4e8 },
  AVAX: { startPrice: 28, beta: 1.4, ownYearlyDeviation: 0.5, dailyTurnover: 3e8 },
  LINK: { startPrice: 16, beta: 1.3, ownYearlyDeviation: 0.5, dailyTurnover: 3e8 },
  LTC: { startPrice: 90, beta: 1.05, ownYearlyDeviation: 0.4, dailyTurnover: 2.5e8 },
};

const DOLLARS = ['USD', 'USDC', 'USDT'];

export function profileOf(symbol: string): SymbolProfile {
  const [base = symbol, quote = ''] = symbol.split('-');
  const name = DOLLARS.includes(quote) ? base : symbol;
  return { name, ...(KNOWN[name] ?? inventProfile(name)) };
}

/** Any other name gets a price from 0.1 to 1000 and the temper of a smaller coin, always the same ones. */
function inventProfile(name: string): Omit<SymbolProfile, 'name'> {
  const random = createRandom(hashText(name));
  return {
    startPrice: 0.1 * Math.exp(Math.log(10_000) * random.uniform()),
    beta: 0.9 + 0.6 * random.uniform(),
    ownYearlyDeviation: 0.4 + 0.25 * random.uniform(),
    dailyTurnover: 5e7 * Math.exp(2 * random.uniform()),
  };
}
