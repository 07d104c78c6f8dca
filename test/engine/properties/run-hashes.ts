import fc from 'fast-check';
import { backtest } from '../../../src/engine/backtest.ts';
import { generatedRuns } from '../../support/generated-runs.ts';

const RUNS = generatedRuns({ min: 10, max: 30 });

const RUNS_PER_SAMPLE = 250;

/** Input hash, result hash and number of trades of so many runs, the same ones wherever it is asked. */
export function* runHashes(runCount: number): Generator<string> {
  for (let done = 0; done < runCount; done += RUNS_PER_SAMPLE) {
    const numRuns = Math.min(RUNS_PER_SAMPLE, runCount - done);
    for (const input of fc.sample(RUNS, { seed: 20_250_150 + done, numRuns })) {
      const { input_hash, result_hash, trades } = backtest(input);
      yield `${input_hash} ${result_hash} ${trades.length}`;
    }
  }
}
