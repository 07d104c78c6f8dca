import type { SessionState, WalkAway } from '../state.ts';
import { cancelWaiting } from './halt.ts';
import { type Run, startRun } from './run.ts';

/**
 * Sends the session away at the first close that reaches the day's profit target or loss limit, once a day. What the
 * rest of the day would have brought goes on in a shadow that never touches the real state.
 */
export function checkWalkAway(run: Run, closeTimeMs: number): void {
  const { state, program, recorder } = run;
  const { settings } = program;
  if (!settings.walk_away_enabled || state.walkedAwayToday || state.walkedAway !== null) return;
  const trigger = triggerOf(state, settings.walk_away_profit_target_pct, settings.walk_away_loss_limit_pct);
  if (trigger === null) return;

  const dailyReturnPct = dailyReturn(state);
  run.shadow = startShadow(run);
  state.shadow = run.shadow.state;
  state.walkedAway = { trigger, atMs: closeTimeMs, dailyReturnPct };
  state.walkedAwayToday = true;
  cancelWaiting(state, 'walk_away', closeTimeMs);
  recorder.event({
    time: closeTimeMs,
    kind: 'walk_away',
    trigger,
    daily_return_pct: dailyReturnPct,
    trades_today: state.tradesToday,
    equity_at_trigger: state.equity,
    action: settings.walk_away_action,
  });
}

/** At the end of a day that was walked away from: what carrying on would have brought. */
export function endShadow(run: Run): void {
  const { state, shadow, recorder } = run;
  if (shadow === null || state.walkedAway === null) return;
  recorder.event({
    time: (state.lastTimeMs ?? 0) + run.barMs,
    kind: 'walk_away_counterfactual',
    trigger: state.walkedAway.trigger,
    stopped_at_pct: state.walkedAway.dailyReturnPct,
    day_ended_pct: dailyReturn(state),
    would_have_ended_pct: dailyReturn(shadow.state),
  });
  run.shadow = null;
  state.shadow = null;
}

/** Walks on with a shadow that a stored state brought along. */
export function resumeShadow(run: Run): void {
  if (run.state.shadow !== null) run.shadow = shadowRun(run, run.state.shadow);
}

/**
 * Multiplied out: a day of exactly the target must not miss it by the rounding of a quotient. A day that starts with nothing
 * has no return.
 */
function triggerOf({ equity, dayStartEquity }: SessionState, targetPct: number, limitPct: number): WalkAway['trigger'] | null {
  if (!(dayStartEquity > 0)) return null;
  const gain = (equity - dayStartEquity) * 100;
  if (gain >= targetPct * dayStartEquity) return 'profit_target';
  return gain <= -limitPct * dayStartEquity ? 'loss_limit' : null;
}

function dailyReturn({ equity, dayStartEquity }: SessionState): number {
  return ((equity - dayStartEquity) / dayStartEquity) * 100;
}

function startShadow(run: Run): Run {
  return shadowRun(run, structuredClone(run.state));
}

function shadowRun(run: Run, state: SessionState): Run {
  const { program, plan, barMs } = run;
  const settings = { ...program.settings, walk_away_enabled: false };
  const silent = { trade: () => {}, event: () => {}, block: () => {} };
  const shadow = startRun({ program: { ...program, settings, monitor: null }, plan, state, recorder: silent, barMs });
  // The same bars at the same time.
  return { ...shadow, barIndex: run.barIndex };
}
