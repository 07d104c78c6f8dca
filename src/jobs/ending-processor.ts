import { Refusal } from '../engine/refusal.ts';
import type { JobContext, JobProcessor } from './run-job.ts';

/** Each of the saves ends the work unless it has ended already. */
export type EndPorts = {
  readonly saveRefusal: (id: string, reason: string) => Promise<unknown>;
  /** The reference is what people are shown and what the report of the error carries. */
  readonly saveFailure: (id: string, reference: string) => Promise<unknown>;
  readonly reportError: (error: unknown, reference: string) => void;
};

type Work<Payload> = {
  readonly idOf: (payload: Payload) => string;
  readonly work: (payload: Payload, context: JobContext) => Promise<void>;
  readonly ports: EndPorts;
};

/** The processor of work whose row tells how it ended: a refusal is an end, and so is a failure that nobody tries again. */
export function endingProcessor<Payload>({ idOf, work, ports }: Work<Payload>): JobProcessor<Payload> {
  return {
    process: async (payload, context) => {
      try {
        await work(payload, context);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await ports.saveRefusal(idOf(payload), error.message);
      }
    },

    abandon: async (payload, error) => {
      // Made from the id, so that a job that is abandoned twice tells people the same reference.
      const reference = idOf(payload).slice(0, 8);
      ports.reportError(error, reference);
      await ports.saveFailure(idOf(payload), reference);
    },
  };
}
