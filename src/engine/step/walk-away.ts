import { copyState, type SessionState, type WalkAway } from '../state.ts';
import { cancelWaiting } from './halt.ts';
import { type Run, startRun } from './run.ts';

/**
 * Sends the session away at the first close that reaches the day's profit target or loss limit, once a day. What the
 * rest of the day would have brought goes on in a shadow that never touches the real state.
 */
export function checkWalkAway(run: Run, closeTimeMs: number): void {
  const trigger = walkAwayTrigger(run, run.state.equity);
  if (trigger !== null) walkAway(run, trigger, run.state.equity, closeTimeMs);
}

/** Why the day would be walked away from at an equity; null when it would not, or not again. */
export function walkAwayTrigger({ state, program: { settings } }: Run, equity: number): WalkAway['trigger'] | null {
  if (!settings.walk_away_enabled || state.walkedAwayToday || state.walkedAway !== null) return null;
  // Multiplied out: a day of exactly the target must not miss it by the rounding of a quotient. A day that starts with nothing has no return.
  if (!(state.dayStartEquity > 0)) return null;
  const gain = (equity - state.dayStartEquity) * 100;
  if (gain >= settings.walk_away_profit_target_pct * state.dayStartEquity) return 'profit_target';
  return gain <= -settings.walk_away_loss_limit_pct * state.dayStartEquity ? 'loss_limit' : null;
}

/** Waiting entries are cancelled; positions are flattened by the decisions of this close, or managed on. */
export function walkAway(run: Run, trigger: WalkAway['trigger'], equity: number, timeMs: number): void {
  const { state, program, recorder } = run;
  const dailyReturnPct = dailyReturn(equity, state.dayStartEquity);
  const away: WalkAway = { trigger, atMs: timeMs, dailyReturnPct };
  const shadow = copyState(state);
  run.shadow = shadowRun(run, shadow);
  state.shadow = { of: away, state: shadow };
  state.walkedAway = away;
  state.walkedAwayToday = true;
  cancelWaiting(run, 'walk_away', timeMs);
  recorder.event({
    time: timeMs,
    kind: 'walk_away',
    trigger,
    daily_return_pct: dailyReturnPct,
    trades_today: state.tradesToday,
    equity_at_trigger: equity,
    action: program.settings.walk_away_action,
  });
}

/** At the end of a day that was walked away from: what carrying on would have brought. */
export function endShadow(run: Run): void {
  const { state, recorder, barMs } = run;
  if (state.shadow === null) return;
  const { of, state: lived } = state.shadow;
  recorder.event({
    time: (state.lastTimeMs ?? 0) + barMs,
    kind: 'walk_away_counterfactual',
    trigger: of.trigger,
    stopped_at_pct: of.dailyReturnPct,
    day_ended_pct: dailyReturn(state.equity, state.dayStartEquity),
    would_have_ended_pct: dailyReturn(lived.equity, lived.dayStartEquity),
  });
  run.shadow = null;
  state.shadow = null;
}

/** Walks on with a shadow that a stored state brought along. */
export function resumeShadow(run: Run): void {
  if (run.state.shadow !== null) run.shadow = shadowRun(run, run.state.shadow.state);
}

/** Since the day's start; %. */
export function dailyReturn(equity: number, dayStartEquity: number): number {
  return ((equity - dayStartEquity) / dayStartEquity) * 100;
}

/** The same bars at the same time, always filled by the simulated broker, and nobody is told. */
function shadowRun(run: Run, state: SessionState): Run {
  const { program, plan, barMs, firstBar } = run;
  const settings = { ...program.settings, walk_away_enabled: false };
  const shadow = startRun({ program: { ...program, settings, monitor: null }, plan, state, recorder: SILENT, barMs, firstBar });
  return { ...shadow, barIndex: run.barIndex };
}

const SILENT = { trade: () => {}, event: () => {}, block: () => {}, placed: () => {}, withdrawn: () => {} };
