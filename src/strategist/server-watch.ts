import type { ModelReading } from './model-reading.ts';

/** Counts the plans in a row for which nothing came from the model's server. */
export type ServerWatch = {
  /** What came of the first question for a plan. */
  readonly note: (reading: ModelReading) => void;
  /** Why it is not asked any more; null while it is. */
  readonly givenUp: () => string | null;
};

/** Each takes as long as a plan may: a server that is away would hold up a run for hours. */
const FAILURES = 3;

/** For one run. Once given up, a server is not asked again, so that a run on record is replayed as it was. */
export function watchServer(): ServerWatch {
  let failures = 0;
  let last = '';
  return {
    note: (reading) => {
      if (failures === FAILURES) return;
      if (reading.kind !== 'unserved') {
        failures = 0;
        return;
      }
      failures++;
      last = reading.reason;
    },
    givenUp: () => (failures < FAILURES ? null : `not asked: the model's server failed ${FAILURES} times in a row (last: ${last})`),
  };
}
