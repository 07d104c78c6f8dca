import type { EntryProgram } from '../program.ts';
import type { BlockReason, Grade } from '../result.ts';
import type { EntryTerms, SymbolState } from '../state.ts';
import { hourlyFills, movedEnough } from './activity-gates.ts';
import { barNumber, type Run } from './run.ts';
import { sizeEntry } from './size-entry.ts';

/**
 * Asks the gates in their fixed order for a trigger that fired. Answers the order's terms, or the first gate that failed.
 */
export function considerEntry(run: Run, entry: EntryProgram, bar: number, closeTimeMs: number): EntryTerms | BlockReason {
  const { program, state } = run;
  const { settings } = program;
  const symbol = state.symbols[entry.symbolIndex] as SymbolState;
  const close = program.symbols[entry.symbolIndex]?.candles.close[bar] as number;
  const riskPerUnit = stopDistance(entry, bar, close);
  const stop = close - entry.direction * riskPerUnit;

  if (!(riskPerUnit > 0) || !(stop > 0)) return 'no_stop';
  if (state.halted !== null) return 'halted';
  if (state.walkedAway !== null) return 'walked_away';
  if (run.plan.plan.stance === 'wait') return 'stance_wait';
  if (run.emergency[entry.symbolIndex] === 1) return 'emergency';
  if (state.dailyLossReached) return 'daily_loss';
  if (state.tradesToday >= settings.max_trades_per_day) return 'max_trades';
  if (symbol.entriesToday >= settings.max_triggers_per_symbol_per_day) return 'symbol_triggers';
  if (isTaken(symbol, entry)) return 'already_positioned';
  const whipsaw = whipsawGate(run, symbol, entry.trigger.grade, barNumber(run, entry.symbolIndex));
  if (whipsaw !== null) return whipsaw;
  if (!movedEnough(symbol, settings, close, closeTimeMs)) return 'price_move';
  if (hourlyFills(symbol, closeTimeMs) >= settings.max_calls_per_hour_per_symbol) return 'call_budget';

  const sized = sizeEntry(run, entry, close, riskPerUnit);
  if (typeof sized === 'string') return sized;
  const { id, grade, timeframe, exit } = entry.trigger;
  return {
    direction: entry.direction,
    quantity: sized.quantity,
    origin: { id, grade, timeframe, exit },
    stop,
    target: targetOf(entry, close, riskPerUnit),
    riskPerUnit,
    cap: sized.cap,
    decidedAtMs: closeTimeMs,
  };
}

/** In the same direction already, or an order for the symbol was accepted before at this close. */
function isTaken({ position, order }: SymbolState, { direction }: EntryProgram): boolean {
  return position?.direction === direction || (order !== null && order.kind !== 'exit');
}

/** Hold for a reversal, cooldown for any entry; a grade at the threshold or better overrides both. */
function whipsawGate({ program }: Run, { position, flatBar }: SymbolState, grade: Grade, bar: number): BlockReason | null {
  const { min_hold_bars, trade_cooldown_bars, confidence_override_threshold: threshold } = program.settings;
  if (threshold !== null && grade <= threshold) return null;
  if (position !== null && bar - position.entryBar < min_hold_bars) return 'min_hold';
  // A reversal leaves no flat bar at all, so any cooldown stands in its way.
  if (position !== null) return trade_cooldown_bars > 0 ? 'cooldown' : null;
  return flatBar !== null && bar - flatBar < trade_cooldown_bars ? 'cooldown' : null;
}

/** Distance from the close to the stop; NaN while the ATR is unknown. */
function stopDistance({ trigger: { stop }, atr, visible }: EntryProgram, bar: number, close: number): number {
  if (stop.kind === 'pct') return (close * stop.pct) / 100;
  const index = visible === null ? bar : (visible[bar] as number);
  return atr === null ? Number.NaN : (atr[index] as number) * stop.multiple;
}

function targetOf({ trigger: { target }, direction }: EntryProgram, close: number, riskPerUnit: number): number | null {
  if (target === null) return null;
  return target.kind === 'r' ? close + direction * target.multiple * riskPerUnit : close + (direction * (close * target.pct)) / 100;
}
