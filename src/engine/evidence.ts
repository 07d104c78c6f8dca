import type { ReturnInterval } from './return-interval.ts';

/** How far a result is to be believed. */
export type Evidence = {
  readonly days: number;
  readonly trades: number;
  /** Null when the sample is too small to be drawn from. */
  readonly return_interval: ReturnInterval | null;
  /** Null when nobody asked: the variants of a comparison share what was asked of their base. */
  readonly look_ahead: LookAhead | null;
};

/** Whether a run comes out the same when what came after one of its decisions never happened. */
export type LookAhead = {
  readonly verdict: 'none_seen' | 'seen' | 'nothing_to_test';
  /** The close of the decision after which all bars were taken away; ms UTC. */
  readonly cut_time: number | null;
  /** What was compared up to there. */
  readonly trades: number;
  readonly closes: number;
  /** What came out otherwise; null when nothing did. */
  readonly differs: string | null;
};
