import { TIMEFRAME_MS, type Timeframe } from '../bar.ts';
import { referencedColumns } from './referenced-columns.ts';
import type { Rule } from './rule.ts';

/** Where a rule is to run: its trigger's timeframe and all those of the run. */
export type RuleScope = { readonly timeframe: Timeframe; readonly timeframes: readonly Timeframe[] };

/** Why the rule cannot run there; null when it can. */
export function checkRule(rule: Rule, { timeframe: own, timeframes }: RuleScope): string | null {
  for (const { name, timeframe } of referencedColumns(rule, own)) {
    if (TIMEFRAME_MS[timeframe] < TIMEFRAME_MS[own]) {
      return `${name}@${timeframe} is below the trigger's timeframe ${own}; name one equal to it or higher`;
    }
    if (!timeframes.includes(timeframe)) {
      return `${name}@${timeframe} is not among the run's timeframes (${timeframes.join(' ')}); name one of those or add ${timeframe} to timeframes`;
    }
  }
  return null;
}
