import { Refusal } from '../refusal.ts';
import { formatValue } from './format-rule.ts';
import type { Rule } from './rule.ts';
import { MAX_RULE_LENGTH } from './rule-limits.ts';
import { RuleReader } from './rule-reader.ts';
import { quote, refuseAt } from './term.ts';

/** Parses the text of a rule, or throws a Refusal that says at which column what was wanted. */
export function parseRule(text: string): Rule {
  if (text.length > MAX_RULE_LENGTH) {
    throw new Refusal(`The rule has ${text.length} characters; type one of at most ${MAX_RULE_LENGTH}.`);
  }
  if (text.trim() === '') throw new Refusal('The rule is empty; type a condition such as rsi < 30.');

  const term = new RuleReader(text).readRule();
  if (term.kind === 'condition') return term.rule;
  const seen = quote(formatValue(term.value));
  throw refuseAt(term.start, `a rule is a condition, and ${seen} is a number; compare it, as in ${seen} > 0`);
}
