import type { SessionState } from '../state.ts';
import type { Run } from './run.ts';

/** With after_liquidation `stop` the run's trading ends here. */
export function haltAfterLiquidation(run: Run, timeMs: number): void {
  if (run.program.settings.after_liquidation === 'stop') halt(run, 'liquidation', timeMs);
}

/**
 * Ends the trading: waiting entries are cancelled and waiting reversals become exits. Open positions are closed at
 * their next open by the decisions of the next close.
 */
export function halt({ state, recorder }: Run, cause: 'liquidation' | 'no_equity', timeMs: number): void {
  if (state.halted !== null) return;
  state.halted = cause;
  recorder.event({ time: timeMs, kind: 'halted', cause });
  cancelWaiting(state, 'halt', timeMs);
}

/** Nothing may open any more: waiting entries are cancelled, of waiting reversals only the exit is left. */
export function cancelWaiting(state: SessionState, reason: 'halt' | 'walk_away', timeMs: number): void {
  for (const symbol of state.symbols) {
    if (symbol.order?.kind === 'entry') symbol.order = null;
    else if (symbol.order?.kind === 'reversal') symbol.order = { kind: 'exit', reason, decidedAtMs: timeMs };
  }
}
