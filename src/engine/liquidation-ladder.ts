import { TIMEFRAME_MS } from './bar.ts';
import { firstBarFrom } from './candles.ts';
import { barsOf, type CandlesOf, type HeldPosition, heldPositions, liquidationPriceIn } from './held-positions.ts';
import { type LiquidationChance, liquidationChance } from './liquidation-chance.ts';
import { MARGIN_MODEL_NAMES, type MarginModelName } from './margin.ts';
import type { RunResult, Side } from './result.ts';
import { leverageOf } from './settings.ts';
import { sideOf } from './step/fill.ts';

/** How near a variant of a comparison came to liquidation. Times are ms UTC, prices in the quote currency. */
export type LiquidationRung = {
  readonly label: string;
  readonly leverage: number;
  /** The position of the largest notional at its entry; null when there was none. */
  readonly largest: {
    readonly symbol: string;
    readonly side: Side;
    readonly quantity: number;
    readonly entry_time: number;
    readonly entry_price: number;
    /** Null when it can never be liquidated. */
    readonly liquidation_price: number | null;
  } | null;
  /** Positions that every variant held: the next three are about these alone. */
  readonly common_positions: number;
  /** The nearest approach, % of the price; 0 when liquidated, null when none could ever be. */
  readonly nearest_pct: number | null;
  /** The close of the bar of it. */
  readonly nearest_time: number | null;
  /** Bars that came within a fifth of the way from entry to liquidation. */
  readonly near_bars: number;
  /** Of all positions of the variant, those that each model would have liquidated. */
  readonly liquidations: Readonly<Record<MarginModelName, number>>;
  /** When and why the variant ended its trading before its bars did. */
  readonly stopped: { readonly time: number; readonly cause: string } | null;
  /** Of at least one liquidation over the range; null when the range is too short to tell. */
  readonly chance: LiquidationChance | null;
};

export type LabelledRun = { readonly label: string; readonly result: RunResult };

/** All variants happen on the same other markets. */
const SEED = 1;

/** A fifth of the way from entry to liquidation is left. */
const NEAR_SHARE = 0.2;

/**
 * A rung for each variant. Approaches are compared over the positions that all of them held, so that one that was stopped early does not
 * look safe for it; the chance of one that was stopped is that of the variant that held the most.
 */
export function liquidationLadder(variants: readonly LabelledRun[], candlesOf: CandlesOf): readonly LiquidationRung[] {
  const held = variants.map(({ label, result }) => ({
    label,
    result,
    positions: heldPositions(result, candlesOf),
    stopped: stopOf(result),
  }));
  const common = commonKeys(held.map(({ positions }) => positions));
  const fullest = held.reduce((most, next) => (next.positions.length > most.positions.length ? next : most));
  return held.map(({ label, result, positions, stopped }) => {
    const shared = positions.filter((position) => common.has(keyOf(position)));
    const priceIn = liquidationPriceIn(result);
    const scheduled =
      stopped === null ? positions : withRest(positions, fullest.positions).map((own) => ({ ...own, liquidationPrice: priceIn(own) }));
    return {
      label,
      leverage: leverageOf(result.settings),
      largest: largestOf(positions),
      common_positions: shared.length,
      ...approachOf(shared, candlesOf, TIMEFRAME_MS[result.data.timeframe]),
      liquidations: liquidationsByModel(positions, candlesOf),
      stopped,
      chance: liquidationChance({
        positions: scheduled,
        candlesOf,
        firstBarOf: (symbol) => firstBarFrom(candlesOf(symbol), result.data.start),
        barMs: TIMEFRAME_MS[result.data.timeframe],
        seed: SEED,
      }),
    };
  });
}

function keyOf({ symbol, direction, triggerId, entryTimeMs }: HeldPosition): string {
  return `${symbol} ${direction} ${triggerId} ${entryTimeMs}`;
}

function commonKeys(runs: readonly (readonly HeldPosition[])[]): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = runs.map((positions) => new Set(positions.map(keyOf)));
  return new Set([...first].filter((key) => others.every((keys) => keys.has(key))));
}

/** What a stopped variant held, and what it would have held had it gone on. */
function withRest(positions: readonly HeldPosition[], fullest: readonly HeldPosition[]): readonly HeldPosition[] {
  const own = new Set(positions.map(keyOf));
  return [...positions, ...fullest.filter((position) => !own.has(keyOf(position)))];
}

function stopOf({ events }: RunResult): LiquidationRung['stopped'] {
  const halt = events.find(({ kind }) => kind === 'halted');
  return halt === undefined ? null : { time: halt.time, cause: String(halt.cause) };
}

function largestOf(positions: readonly HeldPosition[]): LiquidationRung['largest'] {
  const notional = ({ quantity, entryPrice }: HeldPosition) => quantity * entryPrice;
  const [first, ...others] = positions;
  if (first === undefined) return null;
  const largest = others.reduce((most, next) => (notional(next) > notional(most) ? next : most), first);
  return {
    symbol: largest.symbol,
    side: sideOf(largest.direction),
    quantity: largest.quantity,
    entry_time: largest.entryTimeMs,
    entry_price: largest.entryPrice,
    liquidation_price: largest.liquidationPrice,
  };
}

function approachOf(
  positions: readonly HeldPosition[],
  candlesOf: CandlesOf,
  barMs: number,
): Pick<LiquidationRung, 'nearest_pct' | 'nearest_time' | 'near_bars'> {
  let nearestPct: number | null = null;
  let nearestTime: number | null = null;
  let nearBars = 0;
  for (const position of positions) {
    const { direction, entryPrice, liquidationPrice } = position;
    if (liquidationPrice === null) continue;
    const candles = candlesOf(position.symbol);
    const nearDistance = direction * (entryPrice - liquidationPrice) * NEAR_SHARE;
    for (const { bar, adversePrice, isLiquidated } of barsOf(position, candles)) {
      const distance = isLiquidated ? 0 : direction * (adversePrice - liquidationPrice);
      if (distance <= nearDistance) nearBars++;
      const pct = (distance / adversePrice) * 100;
      if (nearestPct !== null && pct >= nearestPct) continue;
      nearestPct = pct;
      nearestTime = (candles.openTimeMs[bar] as number) + barMs;
    }
  }
  return { nearest_pct: nearestPct, nearest_time: nearestTime, near_bars: nearBars };
}

/** Given the worst price that each position lived through, as the run itself counts them. */
function liquidationsByModel(positions: readonly HeldPosition[], candlesOf: CandlesOf): LiquidationRung['liquidations'] {
  const counts = { venue: 0, flat: 0, half_initial: 0 };
  for (const position of positions) {
    const { direction, liquidationPrices, symbol } = position;
    let worst = Number.POSITIVE_INFINITY;
    for (const { adversePrice } of barsOf(position, candlesOf(symbol))) worst = Math.min(worst, direction * adversePrice);
    MARGIN_MODEL_NAMES.forEach((name, index) => {
      const price = liquidationPrices[index] ?? null;
      if (price !== null && worst <= direction * price) counts[name]++;
    });
  }
  return counts;
}
