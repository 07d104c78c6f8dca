import { marketText, type RunLine, shortRunId } from './run-list.ts';
import { shortTime } from './time-text.ts';

/** A comparison as a line of a list. */
export type ComparisonLine = Pick<RunLine, 'id' | 'state' | 'symbols' | 'timeframe' | 'createdAtMs'> & {
  /** What each variant is called. */
  readonly labels: readonly string[];
};

/** One line about a comparison, for a choice: what was compared, where it is, when. */
export function describeComparison({ id, labels, state, createdAtMs, ...market }: ComparisonLine): string {
  const compared = `comparison of ${labels.length}`;
  return [shortRunId(id), compared, marketText(market), ...(state === 'done' ? [] : [state]), `${shortTime(createdAtMs)} UTC`].join(' · ');
}
