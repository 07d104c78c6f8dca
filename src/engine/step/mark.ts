import type { SymbolState } from '../state.ts';
import { halt } from './halt.ts';
import { NO_BAR, type Run } from './run.ts';

/** Marks every position at its symbol's last close. Equity = cash + unrealised; nothing is hidden. */
export function markToClose(run: Run, closeTimeMs: number): void {
  const { program, state, barIndex } = run;
  let equity = state.cash;
  let isHolding = false;
  for (let index = 0; index < state.symbols.length; index++) {
    const symbol = state.symbols[index] as SymbolState;
    const bar = barIndex[index] as number;
    if (bar !== NO_BAR) symbol.mark = program.symbols[index]?.candles.close[bar] as number;
    const position = symbol.position;
    if (position === null || symbol.mark === null) continue;
    isHolding = true;
    equity += position.direction * position.quantity * (symbol.mark - position.entryPrice);
  }
  state.equity = equity;
  state.tally.closes++;
  if (isHolding) state.tally.closesWithPosition++;
  if (equity <= 0) halt(run, 'no_equity', closeTimeMs);
  noteDailyLoss(run, closeTimeMs);
}

/** Latches from the very close at which the day's loss, unrealised included, reaches the limit. */
function noteDailyLoss({ program, state, recorder }: Run, closeTimeMs: number): void {
  // A day that begins with nothing has nothing left to lose.
  if (state.dailyLossReached || state.dayStartEquity <= 0) return;
  // Multiplied out: a loss of exactly the limit must not miss it by the rounding of a quotient.
  const gain = state.equity - state.dayStartEquity;
  if (gain * 100 > -program.settings.max_daily_loss_pct * state.dayStartEquity) return;
  state.dailyLossReached = true;
  recorder.event({ time: closeTimeMs, kind: 'daily_loss', daily_return_pct: (gain / state.dayStartEquity) * 100, equity: state.equity });
}
