import { DAY_MS } from './bar.ts';
import type { Candles } from './candles.ts';
import type { CandlesOf, HeldPosition } from './held-positions.ts';
import { ENOUGH_DAYS } from './sample.ts';
import { seededRandom } from './seeded-random.ts';
import { isLiquidatedAtOpen, reachedLevel } from './step/simulated-broker.ts';

/** How likely at least one liquidation was over the range of a run; with the interval that the number of resamples leaves open. */
export type LiquidationChance = {
  readonly pct: number;
  readonly level_pct: number;
  readonly low_pct: number;
  readonly high_pct: number;
  readonly resamples: number;
};

type Schedule = {
  /** With the liquidation prices that are asked about. */
  readonly positions: readonly HeldPosition[];
  readonly candlesOf: CandlesOf;
  /** Index of a symbol's first traded bar. */
  readonly firstBarOf: (symbol: string) => number;
  readonly barMs: number;
  readonly seed: number;
};

const LEVEL_PCT = 90;
/** Of the standard normal distribution, for an interval of that level. */
const LEVEL_Z = 1.6449;
const RESAMPLES = { least: 100, most: 500 } as const;
/** Beyond so many bars no further resample is begun, once there are the least. */
const STEPS = 4_000_000;

/**
 * Lets the positions of a run happen at their times on other markets: the run's own bars, drawn in blocks of a day, gaps between bars kept.
 * Each ends at the first level it reaches, or when an order closed it; one that a level had ended may be held as long as any was, which is the
 * worse reading. Null where there are too few days to draw from.
 */
export function liquidationChance(schedule: Schedule): LiquidationChance | null {
  const { positions, candlesOf, firstBarOf, barMs, seed } = schedule;
  const blockBars = Math.max(1, Math.round(DAY_MS / barMs));
  const traded = new Map([...new Set(positions.map(({ symbol }) => symbol))].map((symbol) => [symbol, firstBarOf(symbol)] as const));
  const barsOfSymbol = [...traded].map(([symbol, first]) => candlesOf(symbol).openTimeMs.length - first);
  if (positions.length === 0 || Math.min(...barsOfSymbol) < ENOUGH_DAYS * blockBars) return null;
  const gaps = new Map([...traded].map(([symbol, first]) => [symbol, widestGaps(candlesOf(symbol), first)] as const));
  const exposed = positions.filter((position) => isExposed(position, gaps.get(position.symbol) ?? NO_GAPS));
  if (exposed.length === 0) return estimate(0, 0);

  const longest = Math.max(...exposed.map(({ entryBar, lastBar }) => lastBar - entryBar));
  const random = seededRandom(seed);
  const starts = new Float64Array(Math.ceil((Math.max(...barsOfSymbol) + longest) / blockBars) + 1);
  let resamples = 0;
  let liquidated = 0;
  let steps = 0;
  while (resamples < RESAMPLES.most && (resamples < RESAMPLES.least || steps < STEPS)) {
    for (let block = 0; block < starts.length; block++) starts[block] = random();
    resamples++;
    for (const position of exposed) {
      const { symbol, isEndedByLevel, entryBar, lastBar } = position;
      const first = traded.get(symbol) ?? 0;
      const holdBars = isEndedByLevel ? longest : lastBar - entryBar;
      const lived = liveThrough(position, { candles: candlesOf(symbol), first, starts, blockBars, holdBars });
      steps += lived.bars;
      if (!lived.isLiquidated) continue;
      liquidated++;
      break;
    }
  }
  return estimate(liquidated, resamples);
}

/** The open beside the close before it, where it fell and where it rose the most. */
type Gaps = { readonly down: number; readonly up: number };

const NO_GAPS: Gaps = { down: 1, up: 1 };

function widestGaps({ open, close }: Candles, first: number): Gaps {
  let { down, up } = NO_GAPS;
  for (let bar = first + 1; bar < open.length; bar++) {
    const gap = (open[bar] as number) / (close[bar - 1] as number);
    if (gap < down) down = gap;
    if (gap > up) up = gap;
  }
  return { down, up };
}

/** A stop that stands before the liquidation leaves only gaps that are wide enough to jump from one over the other. */
function isExposed({ direction, stop, liquidationPrice }: HeldPosition, { down, up }: Gaps): boolean {
  if (liquidationPrice === null) return false;
  return direction === 1 ? stop * down <= liquidationPrice : stop * up >= liquidationPrice;
}

type OtherMarket = {
  readonly candles: Candles;
  readonly first: number;
  /** Where each block begins, as a share of the traded bars. */
  readonly starts: Float64Array;
  readonly blockBars: number;
  readonly holdBars: number;
};

type Life = { readonly isLiquidated: boolean; readonly bars: number };

/** Goes from stretch to stretch of bars that follow each other, and within one only looks closer where a level may be reached. */
function liveThrough(position: HeldPosition, { candles, first, starts, blockBars, holdBars }: OtherMarket): Life {
  const count = candles.open.length - first;
  const entry = position.entryBar - first;
  let lastClose = Number.NaN;
  for (let held = 0; held <= holdBars; ) {
    const at = entry + held;
    const block = Math.floor(at / blockBars);
    const index = (Math.floor((starts[block] as number) * count) + (at - block * blockBars)) % count;
    const bar = first + index;
    const bars = Math.min(blockBars - (at % blockBars), count - index, holdBars - held + 1);
    const scale = joinScale(position, candles, { held, lastClose, bar, isFirst: index === 0 });
    const stretch = { bar, bars, scale, held, isLastOpenOnly: position.isClosedAtOpen && held + bars > holdBars };
    const ended = liveThroughStretch(position, candles, stretch);
    if (ended !== null) return ended;
    held += bars;
    lastClose = (candles.close[bar + bars - 1] as number) * scale;
  }
  return { isLiquidated: false, bars: holdBars };
}

type Joint = { readonly held: number; readonly lastClose: number; readonly bar: number; readonly isFirst: boolean };

/** A stretch is joined to the one before by its own first gap; the first bar there is has none. */
function joinScale({ entryPrice }: HeldPosition, { open, close }: Candles, { held, lastClose, bar, isFirst }: Joint): number {
  if (held === 0) return entryPrice / (open[bar] as number);
  return lastClose / ((isFirst ? open[bar] : close[bar - 1]) as number);
}

type Stretch = {
  readonly bar: number;
  readonly bars: number;
  readonly scale: number;
  /** Bars that were lived through before it. */
  readonly held: number;
  /** Whether the position is closed at the open of its last bar. */
  readonly isLastOpenOnly: boolean;
};

/** How the position ended in a stretch; null when it lived on, or when its time was over. */
function liveThroughStretch(position: HeldPosition, candles: Candles, { bar, bars, scale, held, isLastOpenOnly }: Stretch): Life | null {
  const { open, high, low } = candles;
  const { direction, stop, target, liquidationPrice } = position;
  const adverse = (direction * Math.max(direction * stop, direction * (liquidationPrice ?? stop))) / scale;
  const favourable = target === null ? direction * Number.POSITIVE_INFINITY : target / scale;
  for (let ahead = 0; ahead < bars; ahead++) {
    const [highest, lowest] = [high[bar + ahead] as number, low[bar + ahead] as number];
    const isTouched = direction === 1 ? lowest <= adverse || highest >= favourable : highest >= adverse || lowest <= favourable;
    if (!isTouched) continue;
    const opens = (open[bar + ahead] as number) * scale;
    const lived = held + ahead;
    if (lived > 0 && isLiquidatedAtOpen(position, opens)) return { isLiquidated: true, bars: lived };
    if (isLastOpenOnly && ahead === bars - 1) return null;
    const reached = reachedLevel(position, opens, highest * scale, lowest * scale);
    if (reached !== null) return { isLiquidated: reached.reason === 'liquidation', bars: lived };
  }
  return null;
}

/** Wilson's interval, which holds also where nothing or everything happened. */
function estimate(happened: number, resamples: number): LiquidationChance {
  const level = { level_pct: LEVEL_PCT, resamples };
  if (resamples === 0) return { pct: 0, low_pct: 0, high_pct: 0, ...level };
  const share = happened / resamples;
  const z2 = LEVEL_Z * LEVEL_Z;
  const centre = (share + z2 / (2 * resamples)) / (1 + z2 / resamples);
  const half = (LEVEL_Z / (1 + z2 / resamples)) * Math.sqrt((share * (1 - share)) / resamples + z2 / (4 * resamples * resamples));
  return { pct: share * 100, low_pct: Math.max(0, centre - half) * 100, high_pct: Math.min(1, centre + half) * 100, ...level };
}
