import type { Trigger } from '../engine/plan.ts';
import { diffPlans, type PlanDiff } from '../engine/plan-diff.ts';
import type { PlanView } from '../engine/plan-views.ts';
import { ruleWords } from './rule-words.ts';
import { stopText, targetText } from './trigger-words.ts';

/** What a plan changes of the one before it, a line each; none for a first plan and where the one before goes on. */
export function changeLines({ plan, before }: Pick<PlanView, 'plan' | 'before'>): readonly string[] {
  if (plan === null || before === null) return [];
  const { added, removed, changed, unchanged, terms } = diffPlans(before, plan);
  const lines = [
    ...terms.map(({ name, from, to }) => `${name.replaceAll('_', ' ')}: ${termWords(name, from)} → ${termWords(name, to)}`),
    ...listed('new', added),
    ...listed('gone', removed),
    ...changed.map(({ from, to }) => `\`${to.id}\`: ${changedTerms(from, to).join(', ')}`),
    ...(removed.length + changed.length === 0 ? [] : ['a position that is open keeps the stop, target and exit it was opened with']),
    ...(unchanged === 0 ? [] : [`${unchanged} ${unchanged === 1 ? 'trigger' : 'triggers'} as before`]),
  ];
  return lines.length === 0 ? ['nothing: it waits as before'] : lines;
}

function termWords(name: PlanDiff['terms'][number]['name'], value: string | null): string {
  if (value === null) return 'none';
  return name === 'emergency_exit' ? ruleWords(value).join(' and ') : value.replaceAll('_', ' ');
}

function listed(word: string, triggers: readonly Trigger[]): readonly string[] {
  return triggers.length === 0 ? [] : [`${word}: ${triggers.map(({ id }) => `\`${id}\``).join(', ')}`];
}

function changedTerms(from: Trigger, to: Trigger): readonly string[] {
  const terms: readonly (readonly [name: string, from: string, to: string])[] = [
    ['side', from.side, to.side],
    ['symbol', from.symbol, to.symbol],
    ['timeframe', from.timeframe, to.timeframe],
    ['grade', from.grade, to.grade],
    ['kind', from.category, to.category],
    ['stop', stopText(from.stop), stopText(to.stop)],
    ['target', targetText(from.target), targetText(to.target)],
  ];
  return [
    ...terms
      .filter(([, was, is]) => was !== is)
      .map(([name, was, is]) => `${name} ${was.replaceAll('_', ' ')} → ${is.replaceAll('_', ' ')}`),
    ...(from.entry === to.entry ? [] : ['entry rule rewritten']),
    ...(from.exit === to.exit ? [] : ['exit rule rewritten']),
  ];
}
