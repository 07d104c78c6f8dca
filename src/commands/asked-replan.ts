import type { AskedRun } from '../engine/run-spec.ts';
import type { StrategistSpec } from '../engine/strategist-spec.ts';
import { askedStrategist, NO_STRATEGIST } from './asked-strategist.ts';
import { NOTHING_ASKED, resolveBacktestRequest } from './backtest-request.ts';
import type { RequestContext } from './command.ts';

type ReplanAsk = { readonly symbols: string | null; readonly timeframe: string | null; readonly strategist: string | null };

const DEFAULT_STYLE = 'aggressive_active';

/** A plan for now, as a run of the last day that is planned and does not run. What is on record is not asked again. */
export function askedReplan(
  { symbols, timeframe, strategist: style }: ReplanAsk,
  context: RequestContext,
): AskedRun & { readonly strategist: StrategistSpec } {
  const ask = { ...NO_STRATEGIST, style: style ?? DEFAULT_STYLE };
  const run = resolveBacktestRequest({ ...NOTHING_ASKED, symbols, timeframe, days: 1, strategist: ask }, context);
  const strategist = askedStrategist(ask);
  if (strategist === null) throw new Error('A strategist was asked for.');
  return { ...run, strategist };
}
