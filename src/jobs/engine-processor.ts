import { type EndPorts, endingProcessor } from './ending-processor.ts';
import type { RunOnThread } from './engine-pool.ts';
import type { JobProcessor } from './run-job.ts';

/** Fetching bars may take a while: it can be aborted, and tells how much is done, from 0 to 1, and of what, if not of loading. */
export type LoadOptions = { readonly signal: AbortSignal; readonly onProgress: (done: number, stage?: string) => void };

/** The outside world that work on the engine needs: a backtest, or a comparison of several. */
export type EnginePorts<Asked, Input, Result> = EndPorts & {
  /** What was asked for; null when the work has ended already and nothing is left to do. */
  readonly begin: (id: string, guildId: string) => Promise<Asked | null>;
  readonly loadInput: (asked: Asked, options: LoadOptions) => Promise<Input>;
  readonly runEngine: RunOnThread<Input, Result>;
  readonly saveResult: (id: string, result: Result) => Promise<unknown>;
};

type Guilded = { readonly guildId: string };

type Work<Payload, Asked, Input, Result> = {
  readonly idOf: (payload: Payload) => string;
  readonly ports: EnginePorts<Asked, Input, Result>;
};

/** Begins stored work, loads what it needs, runs it on a thread and saves what came out. */
export function engineProcessor<Payload extends Guilded, Asked, Input, Result>({
  idOf,
  ports,
}: Work<Payload, Asked, Input, Result>): JobProcessor<Payload> {
  return endingProcessor({
    ports,
    idOf,
    work: async (payload, { signal, report }) => {
      const id = idOf(payload);
      const asked = await ports.begin(id, payload.guildId);
      if (asked === null) return;

      report({ stage: 'loading', fraction: 0 });
      const onProgress = (fraction: number, stage = 'loading') => report({ stage, fraction });
      const input = await ports.loadInput(asked, { signal, onProgress });

      report({ stage: 'running', fraction: 0 });
      const result = await ports.runEngine(input, { signal, onProgress: (fraction) => report({ stage: 'running', fraction }) });

      report({ stage: 'saving', fraction: 1 });
      await ports.saveResult(id, result);
    },
  });
}
