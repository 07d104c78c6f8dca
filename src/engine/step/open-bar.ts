import type { Order, SymbolState } from '../state.ts';
import { closePosition, type FillTime, liquidatePosition, openPosition } from './fill.ts';
import { haltAfterLiquidation } from './halt.ts';
import { noteApproach } from './inside-bar.ts';
import { NO_BAR, type Run } from './run.ts';

/** A position whose liquidation price the bar opens at or beyond is gone before anything else fills; its waiting exit then finds nothing to close. */
export function liquidateAtOpen(run: Run, openTimeMs: number): void {
  const { program, state, barIndex } = run;
  for (let index = 0; index < state.symbols.length; index++) {
    const bar = barIndex[index] as number;
    const symbol = state.symbols[index] as SymbolState;
    const position = symbol.position;
    if (bar === NO_BAR || position === null || position.liquidationPrice === null) continue;
    const open = program.symbols[index]?.candles.open[bar] as number;
    if (position.direction * open > position.direction * position.liquidationPrice) continue;
    position.worstPrice = open;
    liquidatePosition(run, index, { timeMs: openTimeMs, barIndex: bar });
    haltAfterLiquidation(run, openTimeMs);
  }
}

/** Orders decided at the symbol's previous close fill at this open. */
export function fillOrders(run: Run, openTimeMs: number): void {
  const { program, state, barIndex } = run;
  for (let index = 0; index < state.symbols.length; index++) {
    const bar = barIndex[index] as number;
    const symbol = state.symbols[index] as SymbolState;
    const order = symbol.order;
    if (bar === NO_BAR || order === null) continue;
    symbol.order = null;
    fillOrder(run, index, order, program.symbols[index]?.candles.open[bar] as number, { timeMs: openTimeMs, barIndex: bar });
  }
}

function fillOrder(run: Run, symbolIndex: number, order: Order, open: number, at: FillTime): void {
  const symbol = run.state.symbols[symbolIndex] as SymbolState;
  if (order.kind !== 'entry' && symbol.position !== null) {
    // The position was still held when the bar opened.
    noteApproach(run, symbol.position, open);
    closePosition(run, symbolIndex, order.kind === 'exit' ? order.reason : 'reversal', open, at);
    // A reversal is one order and counts as one fill: the opening below records it.
    if (order.kind === 'reversal') symbol.recentFillTimesMs.pop();
  }
  if (order.kind !== 'exit') openPosition(run, symbolIndex, order, open, at);
}
