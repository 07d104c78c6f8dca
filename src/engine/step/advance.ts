import { DAY_MS } from '../bar.ts';
import type { ReplanRequest } from '../result.ts';
import { decide } from './decide.ts';
import { payFunding } from './funding.ts';
import { noteExtremes, reachLevels } from './inside-bar.ts';
import { markToClose } from './mark.ts';
import { watchMarket } from './monitor.ts';
import { fillOrders, liquidateAtOpen } from './open-bar.ts';
import type { Run } from './run.ts';
import { checkWalkAway, endShadow } from './walk-away.ts';

/**
 * Advances a session by the bars that open at one time (`run.barIndex` says which). Backtest, paper and live all call
 * this. The order is fixed: funding, the opening, the inside of the bar, the mark at the close, walk-away, the market monitor,
 * the decisions. What is decided here fills at the next open, never on the bar that caused it; a replan asked for here
 * is returned.
 */
export function advance(run: Run, openTimeMs: number): ReplanRequest | null {
  beginBar(run, openTimeMs);
  if (run.shadow !== null) advance(run.shadow, openTimeMs);
  if (run.fills === 'simulated') {
    liquidateAtOpen(run, openTimeMs);
    fillOrders(run, openTimeMs);
    reachLevels(run, openTimeMs);
  } else noteExtremes(run);
  const closeTimeMs = openTimeMs + run.barMs;
  markToClose(run, closeTimeMs);
  checkWalkAway(run, closeTimeMs);
  if (run.shadow !== null && run.shadow.state.lastTimeMs !== openTimeMs) decideAsShadow(run.shadow, openTimeMs);
  const request = watchMarket(run, openTimeMs, closeTimeMs);
  decide(run, closeTimeMs);
  run.state.lastTimeMs = openTimeMs;
  return request;
}

/** What comes before anything fills in a bar; asked again for the same bar it does nothing more. */
export function beginBar(run: Run, openTimeMs: number): void {
  if (openTimeMs >= run.state.dayStartMs + DAY_MS) startDay(run, openTimeMs);
  payFunding(run, openTimeMs);
}

/** A shadow begins after the mark of the close that sent the session away: only its decisions are left to take. */
function decideAsShadow(shadow: Run, openTimeMs: number): void {
  decide(shadow, openTimeMs + shadow.barMs);
  shadow.state.lastTimeMs = openTimeMs;
}

/** The day's counters start again; its equity is that of the previous close. */
function startDay(run: Run, openTimeMs: number): void {
  endShadow(run);
  const { state } = run;
  state.dayStartMs = openTimeMs - (openTimeMs % DAY_MS);
  state.dayStartEquity = state.equity;
  state.tradesToday = 0;
  state.riskUsedToday = 0;
  state.dailyLossReached = false;
  state.walkedAwayToday = false;
  state.walkAwayAlertedToday = false;
  state.monitor.reactiveToday = 0;
  if (run.program.settings.walk_away_resume_next_session) state.walkedAway = null;
  for (const symbol of state.symbols) symbol.entriesToday = 0;
}
