/** Statistics of a sample smaller than this say n/a. */
export const ENOUGH_TRADES = 10;
export const ENOUGH_DAYS = 14;
