import { TIMEFRAME_MS } from '../engine/bar.ts';
import { type BacktestInput, prepareBacktest } from '../engine/prepare-backtest.ts';
import { compileProgram } from '../engine/program.ts';
import { type AnsweredRequest, marketOf, questionAt } from './plan-run.ts';
import type { AskForPlan } from './planner.ts';

/** Asks what to do after the last bar, with no account and no plan in force. */
export async function planNow(
  input: BacktestInput,
  ask: AskForPlan,
  signal: AbortSignal,
): Promise<{ readonly answered: AnsweredRequest; readonly closeMs: number }> {
  const prepared = prepareBacktest(input);
  const program = compileProgram({ ...input, markets: prepared.markets }, prepared.columnsFor(input.settings));
  const lastOpenMs = Math.max(...prepared.markets.map(({ candles }) => candles.openTimeMs.at(-1) ?? 0));
  const closeMs = lastOpenMs + TIMEFRAME_MS[input.timeframes[0]];
  const question = questionAt(program, closeMs, null);
  return { answered: { request: null, market: marketOf(question.snapshot), answer: await ask(question, signal) }, closeMs };
}
