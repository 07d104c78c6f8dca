import { Refusal } from '../engine/refusal.ts';
import type { FetchOutcome, FetchRequest } from './fetch-candles.job.ts';
import type { JobProcessor } from './run-job.ts';

export type FetchSummary = { readonly market: string; readonly newBars: number; readonly hasFunding: boolean };

export type FetchPorts = {
  /** Keeps what it gets at once, so that it may be aborted and begun again; tells how much is done, from 0 to 1. */
  readonly fetchCandles: (
    request: FetchRequest,
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ) => Promise<FetchSummary>;
  /** Writes the message about the end, once, however often it is told. */
  readonly tell: (request: FetchRequest, outcome: FetchOutcome) => Promise<void>;
  readonly reportError: (error: unknown, reference: string) => void;
};

export function fetchCandlesProcessor({ fetchCandles, tell, reportError }: FetchPorts): JobProcessor<FetchRequest> {
  return {
    process: async (request, { signal, report }) => {
      const { userId, symbol, timeframe } = request;
      report({ stage: 'fetching', fraction: 0 });
      try {
        const summary = await fetchCandles(request, { signal, onProgress: (fraction) => report({ stage: 'fetching', fraction }) });
        await tell(request, { kind: 'fetched', userId, symbol, timeframe, ...summary });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await tell(request, { kind: 'refused', userId, reason: error.message });
      }
    },

    abandon: async (request, error) => {
      const reference = request.fetchId.slice(0, 8);
      reportError(error, reference);
      await tell(request, { kind: 'failed', userId: request.userId, reference });
    },
  };
}
