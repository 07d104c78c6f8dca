import { resolvePeriods } from '../indicators/periods.ts';
import { refuseLeveragedSpot } from '../prepare-backtest.ts';
import { Refusal } from '../refusal.ts';
import { effectiveSettings, formatSetting, parseOverrides } from '../settings.ts';
import { halt } from '../step/halt.ts';
import type { InputOf } from './input.ts';
import { restartIndicators } from './market-window.ts';
import { closeAll, openRun } from './open-run.ts';
import type { Session } from './session.ts';
import { nothingHappened, type SessionStep } from './session-step.ts';

/** Other indicator periods start their columns again on the bars that are kept. */
export function changeSettings(session: Session, { timeMs, changes }: InputOf<'settings'>): SessionStep {
  const overrides = parseOverrides(changes);
  if (overrides.initial_cash !== undefined && overrides.initial_cash !== session.settings.initial_cash) {
    throw new Refusal(
      `initial_cash is ${session.settings.initial_cash} for the whole session; open another session to start with ${overrides.initial_cash}`,
    );
  }
  const settings = effectiveSettings(session.settings, overrides);
  refuseLeveragedSpot(session.markets.instrument, settings);
  const keepsPeriods = JSON.stringify(resolvePeriods(settings)) === JSON.stringify(resolvePeriods(session.settings));
  const changed = Object.keys(overrides).map((name) => {
    const key = name as keyof typeof overrides;
    return { name, from: formatSetting(session.settings[key]), to: formatSetting(settings[key]) };
  });
  return {
    ...nothingHappened({ ...session, settings, windows: keepsPeriods ? session.windows : session.windows.map(restartIndicators) }),
    events: [{ time: timeMs, kind: 'settings_changed', changes: changed.filter(({ from, to }) => from !== to) }],
  };
}

export function resume(session: Session, { timeMs }: InputOf<'resume'>): SessionStep {
  const { walkedAway, halted } = session.account;
  if (walkedAway === null && halted !== 'command') {
    throw new Refusal(
      halted === null ? 'The session trades already; there is nothing to resume' : `The session ended by ${halted}; open another session`,
    );
  }
  const account = { ...session.account, walkedAway: null, halted: halted === 'command' ? null : halted };
  return {
    ...nothingHappened({ ...session, account }),
    events: [{ time: timeMs, kind: 'resumed', after: walkedAway === null ? 'halt' : 'walk_away' }],
  };
}

export function haltByCommand(session: Session, { timeMs }: InputOf<'halt'>): SessionStep {
  const { run, told } = openRun(session);
  halt(run, 'command', timeMs);
  closeAll(run, 'halt', timeMs);
  return { session: { ...session, account: run.state }, ...told, request: null };
}
