/** Three-valued truth: a condition over values that are not known yet is itself unknown. */
export type Tri = 0 | 1 | 2;

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;

/** a < b, where NaN is a number not known. */
export function isBelow(a: number, b: number): Tri {
  return a < b ? TRUE : a >= b ? FALSE : UNKNOWN;
}

export function isAtMost(a: number, b: number): Tri {
  return a <= b ? TRUE : a > b ? FALSE : UNKNOWN;
}

export function isEqual(a: number, b: number): Tri {
  return a === b ? TRUE : a < b || a > b ? FALSE : UNKNOWN;
}

/** Kleene's and: one false settles it, whatever the other may turn out to be. */
export function both(a: Tri, b: Tri): Tri {
  if (a === FALSE || b === FALSE) return FALSE;
  return a === TRUE ? b : UNKNOWN;
}

/** Kleene's or: one true settles it. */
export function either(a: Tri, b: Tri): Tri {
  if (a === TRUE || b === TRUE) return TRUE;
  return a === FALSE ? b : UNKNOWN;
}

export function opposite(a: Tri): Tri {
  return a === UNKNOWN ? UNKNOWN : a === TRUE ? FALSE : TRUE;
}
