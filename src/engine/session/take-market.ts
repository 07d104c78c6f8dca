import { type Bar, TIMEFRAME_MS } from '../bar.ts';
import { checkCandles } from '../candle-check.ts';
import { candlesFromBars } from '../candles.ts';
import { resolvePeriods } from '../indicators/periods.ts';
import { isoMinute } from '../iso-minute.ts';
import { compilePlan } from '../program.ts';
import { Refusal } from '../refusal.ts';
import type { SymbolState } from '../state.ts';
import { advance, beginBar } from '../step/advance.ts';
import { followPlan } from '../step/follow-plan.ts';
import { NO_BAR } from '../step/run.ts';
import { dailyReturn, walkAway, walkAwayTrigger } from '../step/walk-away.ts';
import type { InputOf } from './input.ts';
import { appendBar, frameOf, type MarketWindow } from './market-window.ts';
import { closeAll, openRun } from './open-run.ts';
import { type Session, symbolIndexOf } from './session.ts';
import { nothingHappened, type SessionStep } from './session-step.ts';

export function takeHistory(session: Session, { symbol, bars }: InputOf<'history'>): SessionStep {
  if (session.account.lastTimeMs !== null) throw new Refusal(`History of ${symbol} came after the first traded bar; it must come before`);
  const index = symbolIndexOf(session, symbol);
  let windows = session.windows;
  for (const bar of bars) windows = withBar(session, windows, index, bar);
  return nothingHappened({ ...session, windows });
}

export function takeBars(session: Session, { openTimeMs, bars }: InputOf<'bars'>): SessionStep {
  const names = Object.keys(bars);
  if (names.length === 0) throw new Refusal(`No bars came for ${isoMinute(openTimeMs)}; leave out a symbol without one, but not all`);
  const { lastTimeMs } = session.account;
  if (lastTimeMs !== null && openTimeMs <= lastTimeMs) {
    throw new Refusal(
      `Bars of ${isoMinute(openTimeMs)} came after those of ${isoMinute(lastTimeMs)}; bars go from oldest to newest, each once`,
    );
  }
  let windows = session.windows;
  for (const name of names) {
    const bar = bars[name];
    if (bar !== undefined) windows = withBar(session, windows, symbolIndexOf(session, name), { openTimeMs, ...bar });
  }

  const { run, told } = openRun({ ...session, windows }, (program) => compilePlan(program, session.plan));
  session.markets.symbols.forEach((symbol, index) => {
    const { bars: kept } = frameOf(windows[index] ?? { frames: {} }, session.markets.timeframes[0]);
    run.barIndex[index] = bars[symbol] === undefined ? NO_BAR : kept.length - 1;
  });
  const { arrived } = session;
  const followed = arrived === null ? null : followPlan(run, arrived.plan, openTimeMs, arrived.requestedBy);
  const request = advance(run, openTimeMs);
  const next: Session = {
    ...session,
    plan: followed?.plan ?? session.plan,
    arrived: null,
    windows,
    fundingDue: session.fundingDue.map((rows) => rows.filter(({ dueMs }) => dueMs > openTimeMs)),
    account: run.state,
  };
  return { session: next, ...told, request };
}

/** Equity at these prices, at the last close where there is none. In a live session it walks away, in a paper one it only tells, once a day. */
export function takeMark(session: Session, { timeMs, prices }: InputOf<'mark'>): SessionStep {
  for (const name of Object.keys(prices)) symbolIndexOf(session, name);
  refuseLate(session, timeMs, 'A price');
  const { run, told } = openRun(session);
  const { state } = run;
  beginBar(run, openOfBarAt(session, timeMs));
  let equity = state.cash;
  session.markets.symbols.forEach((symbol, index) => {
    const { position, mark } = state.symbols[index] as SymbolState;
    const price = prices[symbol] ?? mark;
    if (position !== null && price !== null) equity += position.direction * position.quantity * (price - position.entryPrice);
  });
  const trigger = walkAwayTrigger(run, equity);
  if (trigger !== null && run.fills === 'reported') {
    walkAway(run, trigger, equity, timeMs);
    if (session.settings.walk_away_action === 'flatten') closeAll(run, 'walk_away', timeMs);
  } else if (trigger !== null && !state.walkAwayAlertedToday) {
    state.walkAwayAlertedToday = true;
    told.events.push({
      time: timeMs,
      kind: 'walk_away_alert',
      trigger,
      daily_return_pct: dailyReturn(equity, state.dayStartEquity),
      equity,
    });
  }
  return { session: { ...session, account: state }, ...told, request: null };
}

export function takeFunding(session: Session, { symbol, dueMs, rate }: InputOf<'funding'>): SessionStep {
  const index = symbolIndexOf(session, symbol);
  const { fundedUntilMs } = session.account;
  if (fundedUntilMs !== null && dueMs <= fundedUntilMs) {
    throw new Refusal(
      `Funding of ${symbol} due at ${isoMinute(dueMs)} came after the bar of ${isoMinute(fundedUntilMs)}; it must come before the bar that pays it`,
    );
  }
  const rows = session.fundingDue[index] ?? [];
  if (rows.some((row) => row.dueMs === dueMs))
    throw new Refusal(`Funding of ${symbol} due at ${isoMinute(dueMs)} came twice; each is paid once`);
  const merged = [...rows, { dueMs, rate }].sort((one, other) => one.dueMs - other.dueMs);
  return nothingHappened({ ...session, fundingDue: session.fundingDue.map((known, at) => (at === index ? merged : known)) });
}

function withBar(session: Session, windows: readonly MarketWindow[], index: number, bar: Bar): readonly MarketWindow[] {
  const { symbols, timeframes } = session.markets;
  const [base] = timeframes;
  const bad = checkCandles(candlesFromBars([bar]), base);
  if (bad !== null) throw new Refusal(`A bar of ${symbols[index]} is not usable: ${bad.reason}`);
  const window = windows[index] as MarketWindow;
  const lastMs = frameOf(window, base).bars.at(-1)?.[0];
  if (lastMs !== undefined && bar.openTimeMs <= lastMs) {
    throw new Refusal(
      `A bar of ${symbols[index]} opens at ${isoMinute(bar.openTimeMs)}, but ${isoMinute(lastMs)} is known already; bars go from oldest to newest, each once`,
    );
  }
  const appended = appendBar(window, bar, timeframes, resolvePeriods(session.settings));
  return windows.map((known, at) => (at === index ? appended : known));
}

/** What happened before the last close cannot be decided any more. */
function refuseLate({ account: { lastTimeMs }, markets: { timeframes } }: Session, timeMs: number, what: string): void {
  const lastCloseMs = lastTimeMs === null ? 0 : lastTimeMs + TIMEFRAME_MS[timeframes[0]];
  if (timeMs < lastCloseMs)
    throw new Refusal(`${what} of ${isoMinute(timeMs)} came after the close of ${isoMinute(lastCloseMs)}; it is too old`);
}

function openOfBarAt({ markets: { timeframes } }: Session, timeMs: number): number {
  return timeMs - (timeMs % TIMEFRAME_MS[timeframes[0]]);
}
