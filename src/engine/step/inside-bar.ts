import type { Position, SymbolState } from '../state.ts';
import { closePosition, liquidatePosition } from './fill.ts';
import { haltAfterLiquidation } from './halt.ts';
import { NO_BAR, type Run } from './run.ts';

/** Stops, targets and liquidations reached inside the bar, also by positions opened at its open. */
export function reachLevels(run: Run, openTimeMs: number): void {
  const { program, state, barIndex } = run;
  for (let index = 0; index < state.symbols.length; index++) {
    const bar = barIndex[index] as number;
    const position = (state.symbols[index] as SymbolState).position;
    if (bar === NO_BAR || position === null) continue;
    const { open, high, low } = (program.symbols[index] as Run['program']['symbols'][number]).candles;
    reach(run, index, position, { open: open[bar] as number, high: high[bar] as number, low: low[bar] as number }, bar, openTimeMs);
  }
}

type Range = { readonly open: number; readonly high: number; readonly low: number };

/**
 * What happens to one position in one bar. With prices mirrored for a short (direction × price) the adverse level
 * nearest to the open is the higher of stop and liquidation; at one price it is the liquidation. A bar that opens beyond
 * stop or target fills at the open; when both lie inside the bar the stop is taken, the worse reading.
 */
function reach(run: Run, symbolIndex: number, position: Position, { open, high, low }: Range, bar: number, openTimeMs: number): void {
  const { direction, stop, target, liquidationPrice } = position;
  const adverse = direction === 1 ? low : high;
  const favourable = direction === 1 ? high : low;
  const isStopReached = direction * adverse <= direction * stop;
  const atOpen = { timeMs: openTimeMs, barIndex: bar };
  const inside = { timeMs: openTimeMs + run.barMs, barIndex: bar };

  if (target !== null && direction * open >= direction * target) {
    noteApproach(run, position, open);
    closePosition(run, symbolIndex, 'target', open, atOpen);
    return;
  }
  if (
    liquidationPrice !== null &&
    direction * adverse <= direction * liquidationPrice &&
    direction * liquidationPrice >= direction * stop
  ) {
    position.worstPrice = isStopReached ? stop : adverse;
    liquidatePosition(run, symbolIndex, inside);
    haltAfterLiquidation(run, inside.timeMs);
    return;
  }
  if (isStopReached) {
    const isGap = direction * open <= direction * stop;
    noteApproach(run, position, isGap ? open : stop);
    closePosition(run, symbolIndex, 'stop', isGap ? open : stop, isGap ? atOpen : inside);
    return;
  }
  noteApproach(run, position, adverse);
  if (target !== null && direction * favourable >= direction * target) closePosition(run, symbolIndex, 'target', target, inside);
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
