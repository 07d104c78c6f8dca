import type { Order, SymbolState } from '../state.ts';
import { type AtBar, closePosition, openPosition } from './fill.ts';
import { haltAfterLiquidation } from './halt.ts';
import { NO_BAR, type Run } from './run.ts';
import { closingReason, executeClosing, executeLiquidation, executeOpening, isLiquidatedAtOpen } from './simulated-broker.ts';

/** A position whose liquidation price the bar opens at or beyond is gone before anything else fills; its waiting exit then finds nothing to close. */
export function liquidateAtOpen(run: Run, openTimeMs: number): void {
  const { program, state, barIndex, firstBar } = run;
  for (let symbolIndex = 0; symbolIndex < state.symbols.length; symbolIndex++) {
    const bar = barIndex[symbolIndex] as number;
    const position = (state.symbols[symbolIndex] as SymbolState).position;
    if (bar === NO_BAR || position === null) continue;
    const open = program.symbols[symbolIndex]?.candles.open[bar] as number;
    if (!isLiquidatedAtOpen(position, open)) continue;
    const at = { symbolIndex, barNumber: (firstBar[symbolIndex] as number) + bar };
    closePosition(run, 'liquidation', executeLiquidation(position, open, openTimeMs), at);
    haltAfterLiquidation(run, openTimeMs);
  }
}

/** Orders decided at the symbol's previous close fill at this open. */
export function fillOrders(run: Run, openTimeMs: number): void {
  const { program, state, barIndex, firstBar } = run;
  for (let symbolIndex = 0; symbolIndex < state.symbols.length; symbolIndex++) {
    const bar = barIndex[symbolIndex] as number;
    const symbol = state.symbols[symbolIndex] as SymbolState;
    const order = symbol.order;
    if (bar === NO_BAR || order === null) continue;
    symbol.order = null;
    const open = program.symbols[symbolIndex]?.candles.open[bar] as number;
    fillOrder(run, order, { open, timeMs: openTimeMs }, { symbolIndex, barNumber: (firstBar[symbolIndex] as number) + bar });
  }
}

type Opening = { readonly open: number; readonly timeMs: number };

function fillOrder(run: Run, order: Order, { open, timeMs }: Opening, at: AtBar): void {
  const { settings } = run.program;
  const position = run.state.symbols[at.symbolIndex]?.position ?? null;
  if (order.kind !== 'entry' && position !== null) {
    // The position was still held when the bar opened.
    closePosition(run, closingReason(order), executeClosing(position, open, { worstPrice: open, timeMs }, settings), at);
  }
  const opening = executeOpening(order, open, timeMs, settings);
  if (order.kind !== 'exit' && opening !== null) openPosition(run, order, opening, at);
}
