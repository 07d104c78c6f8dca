import { type BinaryExpression, type Expression, Jsep } from 'jsep';
import { TIMEFRAMES, type Timeframe } from '../bar.ts';
import type { ColumnName } from '../indicators/indicator-names.ts';
import type { Refusal } from '../refusal.ts';
import { parseColumnName } from './parse-column-name.ts';
import { BARS_BACK, MAX_NESTING } from './rule-limits.ts';
import { joinTerms, negateTerm, notTerm, quote, refuseAt, type Term } from './term.ts';

/** The parts of jsep's parser class that this reader builds on; its own types leave the class out. */
declare module 'jsep' {
  class Jsep {
    static addBinaryOp(operator: string, precedence: number): typeof Jsep;
    constructor(text: string);
    readonly expr: string;
    index: number;
    gobbleSpaces(): void;
    gobbleToken(): Expression;
    gobbleBinaryOp(): string | false;
    gobbleBinaryExpression(): Expression;
  }
}

// jsep's table of precedences belongs to the whole process: ours are additions to it, and take nothing away from its other users.
Jsep.addBinaryOp('or', 1).addBinaryOp('and', 2).addBinaryOp('crosses_above', 7).addBinaryOp('crosses_below', 7);

const BINARY_OPERATOR = /(?:and|or|crosses_above|crosses_below)\b|<=|>=|==|!=|[<>+\-*/]/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?!\w)/iy;
const NAME = /[a-z_]\w*/iy;
const RESERVED = /^(?:and|or|not|crosses_above|crosses_below)$/;

/** What people write who know another language. */
const HINTS: Readonly<Record<string, string>> = {
  '&': 'write "and"',
  '&&': 'write "and"',
  '|': 'write "or"',
  '||': 'write "or"',
  '!': 'write "not"',
  '=': 'write "=="',
  AND: 'write "and"',
  OR: 'write "or"',
  NOT: 'write "not"',
  '(': 'names take no arguments',
  '@': 'the timeframe comes right after the name, as in close@1h[1]',
  '[': 'bars back come right after a name, as in close[1]',
};

type TermNode = Expression & { readonly type: 'Term'; readonly term: Term };

/**
 * Reads a rule. jsep puts operators and operands in their order of precedence; what an operand or an operator is
 * is decided here, so nothing else of jsep's JavaScript (calls, strings, arrays, members, ternaries) can get in.
 */
export class RuleReader extends Jsep {
  #nesting = 0;
  #insideNot = false;

  readRule(): Term {
    const term = this.#readTerm();
    if (this.index < this.expr.length) throw this.#unexpected('an operator such as <, crosses_above, + or and, or the end of the rule');
    return term;
  }

  override gobbleToken(): TermNode {
    this.gobbleSpaces();
    const start = this.index;
    if (this.#take(/\(/y) !== null) return this.#nest(() => this.#readGroup(start));
    if (this.#take(/-/y) !== null) return this.#nest(() => negateTerm(this.gobbleToken().term, start));
    if (this.#take(/not\b/y) !== null) return this.#nest(() => this.#readNot(start));
    return toNode(this.#readNumber(start) ?? this.#readColumn(start));
  }

  override gobbleBinaryOp(): string | false {
    this.gobbleSpaces();
    const start = this.index;
    const operator = this.#take(BINARY_OPERATOR);
    if (operator === null) return false;
    if (!this.#insideNot || (operator !== 'and' && operator !== 'or')) return operator;
    // `not` ends in front of these: they bind looser than it does.
    this.index = start;
    return false;
  }

  #readTerm(): Term {
    const term = this.#toTerm(this.gobbleBinaryExpression());
    this.gobbleSpaces();
    return term;
  }

  #readGroup(start: number): Term {
    const outerNot = this.#insideNot;
    this.#insideNot = false;
    const term = this.#readTerm();
    this.#insideNot = outerNot;
    if (this.#take(/\)/y) === null) throw this.#unexpected(`an operator or the ")" that closes the "(" of column ${start + 1}`);
    return { ...term, start, chainable: false };
  }

  #readNot(start: number): Term {
    const outerNot = this.#insideNot;
    this.#insideNot = true;
    const term = this.#readTerm();
    this.#insideNot = outerNot;
    return notTerm(term, start);
  }

  #readNumber(start: number): Term | null {
    const digits = this.#take(NUMBER);
    if (digits === null) return null;
    const value = Number(digits);
    if (!Number.isFinite(value)) throw refuseAt(start, `the number ${quote(digits)} is too large; type a smaller one`);
    return { kind: 'value', start, chainable: false, value: { kind: 'number', value } };
  }

  #readColumn(start: number): Term {
    const word = this.#take(NAME);
    if (word === null || RESERVED.test(word)) {
      this.index = start;
      throw this.#unexpected('a number, a name such as close or rsi, "-", "not" or "("');
    }
    const name = parseColumnName(word, start);
    const value = { kind: 'column', name, timeframe: this.#readTimeframe(), barsBack: this.#readBarsBack(name) } as const;
    return { kind: 'value', start, chainable: false, value };
  }

  #readTimeframe(): Timeframe | null {
    const start = this.index;
    const text = this.#take(/@\w*/y);
    if (text === null) return null;
    const timeframe = TIMEFRAMES.find((known) => `@${known}` === text);
    if (timeframe === undefined)
      throw refuseAt(start, `"${quote(text)}" is no timeframe; type one of ${TIMEFRAMES.map((known) => `@${known}`).join(' ')}`);
    return timeframe;
  }

  #readBarsBack(name: ColumnName): number {
    const start = this.index;
    if (this.#take(/\[/y) === null) return 0;
    const digits = this.#take(/\s*\d+\s*\]/y);
    const bars = digits === null ? Number.NaN : Number.parseInt(digits, 10);
    if (bars <= BARS_BACK.max) return bars;
    throw refuseAt(start, `"[" wants a whole number of bars back from ${BARS_BACK.min} to ${BARS_BACK.max} and "]", as in ${name}[1]`);
  }

  /** jsep's tree over our operands, folded into one of them. */
  #toTerm(node: Expression): Term {
    if (isTermNode(node)) return node.term;
    if (!isBinary(node)) throw new Error(`jsep built a ${node.type} out of a rule.`);
    return joinTerms(node.operator, this.#toTerm(node.left), this.#toTerm(node.right));
  }

  #nest(read: () => Term): TermNode {
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING)
      throw refuseAt(this.index - 1, `more than ${MAX_NESTING} levels of "(", "-" and "not"; type a flatter rule`);
    const node = toNode(read());
    this.#nesting -= 1;
    return node;
  }

  /** What the sticky pattern matches right here, now read; null when it does not match. */
  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.index;
    const text = pattern.exec(this.expr)?.[0] ?? null;
    if (text !== null) this.index += text.length;
    return text;
  }

  #unexpected(wanted: string): Refusal {
    const found = /^(?:\w+|&&|\|\||.)/su.exec(this.expr.slice(this.index))?.[0];
    const hint = found === undefined || !Object.hasOwn(HINTS, found) ? '' : `; ${HINTS[found]}`;
    return refuseAt(this.index, `found ${found === undefined ? 'the end of the rule' : `"${quote(found)}"`}, expected ${wanted}${hint}`);
  }
}

function toNode(term: Term): TermNode {
  return { type: 'Term', term };
}

function isTermNode(node: Expression): node is TermNode {
  return node.type === 'Term';
}

function isBinary(node: Expression): node is BinaryExpression {
  return node.type === 'BinaryExpression';
}
