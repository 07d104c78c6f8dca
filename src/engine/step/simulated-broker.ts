import type { ExitReason } from '../result.ts';
import type { Settings } from '../settings.ts';
import type { Direction, Order, Position } from '../state.ts';

/**
 * A fill as a broker reports it. Prices in the quote currency, quantity in the base currency; a fee is a cost when
 * positive.
 */
export type Execution = {
  readonly price: number;
  /** The price before slippage. */
  readonly seenPrice: number;
  readonly quantity: number;
  readonly fee: number;
  /** The most adverse price that a closed position lived through since the last close. */
  readonly worstPrice: number;
  readonly timeMs: number;
};

/** What one bar does to a position on its way: which level it reaches first, at which price, at its open or inside it. */
export type ReachedLevel = {
  readonly reason: 'stop' | 'target' | 'liquidation';
  readonly seenPrice: number;
  readonly isAtOpen: boolean;
  readonly worstPrice: number;
};

/** The prices at which a position ends by itself. */
export type Levels = Pick<Position, 'direction' | 'stop' | 'target' | 'liquidationPrice'>;

type Costs = Pick<Settings, 'slippage_pct' | 'taker_fee_pct'>;

/** The side that an order opens at an open; null when it only closes. */
export function executeOpening(order: Order, openPrice: number, timeMs: number, costs: Costs): Execution | null {
  return order.kind === 'exit' ? null : execute(openPrice, order.direction, order.quantity, { worstPrice: openPrice, timeMs }, costs);
}

/** Closes a whole position at a price seen. */
export function executeClosing(
  { direction, quantity }: Position,
  seenPrice: number,
  when: { readonly worstPrice: number; readonly timeMs: number },
  costs: Costs,
): Execution {
  return execute(seenPrice, direction === 1 ? -1 : 1, quantity, when, costs);
}

/** The position's margin is gone, no more: no exit fee, no slippage, the exit price is the bankruptcy price. */
export function executeLiquidation({ bankruptcyPrice, quantity }: Position, worstPrice: number, timeMs: number): Execution {
  return { price: bankruptcyPrice, seenPrice: bankruptcyPrice, quantity, fee: 0, worstPrice, timeMs };
}

/** Every fill but a liquidation is worse than the price seen by the slippage, buys above it, sells below, and pays the taker fee. */
function execute(
  seenPrice: number,
  trade: Direction,
  quantity: number,
  { worstPrice, timeMs }: { readonly worstPrice: number; readonly timeMs: number },
  { slippage_pct, taker_fee_pct }: Costs,
): Execution {
  const price = seenPrice * (1 + (trade * slippage_pct) / 100);
  return { price, seenPrice, quantity, fee: (price * quantity * taker_fee_pct) / 100, worstPrice, timeMs };
}

/** Whether a bar opens at or beyond the liquidation price. */
export function isLiquidatedAtOpen({ direction, liquidationPrice }: Pick<Levels, 'direction' | 'liquidationPrice'>, open: number): boolean {
  return liquidationPrice !== null && direction * open <= direction * liquidationPrice;
}

/**
 * Which level a bar reaches first; null when it reaches none. With prices mirrored for a short (direction × price) the adverse
 * level nearest to the open is the higher of stop and liquidation; at one price it is the liquidation. A bar that opens beyond
 * stop or target fills at the open; when both lie inside the bar the stop is taken, the worse reading.
 */
export function reachedLevel(position: Levels, open: number, high: number, low: number): ReachedLevel | null {
  const { direction, stop, target, liquidationPrice } = position;
  const adverse = direction === 1 ? low : high;
  const favourable = direction === 1 ? high : low;
  const isStopReached = direction * adverse <= direction * stop;

  if (target !== null && direction * open >= direction * target) {
    return { reason: 'target', seenPrice: open, isAtOpen: true, worstPrice: open };
  }
  if (
    liquidationPrice !== null &&
    direction * adverse <= direction * liquidationPrice &&
    direction * liquidationPrice >= direction * stop
  ) {
    return { reason: 'liquidation', seenPrice: liquidationPrice, isAtOpen: false, worstPrice: isStopReached ? stop : adverse };
  }
  if (isStopReached) {
    const isAtOpen = direction * open <= direction * stop;
    const seenPrice = isAtOpen ? open : stop;
    return { reason: 'stop', seenPrice, isAtOpen, worstPrice: seenPrice };
  }
  if (target !== null && direction * favourable >= direction * target) {
    return { reason: 'target', seenPrice: target, isAtOpen: false, worstPrice: adverse };
  }
  return null;
}

/** Why an order closes a position. */
export function closingReason(order: Order): ExitReason {
  return order.kind === 'exit' ? order.reason : 'reversal';
}
