import { Refusal } from '../refusal.ts';
import { formatValue } from './format-rule.ts';
import type { Rule } from './rule.ts';
import { MAX_RULE_LENGTH } from './rule-limits.ts';
import { RuleReader } from './rule-reader.ts';
import { quote, refuseAt } from './term.ts';

/** Rules read lately: a session asks for the same ones at every bar. */
const KEPT_RULES = 1_000;
const kept = new Map<string, Rule>();

/** Parses the text of a rule, or throws a Refusal that says at which column what was wanted. */
export function parseRule(text: string): Rule {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const rule = readRule(text);
  if (kept.size === KEPT_RULES) kept.clear();
  kept.set(text, rule);
  return rule;
}

function readRule(text: string): Rule {
  if (text.length > MAX_RULE_LENGTH) {
    throw new Refusal(`The rule has ${text.length} characters; type one of at most ${MAX_RULE_LENGTH}.`);
  }
  if (text.trim() === '') throw new Refusal('The rule is empty; type a condition such as rsi < 30.');

  const term = new RuleReader(text).readRule();
  if (term.kind === 'condition') return term.rule;
  const seen = quote(formatValue(term.value));
  throw refuseAt(term.start, `a rule is a condition, and ${seen} is a number; compare it, as in ${seen} > 0`);
}
