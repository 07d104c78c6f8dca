import type { AskedRun } from '../engine/run-spec.ts';
import { runHeading } from '../render/run-heading.ts';
import { NO_STRATEGIST } from './asked-strategist.ts';
import { type BacktestAsk, NOTHING_ASKED } from './backtest-request.ts';
import type { Answer, CommandContext } from './command.ts';

/** The options of `/backtest`, by the names one types. */
export const BACKTEST_OPTIONS = [
  'preset',
  'symbols',
  'timeframe',
  'days',
  'start',
  'end',
  'cash',
  'leverage',
  'whipsaw',
  'strategist',
  'indicator_mode',
  'set',
] as const;

export type BacktestOption = (typeof BACKTEST_OPTIONS)[number];

/** What was asked, from wherever the options stand: in the command or in a text; null is "not given". */
export function askedBacktest(given: (option: BacktestOption) => string | number | null): BacktestAsk {
  const text = (option: BacktestOption) => {
    const value = given(option);
    return value === null ? null : String(value);
  };
  return {
    ...NOTHING_ASKED,
    preset: text('preset'),
    symbols: text('symbols'),
    timeframe: text('timeframe'),
    days: given('days'),
    start: text('start'),
    end: text('end'),
    cash: given('cash'),
    leverage: given('leverage'),
    whipsaw: text('whipsaw'),
    indicatorMode: text('indicator_mode'),
    setText: text('set'),
    strategist: { ...NO_STRATEGIST, style: text('strategist') },
  };
}

/** Keeps the run and lets the reply show how far it is. */
export async function startBacktest(spec: AskedRun, { submitBacktest }: Pick<CommandContext, 'submitBacktest'>): Promise<Answer> {
  const { runId, isQueueAway } = await submitBacktest(spec);
  return { kind: 'work', work: { kind: 'run', id: runId }, heading: runHeading(spec), isQueueAway };
}
