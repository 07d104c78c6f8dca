import { TIMEFRAME_MS, type Timeframe } from '../bar.ts';
import type { ColumnName } from '../indicators/indicator-names.ts';
import { type ColumnValue, columnsOfValue, type Rule } from './rule.ts';

/** A column that a rule reads, and how many of that column's bars before the visible one it may reach. */
export type ColumnReference = { readonly name: ColumnName; readonly timeframe: Timeframe; readonly lookbackBars: number };

/** Every column the rule reads when its trigger runs on the timeframe, each once with its farthest look back. */
export function referencedColumns(rule: Rule, timeframe: Timeframe): readonly ColumnReference[] {
  const found = new Map<string, ColumnReference>();
  for (const reference of listReferences(rule, timeframe)) {
    const key = `${reference.name}@${reference.timeframe}`;
    const known = found.get(key);
    if (known === undefined || known.lookbackBars < reference.lookbackBars) found.set(key, reference);
  }
  return [...found.values()];
}

function listReferences(rule: Rule, own: Timeframe): readonly ColumnReference[] {
  switch (rule.kind) {
    case 'and':
    case 'or':
      return [...listReferences(rule.left, own), ...listReferences(rule.right, own)];
    case 'not':
      return listReferences(rule.rule, own);
    case 'comparison':
    case 'cross':
      return [rule.left, rule.right].flatMap(columnsOfValue).map((column) => toReference(column, own, rule.kind));
  }
}

function toReference({ name, timeframe, barsBack }: ColumnValue, own: Timeframe, kind: 'comparison' | 'cross'): ColumnReference {
  const of = timeframe ?? own;
  return { name, timeframe: of, lookbackBars: barsBack + (kind === 'cross' ? barsToPrevious(of, own) : 0) };
}

/**
 * A cross asks what was visible one trigger bar ago. On a higher timeframe that is two bars back at most: across a gap
 * the bar that was still open then and the one that closes now both become visible at once.
 */
function barsToPrevious(timeframe: Timeframe, own: Timeframe): number {
  return TIMEFRAME_MS[timeframe] > TIMEFRAME_MS[own] ? 2 : 1;
}
