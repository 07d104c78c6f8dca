import { HOUR_MS } from '../bar.ts';
import type { ExitReason } from '../result.ts';
import type { Direction, EntryTerms, Position, SymbolState } from '../state.ts';
import type { Run } from './run.ts';

export type FillTime = { readonly timeMs: number; readonly barIndex: number };

/** Every fill but a liquidation is worse than the price seen by the slippage: buys above it, sells below. */
function slipped(run: Run, price: number, trade: Direction): number {
  return price * (1 + (trade * run.program.settings.slippage_pct) / 100);
}

function feeOf(run: Run, notional: number): number {
  return (notional * run.program.settings.taker_fee_pct) / 100;
}

export function openPosition(run: Run, symbolIndex: number, terms: EntryTerms, openPrice: number, { timeMs, barIndex }: FillTime): void {
  const { program, state, recorder } = run;
  const symbol = state.symbols[symbolIndex] as SymbolState;
  const { direction, quantity } = terms;
  const entryPrice = slipped(run, openPrice, direction);
  const entryFee = feeOf(run, entryPrice * quantity);
  const entered = { side: direction, entryPrice, quantity } as const;
  const symbolProgram = program.symbols[symbolIndex];
  const liquidationPrice = symbolProgram?.liquidationPrice?.(entered) ?? null;

  state.cash -= entryFee;
  symbol.position = {
    direction,
    quantity,
    entryPrice,
    entryOpenPrice: openPrice,
    entryTimeMs: timeMs,
    entryBar: barIndex,
    origin: terms.origin,
    stop: terms.stop,
    target: terms.target,
    riskPerUnit: terms.riskPerUnit,
    margin: (entryPrice * quantity) / program.leverage,
    // The gate asked at the close; a fill that moved out of the model's range counts as liquidated at its entry, the worse reading.
    liquidationPrice: liquidationPrice !== null && Number.isNaN(liquidationPrice) ? entryPrice : liquidationPrice,
    liquidationPrices: (symbolProgram?.liquidationPrices ?? []).map((priceUnder) => {
      const price = priceUnder(entered);
      return price === null || Number.isNaN(price) ? null : price;
    }),
    entryFee,
    fundingPaid: 0,
    worstPrice: openPrice,
  };
  recordFill(symbol, entryPrice, timeMs);
  recorder.event({
    time: timeMs,
    kind: 'opened',
    symbol: symbolProgram?.symbol,
    side: sideOf(direction),
    trigger_id: terms.origin.id,
    grade: terms.origin.grade,
    quantity,
    price: entryPrice,
    stop: terms.stop,
    target: terms.target,
    liquidation_price: symbol.position.liquidationPrice,
    cap: terms.cap,
  });
}

/** Closes at a price seen, with slippage and fee. */
export function closePosition(run: Run, symbolIndex: number, reason: ExitReason, priceSeen: number, at: FillTime): void {
  const position = run.state.symbols[symbolIndex]?.position;
  if (!position) return;
  const exitPrice = slipped(run, priceSeen, position.direction === 1 ? -1 : 1);
  const exitFee = feeOf(run, exitPrice * position.quantity);
  const gross = position.direction * position.quantity * (exitPrice - position.entryPrice);
  run.state.tally.unslippedPnl += position.direction * position.quantity * (priceSeen - position.entryOpenPrice) - position.fundingPaid;
  run.state.tally.unslippedNotional += position.quantity * (position.entryOpenPrice + priceSeen);
  settle(run, symbolIndex, position, { reason, exitPrice, exitFee, gross }, at);
}

/** The position's margin is gone, no more: no exit fee, no slippage, the exit price is the bankruptcy price. */
export function liquidatePosition(run: Run, symbolIndex: number, at: FillTime): void {
  const position = run.state.symbols[symbolIndex]?.position;
  if (!position) return;
  const { tally } = run.state;
  tally.liquidations++;
  tally.nearestLiquidationPct = 0;
  tally.unslippedPnl += -position.margin - position.fundingPaid;
  tally.unslippedNotional += position.quantity * position.entryOpenPrice;
  const exitPrice = position.entryPrice * (1 - position.direction / run.program.leverage);
  settle(run, symbolIndex, position, { reason: 'liquidation', exitPrice, exitFee: 0, gross: -position.margin }, at);
}

type Settlement = { readonly reason: ExitReason; readonly exitPrice: number; readonly exitFee: number; readonly gross: number };

function settle(
  run: Run,
  symbolIndex: number,
  position: Position,
  { reason, exitPrice, exitFee, gross }: Settlement,
  { timeMs, barIndex }: FillTime,
): void {
  const { state, recorder, program } = run;
  const symbol = state.symbols[symbolIndex] as SymbolState;
  const name = program.symbols[symbolIndex]?.symbol ?? '';
  const fees = position.entryFee + exitFee;
  const pnl = gross - fees - position.fundingPaid;
  const r = pnl / (position.quantity * position.riskPerUnit);

  state.cash += gross - exitFee;
  state.tally.holdBars += barIndex - position.entryBar;
  countLiquidationsByModel(state.tally.liquidationsByModel, position);
  symbol.position = null;
  symbol.flatBar = barIndex;
  recordFill(symbol, exitPrice, timeMs);
  recorder.trade({
    symbol: name,
    side: sideOf(position.direction),
    trigger_id: position.origin.id,
    grade: position.origin.grade,
    entry_time: position.entryTimeMs,
    entry_price: position.entryPrice,
    exit_time: timeMs,
    exit_price: exitPrice,
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
    kind: reason === 'liquidation' ? 'liquidated' : 'closed',
    symbol: name,
    side: sideOf(position.direction),
    trigger_id: position.origin.id,
    reason,
    price: exitPrice,
    pnl,
    r,
  });
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
