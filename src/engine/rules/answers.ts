import type { Operand } from './compile-value.ts';
import type { Tri } from './tri.ts';

// The truths that the loops ask at every turn are their own: what is imported or exported is looked up anew each time, which takes as
// long again as the rest of the turn. They are those of tri.ts.
const FALSE = 0;
const TRUE = 1;
const UNKNOWN = 2;

/** Writes whether left < right, where NaN is a number not known. */
export function writeBelow(answers: Uint8Array, count: number, left: Operand, right: Operand): void {
  const { column: a, start: aStart, mask: aMask } = left;
  const { column: b, start: bStart, mask: bMask } = right;
  for (let at = 0; at < count; at++) {
    answers[at] = isBelow(a[(aStart + at) & aMask] as number, b[(bStart + at) & bMask] as number);
  }
}

export function writeAtMost(answers: Uint8Array, count: number, left: Operand, right: Operand): void {
  const { column: a, start: aStart, mask: aMask } = left;
  const { column: b, start: bStart, mask: bMask } = right;
  for (let at = 0; at < count; at++) {
    answers[at] = isAtMost(a[(aStart + at) & aMask] as number, b[(bStart + at) & bMask] as number);
  }
}

export function writeEqual(answers: Uint8Array, count: number, left: Operand, right: Operand): void {
  const { column: a, start: aStart, mask: aMask } = left;
  const { column: b, start: bStart, mask: bMask } = right;
  for (let at = 0; at < count; at++) {
    answers[at] = isEqual(a[(aStart + at) & aMask] as number, b[(bStart + at) & bMask] as number);
  }
}

export function negate(answers: Uint8Array, count: number): void {
  for (let at = 0; at < count; at++) answers[at] = opposite(answers[at] as Tri);
}

/** Answers that have only just become true: each joined with the opposite of the one before it. */
export function keepRises(answers: Uint8Array, count: number, beforeFirst: Tri): void {
  let before = beforeFirst;
  for (let at = 0; at < count; at++) {
    const now = answers[at] as Tri;
    answers[at] = both(now, opposite(before));
    before = now;
  }
}

/** Kleene's and: one false settles it, whatever the other may turn out to be. */
export function joinBoth(answers: Uint8Array, count: number, others: Uint8Array): void {
  for (let at = 0; at < count; at++) answers[at] = both(answers[at] as Tri, others[at] as Tri);
}

/** Kleene's or: one true settles it. */
export function joinEither(answers: Uint8Array, count: number, others: Uint8Array): void {
  for (let at = 0; at < count; at++) answers[at] = either(answers[at] as Tri, others[at] as Tri);
}

export function areAll(answers: Uint8Array, count: number, wanted: Tri): boolean {
  for (let at = 0; at < count; at++) if (answers[at] !== wanted) return false;
  return true;
}

function isBelow(a: number, b: number): Tri {
  return a < b ? TRUE : a >= b ? FALSE : UNKNOWN;
}

function isAtMost(a: number, b: number): Tri {
  return a <= b ? TRUE : a > b ? FALSE : UNKNOWN;
}

function isEqual(a: number, b: number): Tri {
  return a === b ? TRUE : a < b || a > b ? FALSE : UNKNOWN;
}

function both(a: Tri, b: Tri): Tri {
  if (a === FALSE || b === FALSE) return FALSE;
  return a === TRUE ? b : UNKNOWN;
}

function either(a: Tri, b: Tri): Tri {
  if (a === TRUE || b === TRUE) return TRUE;
  return a === FALSE ? b : UNKNOWN;
}

function opposite(a: Tri): Tri {
  return a === UNKNOWN ? UNKNOWN : a === TRUE ? FALSE : TRUE;
}
