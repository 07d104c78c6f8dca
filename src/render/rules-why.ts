import type { RuleAnswers } from '../engine/rule-answers.ts';
import { fixed } from './number-text.ts';

/** Fewer answers say nothing about a rule. */
const FEWEST_ANSWERS = 50;

const RULE_CHARS = 120;

const ADVICE = {
  never: {
    entry: 'a dead trigger: loosen the rule or take it out of the plan',
    exit: 'only stop, target and reversals end its positions',
    emergency_exit: 'it never had to act',
  },
  always: {
    entry: 'it fires at every bar and only the gates decide: tighten the rule',
    exit: 'its positions end as soon as min_hold_bars lets them: tighten the rule',
    emergency_exit: 'nothing can be opened while it holds: tighten the rule or take it out',
  },
  unknown: {
    entry: 'its columns never filled: give the run more history or the rule shorter periods',
    exit: 'its columns never filled: give the run more history or the rule shorter periods',
    emergency_exit: 'its columns never filled: give the run more history or the rule shorter periods',
  },
} as const;

type Finding = keyof typeof ADVICE;

/** Rules of a run whose answer never changed, in plain words and with what to do; a part each. */
export function idleRulesWords(answers: readonly RuleAnswers[]): readonly string[] {
  return answers.flatMap((answered) => {
    const finding = findingOf(answered);
    return finding === null ? [] : [describe(answered, finding)];
  });
}

function findingOf({ held, failed, unknown }: RuleAnswers): Finding | null {
  const answers = held + failed;
  if (answers === 0) return unknown < FEWEST_ANSWERS ? null : 'unknown';
  if (answers < FEWEST_ANSWERS || (held > 0 && failed > 0)) return null;
  return held > 0 ? 'always' : 'never';
}

function describe({ trigger_id, symbol, rule, text, held, failed, unknown }: RuleAnswers, finding: Finding): string {
  const whose = trigger_id === null ? `emergency exit on ${symbol}` : `${rule} of \`${trigger_id}\``;
  const bars = fixed(finding === 'unknown' ? unknown : held + failed, 0);
  const was = {
    never: `was true at none of ${bars} bars`,
    always: `was true at all ${bars} bars`,
    unknown: `could not be answered at any of ${bars} bars`,
  };
  const shown = text.length <= RULE_CHARS ? text : `${text.slice(0, RULE_CHARS - 1)}…`;
  return `**${whose}** ${was[finding]}\n→ ${ADVICE[finding][rule]}\n-# \`${shown.replaceAll('`', "'")}\``;
}
