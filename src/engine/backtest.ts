import { TIMEFRAME_MS } from './bar.ts';
import { describeData, openPositions, remarksOn } from './describe-run.ts';
import { hashJson, hashOutcome, hashPlans } from './hash.ts';
import { summarize } from './metrics.ts';
import type { PlanSource } from './plan-source.ts';
import { type BacktestInput, type PreparedBacktest, plansOf, prepareBacktest, refuseLeveragedSpot } from './prepare-backtest.ts';
import { compileProgram } from './program.ts';
import { replay } from './replay.ts';
import type { RunResult } from './result.ts';
import type { Settings } from './settings.ts';
import type { ReplayProgress } from './step-through.ts';
import { validatePlan } from './validate-plan.ts';

export type { BacktestInput } from './prepare-backtest.ts';

/** Part of every input hash: a change of what the engine means is a change of this. */
export const ENGINE_VERSION = '3';

/** Runs one plan with one set of settings over bars, and tells everything about it. */
export function backtest(input: BacktestInput, report: ReplayProgress = () => {}, plans: PlanSource = plansOf(input)): RunResult {
  return runPrepared(prepareBacktest(input), input.settings, plans, report);
}

/** The same on bars that several runs share. */
export function runPrepared(prepared: PreparedBacktest, settings: Settings, plans: PlanSource, report: ReplayProgress): RunResult {
  const { input, markets, startMs } = prepared;
  const { timeframes, instrument, exchange, indicators } = input;
  refuseLeveragedSpot(instrument, settings);
  const validated = validatePlan(input.plan, { symbols: markets.map(({ symbol }) => symbol), timeframes });
  const program = compileProgram({ settings, timeframes, instrument, exchange, markets }, prepared.columnsFor(settings));
  const replayed = replay({ program, plan: validated, startMs, plans, report });
  const summary = summarize(replayed, settings.initial_cash, TIMEFRAME_MS[timeframes[0]]);
  const data = describeData(prepared, validated.plan, settings);
  const outcome = {
    summary,
    trades: replayed.trades,
    open_positions: openPositions(program, replayed),
    events: replayed.events,
    blocks: summary.blocks,
    blocks_by_trigger: Object.fromEntries(replayed.blocks),
  };
  const followed = replayed.plans.map(({ from, plan, dropped }) => ({ from, hash: hashJson(plan), plan, dropped }));
  return {
    input_hash: hashJson({
      engine_version: ENGINE_VERSION,
      markets: prepared.marketsHash,
      settings,
      plan: validated.plan,
      timeframes,
      instrument,
      exchange,
      startMs,
      // Only where it is asked for: the hashes of all other runs stay what they were.
      ...(indicators === 'reference' ? { indicators } : {}),
      // No further plans and a timeline without any are the same run.
      plans: plans.kind === 'planner' ? plans.kind : plans.kind === 'frozen' ? plans.timeline : [],
    }),
    input_parts: { candles: prepared.marketsHash, settings: hashJson(settings), plans: hashPlans(followed) },
    result_hash: hashOutcome(outcome, [replayed.timesMs, replayed.equity]),
    engine_version: ENGINE_VERSION,
    data,
    settings,
    plans: followed,
    ...outcome,
    equity: { timesMs: replayed.timesMs, values: replayed.equity },
    evidence: null,
    remarks: [
      ...(indicators === 'reference' ? ['indicators from trading-signals'] : []),
      ...remarksOn(data, settings, validated.dropped, replayed),
    ],
  };
}
