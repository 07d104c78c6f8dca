import { TIMEFRAME_MS } from './bar.ts';
import { type Candles, firstBarFrom } from './candles.ts';
import { type LiquidationPrice, MARGIN_MODEL_NAMES, marginModel } from './margin.ts';
import type { ExitReason, OpenPosition, RunResult, Trade } from './result.ts';
import { leverageOf } from './settings.ts';
import type { Direction } from './state.ts';
import { isLiquidatedAtOpen, type Levels, reachedLevel } from './step/simulated-broker.ts';

/** A position as a run held it, with the bars that it lived through; indexes are those of its symbol's bars. */
export type HeldPosition = Levels & {
  readonly symbol: string;
  readonly triggerId: string;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly entryTimeMs: number;
  readonly entryBar: number;
  /** The last bar it lived in. */
  readonly lastBar: number;
  /** Whether an order closed it at the open of that bar. */
  readonly isClosedAtOpen: boolean;
  /** Whether stop, target or liquidation ended it before an order did. */
  readonly isEndedByLevel: boolean;
  /** Under each of MARGIN_MODEL_NAMES; null = never or no valid price. */
  readonly liquidationPrices: readonly (number | null)[];
};

export type CandlesOf = (symbol: string) => Candles;

const ENDED_BY_LEVEL: readonly ExitReason[] = ['stop', 'target', 'liquidation'];

/** Every position of a run, oldest first. */
export function heldPositions(result: RunResult, candlesOf: CandlesOf): readonly HeldPosition[] {
  const models = modelsOf(result);
  const held = [
    ...result.trades.map((trade) => hold(result, trade, trade, candlesOf(trade.symbol), models)),
    ...result.open_positions.map((position) => hold(result, position, null, candlesOf(position.symbol), models)),
  ];
  return held.toSorted((one, other) => one.entryTimeMs - other.entryTimeMs);
}

type Models = (symbol: string) => { readonly own: LiquidationPrice; readonly all: readonly LiquidationPrice[] };

/** The liquidation price that the settings of a run give a position; an invalid one counts as its entry, as in the run. */
export function liquidationPriceIn(result: RunResult): (position: HeldPosition) => number | null {
  const models = modelsOf(result);
  return ({ symbol, direction, entryPrice, quantity }) => {
    const price = models(symbol).own({ side: direction, entryPrice, quantity });
    return price !== null && Number.isNaN(price) ? entryPrice : price;
  };
}

function modelsOf({ settings, data }: RunResult): Models {
  const leverage = leverageOf(settings);
  const known = new Map<string, ReturnType<Models>>();
  return (symbol) => {
    const found = known.get(symbol);
    if (found !== undefined) return found;
    const priceUnder = (name: (typeof MARGIN_MODEL_NAMES)[number]) => marginModel(name, data.exchange, symbol, leverage).liquidationPrice;
    const made = { own: priceUnder(settings.margin_model), all: MARGIN_MODEL_NAMES.map(priceUnder) };
    known.set(symbol, made);
    return made;
  };
}

function hold({ data }: RunResult, opened: Trade | OpenPosition, closed: Trade | null, candles: Candles, models: Models): HeldPosition {
  const { symbol, quantity, entry_price: entryPrice, entry_time: entryTimeMs, stop, target, trigger_id: triggerId } = opened;
  const direction: Direction = opened.side === 'long' ? 1 : -1;
  const { own, all } = models(symbol);
  const entered = { side: direction, entryPrice, quantity };
  const price = own(entered);
  const liquidationPrice = price !== null && Number.isNaN(price) ? entryPrice : price;
  const entryBar = firstBarFrom(candles, entryTimeMs);
  const isEndedByLevel = closed !== null && ENDED_BY_LEVEL.includes(closed.exit_reason);
  const levels = { direction, stop, target, liquidationPrice };
  return {
    ...levels,
    symbol,
    triggerId,
    quantity,
    entryPrice,
    entryTimeMs,
    entryBar,
    lastBar: isEndedByLevel
      ? firstBarReaching(levels, candles, entryBar, firstBarFrom(candles, closed.exit_time - TIMEFRAME_MS[data.timeframe]))
      : closed === null
        ? candles.openTimeMs.length - 1
        : firstBarFrom(candles, closed.exit_time),
    isClosedAtOpen: closed !== null && !isEndedByLevel,
    isEndedByLevel,
    liquidationPrices: all.map((priceUnder) => {
      const under = priceUnder(entered);
      return under === null || Number.isNaN(under) ? null : under;
    }),
  };
}

/** A level reached inside a bar carries its close, one at an open that open: the two are told apart by what the bar reaches. */
function firstBarReaching(levels: Levels, { open, high, low }: Candles, entryBar: number, from: number): number {
  const bar = Math.max(entryBar, from);
  const [opens, highs, lows] = [open[bar] as number, high[bar] as number, low[bar] as number];
  const isHere = (bar > entryBar && isLiquidatedAtOpen(levels, opens)) || reachedLevel(levels, opens, highs, lows) !== null;
  return isHere ? bar : bar + 1;
}

/** What a position saw of a bar: the price most against it while it lived, and whether that ended it by liquidation. */
export type SeenBar = { readonly bar: number; readonly adversePrice: number; readonly isLiquidated: boolean };

/** The bars of a position in their order, each as far as it lived through it. */
export function* barsOf(position: HeldPosition, { open, high, low }: Candles): Generator<SeenBar> {
  const { entryBar, lastBar, isClosedAtOpen, direction } = position;
  for (let bar = entryBar; bar <= lastBar; bar++) {
    const opens = open[bar] as number;
    const isLast = bar === lastBar;
    if (bar > entryBar && isLiquidatedAtOpen(position, opens)) {
      yield { bar, adversePrice: opens, isLiquidated: true };
    } else if (isLast && isClosedAtOpen) {
      yield { bar, adversePrice: opens, isLiquidated: false };
    } else {
      const reached = reachedLevel(position, opens, high[bar] as number, low[bar] as number);
      const adversePrice = reached?.worstPrice ?? ((direction === 1 ? low : high)[bar] as number);
      yield { bar, adversePrice, isLiquidated: reached?.reason === 'liquidation' };
    }
  }
}
