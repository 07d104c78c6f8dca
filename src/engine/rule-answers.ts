import { firstBarFrom } from './candles.ts';
import type { MarketColumns } from './market-columns.ts';
import type { Plan } from './plan.ts';
import { type BacktestInput, prepareBacktest } from './prepare-backtest.ts';
import { FALSE, TRUE } from './rules/tri.ts';

/** How a rule answered at the closes at which it was asked, over the bars of a run during which its plan was followed. */
export type RuleAnswers = {
  /** Null for the emergency exit of a plan. */
  readonly trigger_id: string | null;
  readonly symbol: string;
  readonly rule: 'entry' | 'exit' | 'emergency_exit';
  readonly text: string;
  readonly held: number;
  readonly failed: number;
  readonly unknown: number;
};

/** A plan and the open time of the first bar whose decisions followed it; ms UTC. */
type FollowedPlan = { readonly from: number; readonly plan: Plan };

/** Asks every rule of the plans of a run at every bar of its timeframe, as if a position were always there to leave. */
export function countRuleAnswers(input: BacktestInput, plans: readonly FollowedPlan[]): readonly RuleAnswers[] {
  const prepared = prepareBacktest(input);
  const columns = prepared.columnsFor(input.settings);
  const counted = new Map<string, RuleAnswers>();

  plans.forEach(({ from, plan }, index) => {
    const untilMs = plans[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    for (const asked of rulesOf(plan, input)) {
      const at = prepared.markets.findIndex(({ symbol }) => symbol === asked.symbol);
      const [market, own] = [prepared.markets[at], columns[at]];
      if (market === undefined || own === undefined) continue;
      const bars = { from: firstBarFrom(market.candles, from), until: firstBarFrom(market.candles, untilMs) };
      const key = [asked.trigger_id, asked.symbol, asked.rule, asked.text].join(' ');
      counted.set(key, addAnswers(counted.get(key) ?? { ...asked, held: 0, failed: 0, unknown: 0 }, own, { ...asked, ...bars }));
    }
  });
  return [...counted.values()];
}

type AskedRule = Pick<RuleAnswers, 'trigger_id' | 'symbol' | 'rule' | 'text'> & { readonly timeframe: BacktestInput['timeframes'][0] };

function rulesOf({ triggers, emergency_exit }: Plan, { timeframes, markets }: BacktestInput): readonly AskedRule[] {
  const ofTriggers = triggers.flatMap(({ id, symbol, timeframe, entry, exit }): readonly AskedRule[] => {
    const of = { trigger_id: id, symbol, timeframe };
    return [{ ...of, rule: 'entry', text: entry }, ...(exit === null ? [] : [{ ...of, rule: 'exit', text: exit } as const])];
  });
  if (emergency_exit === null) return ofTriggers;
  const of = { trigger_id: null, rule: 'emergency_exit', text: emergency_exit, timeframe: timeframes[0] } as const;
  return [...ofTriggers, ...markets.map(({ symbol }) => ({ ...of, symbol }))];
}

type AskedBars = Pick<AskedRule, 'text' | 'timeframe'> & { readonly from: number; readonly until: number };

function addAnswers(so: RuleAnswers, columns: MarketColumns, { text, timeframe, from, until }: AskedBars): RuleAnswers {
  const { condition, visible } = columns.condition(text, timeframe);
  let { held, failed, unknown } = so;
  let before = visible === null || from === 0 ? -1 : (visible[from - 1] as number);
  for (let bar = from; bar < until; bar++) {
    const seen = visible === null ? bar : (visible[bar] as number);
    if (seen === before) continue;
    before = seen;
    const answer = condition(seen);
    if (answer === TRUE) held++;
    else if (answer === FALSE) failed++;
    else unknown++;
  }
  return { ...so, held, failed, unknown };
}
