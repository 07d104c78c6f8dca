import { firstBarFrom } from '../candles.ts';
import { Refusal } from '../refusal.ts';
import type { Order, Position, SymbolState } from '../state.ts';
import { closePosition, liquidationOf, openPosition } from '../step/fill.ts';
import { haltAfterLiquidation } from '../step/halt.ts';
import type { Run } from '../step/run.ts';
import { closingReason, type Execution } from '../step/simulated-broker.ts';
import { QUANTITY_STEPS_PER_UNIT } from '../step/size-entry.ts';
import type { InputOf } from './input.ts';
import { orderId } from './intent.ts';

/** Half a step of the base currency; what is less is rounding. */
const HALF_STEP = 0.5 / QUANTITY_STEPS_PER_UNIT;

/**
 * Enters into the account what a venue filled, in part or whole. A part that closes is a trade of its own; parts that
 * open add up to one position at their mean price. A fill that fits no order and no position is refused: nothing may be guessed.
 */
export function reportFill(run: Run, symbolIndex: number, input: InputOf<'fill'>): void {
  const symbol = run.state.symbols[symbolIndex] as SymbolState;
  const times = run.program.symbols[symbolIndex]?.candles;
  const barNumber = (run.firstBar[symbolIndex] as number) + (times === undefined ? 0 : firstBarFrom(times, input.barOpenMs));
  const order = orderOf(symbol, input);
  const at = { symbolIndex, barNumber };
  if (input.side === 'close') closeReported(run, symbol, order, input, at);
  else openReported(run, symbol, order, input, at);
}

/** The symbol's waiting order, which must be the one that was filled. */
function orderOf({ order }: SymbolState, { symbol, orderId: filled }: InputOf<'fill'>): Order | null {
  if (filled === null) return null;
  const waiting = order === null ? null : orderId(symbol, order);
  if (waiting === filled) return order;
  throw new Refusal(
    `A fill names order ${filled}, but ${waiting === null ? `no order waits for ${symbol}` : `${waiting} is what waits`}; report it with the order it fills`,
  );
}

type At = { readonly symbolIndex: number; readonly barNumber: number };

function closeReported(run: Run, symbol: SymbolState, order: Order | null, input: InputOf<'fill'>, at: At): void {
  const reason = order === null ? input.reason : closingReason(order);
  const { position } = symbol;
  if (reason === null) throw new Refusal('A fill that closes without an order needs its reason: stop, target or liquidation');
  if (position === null || order?.kind === 'entry')
    throw new Refusal(`A fill closes ${input.symbol}, but nothing is open that it could close`);
  const rest = position.quantity - input.quantity;
  if (rest < -HALF_STEP) {
    throw new Refusal(`A fill closes ${input.quantity} of ${input.symbol}, but ${position.quantity} are held; a closing fill never opens`);
  }

  const execution = executionOf(input);
  if (rest < HALF_STEP) {
    closePosition(run, reason, { ...execution, quantity: position.quantity }, at);
    if (order?.kind === 'exit') symbol.order = null;
    else if (order === null) withoutPosition(run, symbol, at.symbolIndex);
  } else {
    const { flatBar } = symbol;
    symbol.position = portionOf(position, input.quantity / position.quantity);
    closePosition(run, reason, execution, at);
    symbol.position = portionOf(position, rest / position.quantity);
    symbol.flatBar = flatBar;
  }
  if (reason === 'liquidation') haltAfterLiquidation(run, input.timeMs);
}

/** A venue closed the position by itself: an exit that still waits has nothing to close, a reversal only opens. */
function withoutPosition({ recorder }: Run, symbol: SymbolState, symbolIndex: number): void {
  const { order } = symbol;
  if (order === null || order.kind === 'entry') return;
  symbol.order = order.kind === 'exit' ? null : { ...order, kind: 'entry' };
  recorder.withdrawn(symbolIndex, order);
  if (symbol.order !== null) recorder.placed(symbolIndex, symbol.order);
}

function openReported(run: Run, symbol: SymbolState, order: Order | null, input: InputOf<'fill'>, at: At): void {
  if (order === null || order.kind === 'exit')
    throw new Refusal(`A fill opens ${input.symbol}, but no order asked for that; name the order`);
  const held = symbol.position;
  if (held !== null && held.direction !== order.direction) {
    throw new Refusal(`A fill opens ${input.symbol} before the position of the other side is closed; report the closing fill first`);
  }
  const rest = order.quantity - input.quantity;
  if (rest < -HALF_STEP) {
    throw new Refusal(`A fill opens ${input.quantity} of ${input.symbol}, but ${order.quantity} are what is left of the order`);
  }
  symbol.order = rest < HALF_STEP ? null : { ...order, quantity: rest };
  openPosition(run, order, executionOf(input), at);
  if (held !== null && symbol.position !== null) symbol.position = together(run, held, symbol.position, at.symbolIndex);
}

function executionOf({ price, seenPrice, quantity, fee, worstPrice, timeMs }: InputOf<'fill'>): Execution {
  return { price, seenPrice, quantity, fee, worstPrice, timeMs };
}

/** A share of a position: everything that is money or quantity in proportion. */
function portionOf(position: Position, share: number): Position {
  return {
    ...position,
    quantity: Math.round(position.quantity * share * QUANTITY_STEPS_PER_UNIT) / QUANTITY_STEPS_PER_UNIT,
    margin: position.margin * share,
    entryFee: position.entryFee * share,
    fundingPaid: position.fundingPaid * share,
  };
}

/** Two fills of one order as one position at their mean price. */
function together(run: Run, first: Position, second: Position, symbolIndex: number): Position {
  const quantity = first.quantity + second.quantity;
  const mean = (one: number, other: number) => (one * first.quantity + other * second.quantity) / quantity;
  const entryPrice = mean(first.entryPrice, second.entryPrice);
  return {
    ...first,
    quantity,
    entryPrice,
    entryOpenPrice: mean(first.entryOpenPrice, second.entryOpenPrice),
    margin: first.margin + second.margin,
    bankruptcyPrice: mean(first.bankruptcyPrice, second.bankruptcyPrice),
    ...liquidationOf(run.program.symbols[symbolIndex], { side: first.direction, entryPrice, quantity }),
    entryFee: first.entryFee + second.entryFee,
    fundingPaid: first.fundingPaid + second.fundingPaid,
    worstPrice: first.direction === 1 ? Math.min(first.worstPrice, second.worstPrice) : Math.max(first.worstPrice, second.worstPrice),
  };
}
