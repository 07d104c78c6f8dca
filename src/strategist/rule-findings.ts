import type { Timeframe } from '../engine/bar.ts';
import type { MarketColumns } from '../engine/market-columns.ts';
import type { Plan } from '../engine/plan.ts';
import type { RuleFinding } from '../engine/plan-record.ts';
import type { Condition } from '../engine/rules/compile-rule.ts';
import { parseRule } from '../engine/rules/parse-rule.ts';
import { referencedColumns } from '../engine/rules/referenced-columns.ts';
import { FALSE, TRUE } from '../engine/rules/tri.ts';
import { COLUMN_BARS } from '../engine/session/market-window.ts';

/** One symbol's columns and its last closed base bar; −1 while there is none. */
export type InspectedMarket = {
  readonly symbol: string;
  readonly columns: Pick<MarketColumns, 'condition' | 'visible'>;
  readonly bar: number;
};

/** Fewer answers say nothing about a rule. */
const FEWEST_ANSWERS = 50;

/** Asks every rule of the plan at the bars up to the one given, and tells of those whose answer never changes. */
export function findIdleRules(plan: Plan, markets: readonly InspectedMarket[], baseTimeframe: Timeframe): readonly RuleFinding[] {
  const ofTriggers = plan.triggers.flatMap(({ id, symbol, timeframe, entry, exit }) => {
    const market = markets.find((each) => each.symbol === symbol);
    if (market === undefined) return [];
    const entryRule = { trigger_id: id, rule: 'entry', text: entry } as const;
    const exitRule = exit === null ? [] : [{ trigger_id: id, rule: 'exit', text: exit } as const];
    return [entryRule, ...exitRule].flatMap((rule) => inspect(rule, market, timeframe));
  });
  const emergency = plan.emergency_exit;
  if (emergency === null) return ofTriggers;
  const rule = { trigger_id: null, rule: 'emergency_exit', text: emergency } as const;
  return [...ofTriggers, ...markets.flatMap((market) => inspect(rule, market, baseTimeframe))];
}

type AskedRule = Pick<RuleFinding, 'trigger_id' | 'rule' | 'text'>;

function inspect(asked: AskedRule, { symbol, columns, bar }: InspectedMarket, timeframe: Timeframe): readonly RuleFinding[] {
  const visible = columns.visible(timeframe);
  const last = visible === null || bar < 0 ? bar : (visible[bar] ?? -1);
  const { held, failed } = countAnswers(columns.condition(asked.text, timeframe).condition, {
    last,
    barCount: askedBars(asked.text, timeframe),
  });
  const bars = held + failed;
  if (bars === 0) return [{ ...asked, symbol, finding: 'unknown', bars }];
  if (bars < FEWEST_ANSWERS || (held > 0 && failed > 0)) return [];
  return [{ ...asked, symbol, finding: held > 0 ? 'always' : 'never', bars }];
}

/** Those that a session still knows everything about: what it asks must not depend on what it happens to remember, or a backtest to have. */
function askedBars(text: string, timeframe: Timeframe): number {
  return COLUMN_BARS - Math.max(0, ...referencedColumns(parseRule(text), timeframe).map(({ lookbackBars }) => lookbackBars));
}

type Span = { readonly last: number; readonly barCount: number };

function countAnswers(condition: Condition, { last, barCount }: Span): { readonly held: number; readonly failed: number } {
  let held = 0;
  let failed = 0;
  for (let bar = Math.max(0, last - barCount + 1); bar <= last; bar++) {
    const answer = condition(bar);
    if (answer === TRUE) held++;
    else if (answer === FALSE) failed++;
  }
  return { held, failed };
}
