/** Longest rule that is read; characters. */
export const MAX_RULE_LENGTH = 1000;

/** Deepest "(", "-" and "not" inside each other, so that hostile text cannot exhaust the stack. */
export const MAX_NESTING = 50;

/** What [n] may ask for; bars. */
export const BARS_BACK = { min: 0, max: 500 } as const;
