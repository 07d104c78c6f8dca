import { createHash } from 'node:crypto';
import { CANDLE_COLUMNS, type Candles, type FundingRates } from './candles.ts';

/** SHA-256 in hex of a JSON value, independent of the order of its keys. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** SHA-256 in hex of a run's input: everything that can change its result. */
export function hashInput(
  description: unknown,
  markets: readonly { readonly symbol: string; readonly candles: Candles; readonly funding: FundingRates | null }[],
): string {
  const hash = createHash('sha256').update(canonicalJson(description));
  for (const { symbol, candles, funding } of markets) {
    hash.update(`\n${symbol}`);
    for (const name of CANDLE_COLUMNS) updateColumn(hash, candles[name]);
    if (funding === null) continue;
    updateColumn(hash, funding.timeMs);
    updateColumn(hash, funding.rate);
  }
  return hash.digest('hex');
}

/** JSON with sorted keys: the same value gives the same bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/** Float64 bytes in the machine's order, which is little-endian wherever Node runs. */
function updateColumn(hash: ReturnType<typeof createHash>, column: Float64Array): void {
  hash.update(`\n${column.length}:`);
  hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}
