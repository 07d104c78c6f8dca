import { DAY_MS } from '../bar.ts';
import { decide } from './decide.ts';
import { payFunding } from './funding.ts';
import { reachLevels } from './inside-bar.ts';
import { markToClose } from './mark.ts';
import { fillOrders, liquidateAtOpen } from './open-bar.ts';
import type { Run } from './run.ts';

/**
 * Advances a session by the bars that open at one time (`run.barIndex` says which). Backtest, paper and live all call
 * this. The order is fixed: funding, the opening, the inside of the bar, the mark at the close, the decisions.
 * What is decided here fills at the next open, never on the bar that caused it.
 */
export function advance(run: Run, openTimeMs: number): void {
  if (openTimeMs >= run.state.dayStartMs + DAY_MS) startDay(run, openTimeMs);
  payFunding(run, openTimeMs);
  liquidateAtOpen(run, openTimeMs);
  fillOrders(run, openTimeMs);
  reachLevels(run, openTimeMs);
  markToClose(run, openTimeMs + run.barMs);
  decide(run, openTimeMs + run.barMs);
  run.state.lastTimeMs = openTimeMs;
}

/** The day's counters start again; its equity is that of the previous close. */
function startDay({ state }: Run, openTimeMs: number): void {
  state.dayStartMs = openTimeMs - (openTimeMs % DAY_MS);
  state.dayStartEquity = state.equity;
  state.tradesToday = 0;
  state.riskUsedToday = 0;
  state.dailyLossReached = false;
  for (const symbol of state.symbols) symbol.entriesToday = 0;
}
