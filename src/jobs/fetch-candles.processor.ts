import type { z } from 'zod';
import { type EndPorts, endingProcessor } from './ending-processor.ts';
import type { fetchCandlesJob } from './fetch-candles.job.ts';
import type { JobProcessor } from './run-job.ts';

export type FetchSummary = { readonly market: string; readonly hasFunding: boolean };

/** What the row of a fetch asks for, and how much of it earlier attempts have done. */
type Begun = { readonly progress: number };

/** The outside world a fetch needs. */
export type FetchPorts<Request extends Begun> = EndPorts & {
  /** Null when the fetch has ended already and nothing is left to do. */
  readonly beginFetch: (fetchId: string, guildId: string) => Promise<Request | null>;
  /** Keeps what it gets at once, so that it may be aborted and begun again; tells how much is done, from 0 to 1. */
  readonly fetchCandles: (
    request: Request,
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ) => Promise<FetchSummary>;
  readonly saveSummary: (fetchId: string, summary: FetchSummary) => Promise<unknown>;
};

type Payload = z.infer<typeof fetchCandlesJob.payload>;

export function fetchCandlesProcessor<Request extends Begun>(ports: FetchPorts<Request>): JobProcessor<Payload> {
  return endingProcessor({
    ports,
    idOf: ({ fetchId }) => fetchId,
    work: async ({ fetchId, guildId }, { signal, report }) => {
      const request = await ports.beginFetch(fetchId, guildId);
      if (request === null) return;

      report({ stage: 'fetching', fraction: request.progress });
      const summary = await ports.fetchCandles(request, { signal, onProgress: (fraction) => report({ stage: 'fetching', fraction }) });
      await ports.saveSummary(fetchId, summary);
    },
  });
}
