import type { Timeframe } from '../engine/bar.ts';
import type { Candles, FundingRates } from '../engine/candles.ts';
import { Refusal } from '../engine/refusal.ts';
import { type SimulatedRange, simulateCandles, simulateFunding } from '../market/simulated.ts';

export type SimulationTask = SimulatedRange & { readonly timeframe: Timeframe };

export type Simulated = { readonly candles: Candles; readonly funding: FundingRates };

/** What the thread answers. The columns lie on shared memory; a refusal crosses as data, because its class does not survive the crossing. */
export type SimulationAnswer = ({ readonly kind: 'simulated' } & Simulated) | { readonly kind: 'refused'; readonly message: string };

/** Runs in a thread of the engine pool. */
export function answerSimulation(task: SimulationTask): SimulationAnswer {
  try {
    return { kind: 'simulated', candles: simulateCandles(task), funding: simulateFunding(task) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    throw error;
  }
}
