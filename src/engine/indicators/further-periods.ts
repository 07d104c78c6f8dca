/** Window lengths of the indicators beyond the table; bars, well below SETTLING_BARS. */
export type FurtherPeriods = {
  readonly stoch: number;
  /** The rsi, and the window it is placed in. */
  readonly stoch_rsi: number;
  readonly cci: number;
  readonly mfi: number;
  readonly williams_r: number;
  readonly aroon: number;
  /** Of `plus_di` and `minus_di`. */
  readonly directions: number;
  readonly supertrend: number;
  readonly keltner_average: number;
  readonly keltner_range: number;
  readonly wma: number;
  readonly hma: number;
  readonly dema: number;
  readonly tema: number;
  readonly vwma: number;
  readonly cmf: number;
};

export const STANDARD_FURTHER: FurtherPeriods = {
  stoch: 14,
  stoch_rsi: 14,
  cci: 20,
  mfi: 14,
  williams_r: 14,
  aroon: 25,
  directions: 14,
  supertrend: 10,
  keltner_average: 20,
  keltner_range: 10,
  wma: 20,
  hma: 20,
  dema: 20,
  tema: 20,
  vwma: 20,
  cmf: 20,
};

export const SHORT_TERM_FURTHER: FurtherPeriods = {
  stoch: 5,
  stoch_rsi: 7,
  cci: 10,
  mfi: 7,
  williams_r: 7,
  aroon: 14,
  directions: 7,
  supertrend: 7,
  keltner_average: 10,
  keltner_range: 5,
  wma: 10,
  hma: 10,
  dema: 10,
  tema: 10,
  vwma: 10,
  cmf: 10,
};
