/** Three-valued truth: a condition over values that are not known yet is itself unknown. */
export type Tri = 0 | 1 | 2;

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
