import type { AskedRun, RunSpec } from '../engine/run-spec.ts';
import { findImportedCandles, findImportedFunding } from '../store/imports.ts';
import type { Pool } from '../store/pool.ts';
import type { ExchangeService } from './exchange-service.ts';
import { exchangeSource } from './fetch-missing.ts';

type CandleSource = RunSpec['candleSource'];

export type SourcePorts = { readonly pool: Pool; readonly exchange: ExchangeService; readonly signal: AbortSignal };

/**
 * Settles where the bars of a run come from, once, so that a run that is worked on twice is the same run: imported bars
 * when every symbol has some in the base timeframe, else those of the exchange when it answers, else the simulated market.
 */
export async function settleCandleSource(ports: SourcePorts, guildId: string, asked: AskedRun): Promise<RunSpec> {
  const { candleSource } = asked;
  if (candleSource.kind !== 'best') return { ...asked, candleSource };
  const settled =
    (await importedSource(ports.pool, guildId, asked)) ??
    (await fetchedSource(ports, asked)) ??
    ({ kind: 'simulated', seed: candleSource.seed } as const);
  return { ...asked, candleSource: settled };
}

async function importedSource(pool: Pool, guildId: string, { symbols, timeframes }: AskedRun): Promise<CandleSource | null> {
  const candles: Record<string, string> = {};
  const funding: Record<string, string> = {};
  for (const symbol of symbols) {
    const source = await findImportedCandles(pool, { guildId, symbol, timeframe: timeframes[0] });
    if (source === null) return null;
    candles[symbol] = source;
    const rates = await findImportedFunding(pool, { guildId, symbol });
    if (rates !== null) funding[symbol] = rates;
  }
  return { kind: 'files', candles, funding };
}

async function fetchedSource({ exchange, signal }: SourcePorts, { symbols, instrument }: AskedRun): Promise<CandleSource | null> {
  if (!(await exchange.answers())) return null;
  const opened = await exchange.open();
  const sources: Record<string, string> = {};
  const descriptions: Record<string, string> = {};
  for (const symbol of symbols) {
    const market = await opened.findMarket({ symbol, instrument, signal });
    sources[symbol] = exchangeSource(opened, market);
    descriptions[symbol] = market.description;
  }
  return { kind: 'exchange', sources, descriptions };
}
