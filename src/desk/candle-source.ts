import type { AskedRun, RunSpec } from '../engine/run-spec.ts';
import { findImportedCandles, findImportedFunding } from '../store/imports.ts';
import type { Pool } from '../store/pool.ts';

/**
 * Settles where the bars of a run come from, once, so that a run that is worked on twice is the same run: imported bars
 * when every symbol has some in the base timeframe, else the simulated market.
 */
export async function settleCandleSource(pool: Pool, guildId: string, asked: AskedRun): Promise<RunSpec> {
  if (asked.candleSource.kind !== 'best') return { ...asked, candleSource: asked.candleSource };
  const { seed } = asked.candleSource;
  const candles: Record<string, string> = {};
  const funding: Record<string, string> = {};
  for (const symbol of asked.symbols) {
    const source = await findImportedCandles(pool, { guildId, symbol, timeframe: asked.timeframes[0] });
    if (source === null) return { ...asked, candleSource: { kind: 'simulated', seed } };
    candles[symbol] = source;
    const rates = await findImportedFunding(pool, { guildId, symbol });
    if (rates !== null) funding[symbol] = rates;
  }
  return { ...asked, candleSource: { kind: 'files', candles, funding } };
}
