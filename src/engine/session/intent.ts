import type { ExitReason } from '../result.ts';
import type { Order, Position } from '../state.ts';

/**
 * What a session wants done at its venue: an order to send, or one to take back. A reversal is one order that closes and
 * opens; its quantity is both. Quantities in the base currency, prices in the quote currency.
 */
export type OrderIntent =
  | {
      readonly kind: 'place';
      readonly id: string;
      readonly symbol: string;
      readonly side: 'buy' | 'sell';
      readonly quantity: number;
      /** It may close and never opens. */
      readonly reduce_only: boolean;
      readonly reason: 'entry' | ExitReason;
      /** Of the position that it opens; null where it only closes. */
      readonly stop: number | null;
      readonly target: number | null;
      /** The close or the command that decided it; ms UTC. */
      readonly decided_at: number;
    }
  | { readonly kind: 'withdraw'; readonly id: string; readonly symbol: string };

/** Names an order for good: a symbol has at most one at a time, and decides one of a kind once. */
export function orderId(symbol: string, { kind, decidedAtMs }: Order): string {
  return `${symbol}:${decidedAtMs}:${kind}`;
}

export function placeIntent(symbol: string, order: Order, position: Position | null): OrderIntent {
  const held = order.kind === 'entry' || position === null ? 0 : position.quantity;
  const opened = order.kind === 'exit' ? 0 : order.quantity;
  const buys = order.kind === 'exit' ? position?.direction === -1 : order.direction === 1;
  return {
    kind: 'place',
    id: orderId(symbol, order),
    symbol,
    side: buys ? 'buy' : 'sell',
    quantity: held + opened,
    reduce_only: order.kind === 'exit',
    reason: order.kind === 'exit' ? order.reason : order.kind,
    stop: order.kind === 'exit' ? null : order.stop,
    target: order.kind === 'exit' ? null : order.target,
    decided_at: order.decidedAtMs,
  };
}
