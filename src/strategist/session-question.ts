import { resolvePeriods } from '../engine/indicators/periods.ts';
import type { ReplanRequest } from '../engine/result.ts';
import { frameOf } from '../engine/session/market-window.ts';
import { openWindow } from '../engine/session/open-window.ts';
import type { Session } from '../engine/session/session.ts';
import { planQuestion } from './plan-question.ts';
import type { PlanQuestion } from './planner.ts';

type Asking = {
  /** Null for the first plan, which the session's own stands in for until then. */
  readonly request: ReplanRequest | null;
  /** How long ago the plan in force was made; ms. */
  readonly planAgeMs: number;
};

/** What a paper or live session asks: the same question as a backtest at the same bar. */
export function sessionQuestion(session: Session, { request, planAgeMs }: Asking): PlanQuestion {
  const { markets, settings, windows, plan, account } = session;
  const [base] = markets.timeframes;
  const periods = resolvePeriods(settings);
  return planQuestion({
    markets: windows.map((window, index) => {
      const { candles, columns } = openWindow(window, base, periods);
      const { droppedBars } = frameOf(window, base);
      return { symbol: markets.symbols[index] ?? '', columns, bar: candles.close.length - 1, droppedBars };
    }),
    timeframes: markets.timeframes,
    instrument: markets.instrument,
    settings,
    account: request === null ? null : account,
    plan: request === null ? null : plan,
    request,
    planAgeMs,
  });
}
