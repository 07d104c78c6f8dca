import { createHash } from 'node:crypto';
import { CANDLE_COLUMNS, type Candles, type FundingRates } from './candles.ts';

/** SHA-256 in hex of a JSON value, independent of the order of its keys. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** SHA-256 in hex of the plans that a run followed, in their order, from the hash of each. */
export function hashPlans(plans: readonly { readonly hash: string }[]): string {
  return hashJson(plans.map(({ hash }) => hash));
}

/** SHA-256 in hex of the bars and funding rates of a run, bit by bit. */
export function hashMarkets(
  markets: readonly { readonly symbol: string; readonly candles: Candles; readonly funding: FundingRates | null }[],
): string {
  const hash = createHash('sha256');
  for (const { symbol, candles, funding } of markets) {
    hash.update(`\n${symbol}`);
    for (const name of CANDLE_COLUMNS) updateColumn(hash, candles[name]);
    if (funding === null) continue;
    updateColumn(hash, funding.timeMs);
    updateColumn(hash, funding.rate);
  }
  return hash.digest('hex');
}

/**
 * SHA-256 in hex of what came out of a run: its JSON, and its long columns bit by bit. The engine makes every object of an outcome with
 * its keys in one order, so that they need not be sorted, which would cost more than the run.
 */
export function hashOutcome(outcome: unknown, columns: readonly Float64Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify(outcome));
  for (const column of columns) updateColumn(hash, column);
  return hash.digest('hex');
}

/** JSON with sorted keys: the same value gives the same bytes. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Float64 bytes in the machine's order, which is little-endian wherever Node runs. */
function updateColumn(hash: ReturnType<typeof createHash>, column: Float64Array): void {
  hash.update(`\n${column.length}:`);
  hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}
