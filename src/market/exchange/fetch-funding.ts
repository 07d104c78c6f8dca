import { z } from 'zod';
import { HOUR_MS, MINUTE_MS } from '../../engine/bar.ts';
import type { FundingRates } from '../../engine/candles.ts';
import { Refusal } from '../../engine/refusal.ts';
import { spell } from './candle-page.ts';
import type { Exchange, ExchangeMarket } from './exchange.ts';

export type FundingWanted = {
  readonly exchange: Exchange;
  readonly market: ExchangeMarket;
  /** Settlements in [startMs, endMs), as far as they have happened. */
  readonly startMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
};

/** No exchange settles more often than hourly, so a window of so many hours fits into one page of every exchange. */
const WINDOW_RATES = 100;

const settlementsSchema = z.array(z.object({ timestamp: z.number().nullish(), fundingRate: z.number().nullish() }));

type Settlement = { readonly timeMs: number; readonly rate: number };

/**
 * The funding rates of a perpetual, oldest first. Null where there are none to be had: a spot market, an exchange that publishes no
 * history, or one whose history cannot be read back to the start.
 */
export async function fetchFunding(wanted: FundingWanted): Promise<FundingRates | null> {
  const { exchange, market, startMs } = wanted;
  if (market.kind === 'spot' || exchange.readFunding === null) return null;
  const endMs = Math.min(wanted.endMs, exchange.ports.nowMs());
  const settlements: Settlement[] = [];
  for (let fromMs = startMs; fromMs < endMs; ) {
    const toMs = Math.min(endMs, fromMs + WINDOW_RATES * HOUR_MS);
    const inside = await readWindow(wanted, fromMs, toMs);
    if (inside === null) return null;
    settlements.push(...inside);
    fromMs = toMs;
  }
  return {
    timeMs: Float64Array.from(settlements, ({ timeMs }) => timeMs),
    rate: Float64Array.from(settlements, ({ rate }) => rate),
  };
}

/** Null when the exchange sends other times than those asked for and nothing of them. */
async function readWindow({ exchange, market, signal }: FundingWanted, fromMs: number, toMs: number): Promise<Settlement[] | null> {
  const request = { market, sinceMs: fromMs, untilMs: toMs - 1, limit: WINDOW_RATES, signal };
  const sent = settlementsSchema.parse(await exchange.readFunding?.(request));
  const settlements = sent.map((settlement) => readSettlement(settlement, wantedName(exchange, market)));
  const inside = settlements.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs).toSorted((a, b) => a.timeMs - b.timeMs);
  if (inside.length === 0 && settlements.some(({ timeMs }) => timeMs >= toMs)) return null;
  return inside.filter((settlement, index) => {
    const before = inside[index - 1];
    if (before === undefined || before.timeMs !== settlement.timeMs) return true;
    if (before.rate === settlement.rate) return false;
    throw new Refusal(
      `${wantedName(exchange, market)} has two funding rates at ${spell(settlement.timeMs)}: ${before.rate} and ${settlement.rate}. Nothing was kept; try again later, or give a CSV file.`,
    );
  });
}

/** Settlements lie on whole minutes; exchanges stamp them some milliseconds later. */
function readSettlement({ timestamp, fundingRate }: z.infer<typeof settlementsSchema>[number], name: string): Settlement {
  const timeMs = Math.floor((timestamp ?? Number.NaN) / MINUTE_MS) * MINUTE_MS;
  const rate = fundingRate ?? Number.NaN;
  if (Number.isFinite(timeMs) && Math.abs(rate) < 1) return { timeMs, rate };
  throw new Refusal(
    `${name} has a bad funding rate at ${spell(timeMs)}: ${rate}; wanted a time and a fraction below 1. Nothing was kept; try again later, or give a CSV file.`,
  );
}

const wantedName = (exchange: Exchange, market: ExchangeMarket): string => `${exchange.name}'s ${market.symbol}`;
