import type { SymbolState } from '../state.ts';
import { closePosition, noteApproach } from './fill.ts';
import { haltAfterLiquidation } from './halt.ts';
import { NO_BAR, type Run } from './run.ts';
import { executeClosing, executeLiquidation, reachedLevel } from './simulated-broker.ts';

/** Stops, targets and liquidations reached inside the bar, also by positions opened at its open. */
export function reachLevels(run: Run, openTimeMs: number): void {
  const { program, state, barIndex, firstBar } = run;
  for (let symbolIndex = 0; symbolIndex < state.symbols.length; symbolIndex++) {
    const bar = barIndex[symbolIndex] as number;
    const position = (state.symbols[symbolIndex] as SymbolState).position;
    if (bar === NO_BAR || position === null) continue;
    const { open, high, low } = (program.symbols[symbolIndex] as Run['program']['symbols'][number]).candles;
    const reached = reachedLevel(position, open[bar] as number, high[bar] as number, low[bar] as number);
    if (reached === null) {
      noteApproach(run, position, (position.direction === 1 ? low : high)[bar] as number);
      continue;
    }
    const { reason, seenPrice, isAtOpen, worstPrice } = reached;
    const timeMs = isAtOpen ? openTimeMs : openTimeMs + run.barMs;
    const at = { symbolIndex, barNumber: (firstBar[symbolIndex] as number) + bar };
    if (reason === 'liquidation') {
      closePosition(run, reason, executeLiquidation(position, worstPrice, timeMs), at);
      haltAfterLiquidation(run, timeMs);
    } else {
      closePosition(run, reason, executeClosing(position, seenPrice, { worstPrice, timeMs }, program.settings), at);
    }
  }
}

/** How near the bar came to the liquidations of positions that somebody else watches over. */
export function noteExtremes(run: Run): void {
  const { program, state, barIndex } = run;
  for (let symbolIndex = 0; symbolIndex < state.symbols.length; symbolIndex++) {
    const bar = barIndex[symbolIndex] as number;
    const position = (state.symbols[symbolIndex] as SymbolState).position;
    const candles = program.symbols[symbolIndex]?.candles;
    if (bar === NO_BAR || position === null || candles === undefined) continue;
    noteApproach(run, position, (position.direction === 1 ? candles.low : candles.high)[bar] as number);
  }
}
