import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import type { EnginePool, ThreadModule } from '../jobs/engine-pool.ts';
import type { LoadOptions } from '../jobs/engine-processor.ts';
import { loadCandles, readCoverage, saveCandles } from '../store/candles.ts';
import { saveFunding } from '../store/funding.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';
import { answerSimulation, type Simulated, type SimulationAnswer, type SimulationTask } from './simulate.thread.ts';

export type Simulate = (task: SimulationTask, signal: AbortSignal) => Promise<Simulated>;

const THREAD: ThreadModule<SimulationTask, SimulationAnswer> = {
  url: new URL('./simulate.thread.ts', import.meta.url),
  name: answerSimulation.name,
  answer: answerSimulation,
};

/** The simulated market on the engine's threads: years of it are seconds of work. */
export function simulateOn({ runModule }: Pick<EnginePool, 'runModule'>): Simulate {
  return async (task, signal) => {
    const answer = await runModule(THREAD, task, signal);
    if (answer.kind === 'refused') throw new Refusal(answer.message);
    return answer;
  };
}

type Wanted = {
  readonly source: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly startMs: number;
  readonly endMs: number;
  readonly seed: number;
};

type Ports = { readonly pool: Pool; readonly simulate: Simulate };

/** Made and kept at once: little enough for progress to be told and an abort to be heard. */
const PART_DAYS = 64;

/** Makes what is not kept yet of the simulated market and its funding, and keeps it part by part. */
export async function keepSimulated({ pool, simulate }: Ports, wanted: Wanted, { signal, onProgress }: LoadOptions): Promise<void> {
  const { source, symbol, timeframe, seed } = wanted;
  const barMs = TIMEFRAME_MS[timeframe];
  const startMs = Math.ceil(wanted.startMs / barMs) * barMs;
  const endMs = Math.ceil(wanted.endMs / barMs) * barMs;
  if (await isKeptWhole(pool, { ...wanted, startMs, endMs })) return;

  for (let fromMs = startMs; fromMs < endMs; ) {
    const toMs = Math.min(endMs, (Math.floor(fromMs / DAY_MS) + PART_DAYS) * DAY_MS);
    const part = { source, symbol, timeframe, startMs: fromMs, endMs: toMs };
    const kept = await loadCandles(pool, part);
    if (kept.openTimeMs.length < (toMs - fromMs) / barMs) {
      const { candles, funding } = await simulate({ symbol, timeframe, startMs: fromMs, endMs: toMs, seed }, signal);
      await transact(pool, async (tx) => {
        await saveCandles(tx, { source, symbol, timeframe, candles });
        await saveFunding(tx, { source, symbol, funding });
      });
    }
    onProgress((toMs - startMs) / (endMs - startMs));
    fromMs = toMs;
  }
}

/** Whether a series without gaps covers the range: known without reading its bars. */
async function isKeptWhole(pool: Pool, { source, symbol, timeframe, startMs, endMs }: Wanted): Promise<boolean> {
  const coverage = await readCoverage(pool, { source, symbol, timeframe });
  if (coverage === null) return false;
  const { firstOpenMs, lastOpenMs, bars } = coverage;
  const barMs = TIMEFRAME_MS[timeframe];
  const isWithoutGaps = bars === (lastOpenMs - firstOpenMs) / barMs + 1;
  return isWithoutGaps && firstOpenMs <= startMs && lastOpenMs >= endMs - barMs;
}
