import { HOUR_MS } from '../bar.ts';
import type { LiquidationPrice } from '../margin.ts';
import type { SymbolProgram } from '../program.ts';
import type { ExitReason } from '../result.ts';
import type { Direction, EntryTerms, Position, SymbolState } from '../state.ts';
import type { Run } from './run.ts';
import type { Execution } from './simulated-broker.ts';

/** The base bar, by its number within the symbol's bars, during which something was filled. */
export type AtBar = { readonly symbolIndex: number; readonly barNumber: number };

/** A position begins as the order's terms say, at the price it was filled at. */
export function openPosition(run: Run, terms: EntryTerms, execution: Execution, { symbolIndex, barNumber }: AtBar): void {
  const { program, state, recorder } = run;
  const symbol = state.symbols[symbolIndex] as SymbolState;
  const { direction } = terms;
  const { price, seenPrice, quantity, fee, timeMs } = execution;
  const entered = { side: direction, entryPrice: price, quantity } as const;
  const symbolProgram = program.symbols[symbolIndex];
  const { liquidationPrice, liquidationPrices } = liquidationOf(symbolProgram, entered);

  state.cash -= fee;
  symbol.position = {
    direction,
    quantity,
    entryPrice: price,
    entryOpenPrice: seenPrice,
    entryTimeMs: timeMs,
    entryBar: barNumber,
    origin: terms.origin,
    stop: terms.stop,
    target: terms.target,
    riskPerUnit: terms.riskPerUnit,
    margin: (price * quantity) / program.leverage,
    bankruptcyPrice: price * (1 - direction / program.leverage),
    liquidationPrice,
    liquidationPrices,
    entryFee: fee,
    fundingPaid: 0,
    worstPrice: seenPrice,
  };
  recordFill(symbol, price, timeMs);
  recorder.event({
    time: timeMs,
    kind: 'opened',
    symbol: symbolProgram?.symbol,
    side: sideOf(direction),
    trigger_id: terms.origin.id,
    grade: terms.origin.grade,
    quantity,
    price,
    stop: terms.stop,
    target: terms.target,
    liquidation_price: liquidationPrice,
    cap: terms.cap,
  });
}

/** Where a position is liquidated, by the model of the run and by each of them. */
export function liquidationOf(
  market: SymbolProgram | undefined,
  entered: Parameters<LiquidationPrice>[0],
): Pick<Position, 'liquidationPrice' | 'liquidationPrices'> {
  const price = market?.liquidationPrice?.(entered) ?? null;
  return {
    // The gate asked at the close; a fill that moved out of the model's range counts as liquidated at its entry, the worse reading.
    liquidationPrice: price !== null && Number.isNaN(price) ? entered.entryPrice : price,
    liquidationPrices: (market?.liquidationPrices ?? []).map((priceUnder) => {
      const under = priceUnder(entered);
      return under === null || Number.isNaN(under) ? null : under;
    }),
  };
}

/** A position ends as a broker reports it. A liquidated one loses its margin, whatever the price. */
export function closePosition(run: Run, reason: ExitReason, execution: Execution, { symbolIndex, barNumber }: AtBar): void {
  const { state, recorder, program } = run;
  const { tally } = state;
  const symbol = state.symbols[symbolIndex] as SymbolState;
  const position = symbol.position;
  if (position === null) return;
  const { price, fee, timeMs } = execution;
  const isLiquidation = reason === 'liquidation';
  const name = program.symbols[symbolIndex]?.symbol ?? '';
  const gross = isLiquidation ? -position.margin : position.direction * position.quantity * (price - position.entryPrice);
  const fees = position.entryFee + fee;
  const pnl = gross - fees - position.fundingPaid;
  const r = pnl / (position.quantity * position.riskPerUnit);

  if (isLiquidation) noteLiquidation(run, position, execution);
  else noteExit(run, position, execution);
  state.cash += gross - fee;
  tally.holdBars += barNumber - position.entryBar;
  countLiquidationsByModel(tally.liquidationsByModel, position);
  symbol.position = null;
  symbol.flatBar = barNumber;
  // A reversal is one order and counts as one fill: the opening that follows records it.
  if (reason !== 'reversal') recordFill(symbol, price, timeMs);
  recorder.trade({
    symbol: name,
    side: sideOf(position.direction),
    trigger_id: position.origin.id,
    grade: position.origin.grade,
    entry_time: position.entryTimeMs,
    entry_price: position.entryPrice,
    exit_time: timeMs,
    exit_price: price,
    quantity: position.quantity,
    stop: position.stop,
    target: position.target,
    exit_reason: reason,
    fees,
    funding: position.fundingPaid,
    pnl,
    r,
  });
  recorder.event({
    time: timeMs,
    kind: isLiquidation ? 'liquidated' : 'closed',
    symbol: name,
    side: sideOf(position.direction),
    trigger_id: position.origin.id,
    reason,
    price,
    pnl,
    r,
  });
}

function noteExit(run: Run, position: Position, { seenPrice, worstPrice }: Execution): void {
  const { tally } = run.state;
  noteApproach(run, position, worstPrice);
  tally.unslippedPnl += position.direction * position.quantity * (seenPrice - position.entryOpenPrice) - position.fundingPaid;
  tally.unslippedNotional += position.quantity * (position.entryOpenPrice + seenPrice);
}

function noteLiquidation({ state: { tally } }: Run, position: Position, { worstPrice }: Execution): void {
  position.worstPrice = worstPrice;
  tally.liquidations++;
  tally.nearestLiquidationPct = 0;
  tally.unslippedPnl += -position.margin - position.fundingPaid;
  tally.unslippedNotional += position.quantity * position.entryOpenPrice;
}

/** Keeps the worst price a position lived through and how near any came to its liquidation; % of the price. */
export function noteApproach({ state }: Run, position: Position, price: number): void {
  const { direction, liquidationPrice } = position;
  if (direction * price < direction * position.worstPrice) position.worstPrice = price;
  if (liquidationPrice === null) return;
  const distancePct = ((direction * (price - liquidationPrice)) / price) * 100;
  if (state.tally.nearestLiquidationPct === null || distancePct < state.tally.nearestLiquidationPct) {
    state.tally.nearestLiquidationPct = distancePct;
  }
}

/** Which of the margin models would have liquidated the position, given the worst price it lived through. */
export function countLiquidationsByModel(counts: number[], { direction, worstPrice, liquidationPrices }: Position): void {
  liquidationPrices.forEach((price, model) => {
    if (price !== null && direction * worstPrice <= direction * price) counts[model] = (counts[model] ?? 0) + 1;
  });
}

/** Remembers a fill for the price-move gate and the hourly budget. */
function recordFill(symbol: SymbolState, price: number, timeMs: number): void {
  symbol.lastFillPrice = price;
  symbol.lastFillTimeMs = timeMs;
  while ((symbol.recentFillTimesMs[0] ?? timeMs) <= timeMs - HOUR_MS) symbol.recentFillTimesMs.shift();
  symbol.recentFillTimesMs.push(timeMs);
}

export function sideOf(direction: Direction): 'long' | 'short' {
  return direction === 1 ? 'long' : 'short';
}
