import { z } from 'zod';
import type { Instrument } from '../../engine/instrument.ts';
import { nearestName } from '../../engine/nearest-name.ts';
import { Refusal } from '../../engine/refusal.ts';
import type { ExchangeMarket } from './exchange.ts';

/** What we look at of a market as ccxt lists it. */
const listedMarketSchema = z.object({
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  settle: z.string().nullish(),
  spot: z.boolean().nullish(),
  swap: z.boolean().nullish(),
  linear: z.boolean().nullish(),
  active: z.boolean().nullish(),
});

export type ListedMarket = z.infer<typeof listedMarketSchema>;

/** The markets that can be read; some exchanges list oddities without base or quote. */
export function parseMarkets(listed: readonly unknown[]): ListedMarket[] {
  return listed.flatMap((market) => {
    const parsed = listedMarketSchema.safeParse(market);
    return parsed.success ? [parsed.data] : [];
  });
}

type Wanted = { readonly symbol: string; readonly instrument: Instrument; readonly exchangeName: string };

/**
 * The market meant by BASE-QUOTE, or null. A perpetual is the swap whose bars are in quote and base currency (linear), the one settled
 * in the quote currency first; where there is none, the spot market stands in and the description says so.
 */
export function chooseMarket(markets: readonly ListedMarket[], { symbol, instrument, exchangeName }: Wanted): ExchangeMarket | null {
  const named = markets.filter((market) => nameOf(market) === symbol);
  const best = (candidates: readonly ListedMarket[]) => candidates.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
  const swap = instrument === 'perpetual' ? best(named.filter(isLinearSwap)) : null;
  if (swap !== null) {
    return { symbol, ccxtSymbol: swap.symbol, kind: 'swap', description: `${exchangeName} perpetual ${swap.symbol}${closedText(swap)}` };
  }
  const spot = best(named.filter((market) => market.spot === true));
  if (spot === null) return null;
  const standsIn = instrument === 'perpetual' ? `, standing in for the perpetual that ${exchangeName} does not list` : '';
  return {
    symbol,
    ccxtSymbol: spot.symbol,
    kind: 'spot',
    description: `${exchangeName} spot ${spot.symbol}${closedText(spot)}${standsIn}`,
  };
}

/** Says that there is no such market, and which ones come nearest. */
export function refuseMarket(markets: readonly ListedMarket[], { symbol, instrument, exchangeName }: Wanted): Refusal {
  const [base = symbol] = symbol.split('-');
  const usable = markets.filter((market) => market.spot === true || (instrument === 'perpetual' && isLinearSwap(market)));
  const names = [...new Set(usable.map(nameOf))];
  const ofBase = names.filter((name) => name.startsWith(`${base}-`));
  const nearest = names.length === 0 ? [] : [nearestName(symbol, names)];
  const hint = [...new Set([...nearest, ...ofBase])].slice(0, 5).join(', ');
  const advice = hint === '' ? 'It lists none we can read; name another exchange.' : `The nearest it has: ${hint}.`;
  return new Refusal(`${exchangeName} lists no ${instrument} market ${symbol}. ${advice}`);
}

const nameOf = ({ base, quote }: ListedMarket): string => `${base}-${quote}`.toUpperCase();

const isLinearSwap = ({ swap, linear }: ListedMarket): boolean => swap === true && linear === true;

/** Open markets before closed ones, those settled in their quote currency before others. */
function rank({ active, settle, quote }: ListedMarket): number {
  return (active === false ? 2 : 0) + (settle === quote || settle === undefined || settle === null ? 0 : 1);
}

const closedText = ({ active }: ListedMarket): string => (active === false ? ' (closed for trading)' : '');
