import type { HaltCause, SymbolState } from '../state.ts';
import type { Run } from './run.ts';

/** With after_liquidation `stop` the run's trading ends here. */
export function haltAfterLiquidation(run: Run, timeMs: number): void {
  if (run.program.settings.after_liquidation === 'stop') halt(run, 'liquidation', timeMs);
}

/**
 * Ends the trading: waiting entries are cancelled and waiting reversals become exits. Open positions are closed at
 * their next open by the decisions of the next close.
 */
export function halt(run: Run, cause: HaltCause, timeMs: number): void {
  const { state, recorder } = run;
  if (state.halted !== null) return;
  state.halted = cause;
  recorder.event({ time: timeMs, kind: 'halted', cause });
  cancelWaiting(run, 'halt', timeMs);
}

/** Nothing may open any more: waiting entries are cancelled, of waiting reversals only the exit is left. */
export function cancelWaiting({ state, recorder }: Run, reason: 'halt' | 'walk_away', timeMs: number): void {
  for (let index = 0; index < state.symbols.length; index++) {
    const symbol = state.symbols[index] as SymbolState;
    const { order } = symbol;
    if (order === null || order.kind === 'exit') continue;
    symbol.order = order.kind === 'entry' ? null : { kind: 'exit', reason, decidedAtMs: timeMs };
    recorder.withdrawn(index, order);
    if (symbol.order !== null) recorder.placed(index, symbol.order);
  }
}
