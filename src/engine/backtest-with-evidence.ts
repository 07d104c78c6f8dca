import { runPrepared } from './backtest.ts';
import { DAY_MS, TIMEFRAME_MS } from './bar.ts';
import type { Evidence, LookAhead } from './evidence.ts';
import { findLookAhead } from './look-ahead.ts';
import type { PlanSource } from './plan-source.ts';
import { type BacktestInput, plansOf, prepareBacktest } from './prepare-backtest.ts';
import type { RunResult } from './result.ts';
import { returnInterval } from './return-interval.ts';
import type { ReplayProgress } from './step-through.ts';

/** The same for every run, so that runs that are compared are drawn alike. */
const SEED = 1;

/** The canary steps up to the middle entry again. */
const SHARE_OF_RUN = 0.7;

/** A backtest that also says how far to believe it. */
export function backtestWithEvidence(
  input: BacktestInput,
  report: ReplayProgress = () => {},
  plans: PlanSource = plansOf(input),
): RunResult {
  const prepared = prepareBacktest(input);
  const result = runPrepared(prepared, input.settings, plans, (done) => report(done * SHARE_OF_RUN));
  return withEvidence(result, findLookAhead(prepared, result));
}

export function withEvidence(result: RunResult, lookAhead: LookAhead | null): RunResult {
  const { data, equity, summary } = result;
  const evidence: Evidence = {
    days: (data.end - data.start) / DAY_MS,
    trades: summary.total_trades,
    return_interval: returnInterval({
      equity: equity.values,
      initialCash: summary.initial_cash,
      barMs: TIMEFRAME_MS[data.timeframe],
      seed: SEED,
    }),
    look_ahead: lookAhead,
  };
  return { ...result, evidence };
}
