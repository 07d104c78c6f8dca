import { Refusal } from '../engine/refusal.ts';
import { withoutCommand } from './driver-error.ts';
import { settlesWithin } from './settles-within.ts';

/** The queue could not be asked. What was to be done is not done, or not known to be. */
export class QueueUnavailable extends Refusal {
  constructor(cause: unknown) {
    super('The queue is unavailable at the moment. Wait a few seconds and try again.', { cause });
  }
}

/** A person waits, and Discord with them: better no than no answer. */
const ANSWER_MS = 2_000;

/** The answer, or `QueueUnavailable` when there is none in time. Work that is too late goes on by itself. */
export async function answerInTime<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    if (await settlesWithin(work, ANSWER_MS)) return await work;
  } catch (cause) {
    throw new QueueUnavailable(withoutCommand(cause));
  }
  throw new QueueUnavailable(new Error(`The queue did not answer within ${ANSWER_MS} ms.`));
}
