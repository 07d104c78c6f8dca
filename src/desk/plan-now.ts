import { randomUUID } from 'node:crypto';
import { Refusal } from '../engine/refusal.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { StrategistSpec } from '../engine/strategist-spec.ts';
import { openEnginePool } from '../jobs/engine-pool.ts';
import type { PlanNow } from '../render/plan-page.ts';
import { planNow } from '../strategist/plan-now.ts';
import { settleCandleSource } from './candle-source.ts';
import { openExchangeService } from './exchange-service.ts';
import { simulateOn } from './keep-simulated.ts';
import { loadBacktestInput } from './load-input.ts';
import type { Desk } from './open-desk.ts';
import { recordOf } from './plan-backtest.ts';
import { openPlanner, settleStrategist } from './strategist.ts';

/** Plans on the latest bars, at once: somebody waits for it, and nothing is queued. */
export type PlanningNow = {
  readonly planNow: (guildId: string, asked: AskedRun & { readonly strategist: StrategistSpec }) => Promise<PlanNow>;
  readonly close: () => Promise<void>;
};

/** For the bars; the planner has a limit of its own. */
const LOAD_MS = 45_000;

/** What it needs is opened when it is first asked, so that whoever never asks never pays for it. */
export function openPlanningNow({ pool, config, reportError }: Pick<Desk, 'pool' | 'config' | 'reportError'>): PlanningNow {
  const engine = openEnginePool({ threads: 1, reportError });
  const exchange = openExchangeService({ exchangeId: config.exchangeId, baseUrl: config.exchangeBaseUrl });
  const ports = { pool, exchange, simulate: simulateOn(engine) };
  const closing = new AbortController();
  const underWay = new Set<string>();

  async function load(guildId: string, asked: AskedRun) {
    const limit = AbortSignal.timeout(LOAD_MS);
    const signal = AbortSignal.any([limit, closing.signal]);
    try {
      const spec = await settleCandleSource({ ...ports, signal }, guildId, asked);
      return await loadBacktestInput(ports, spec, { signal, onProgress: () => {} });
    } catch (error) {
      if (!limit.aborted) throw error;
      throw new Refusal(`The bars were not there within ${LOAD_MS / 1_000} s; fetch them first with /candles fetch`, { cause: error });
    }
  }

  async function planFor(guildId: string, asked: AskedRun & { readonly strategist: StrategistSpec }): Promise<PlanNow> {
    const strategist = settleStrategist(asked.strategist, config);
    const input = await load(guildId, { ...asked, strategist });
    const planner = openPlanner(strategist, { pool, access: config, workId: randomUUID() });
    const { answered, closeMs } = await planNow(input, planner, closing.signal);
    const record = recordOf(answered);
    return {
      symbols: asked.symbols,
      timeframe: asked.timeframes[0],
      source: input.source,
      simulated: input.simulated,
      closeMs,
      view: { plan: answered.answer.plan?.plan ?? null, dropped: record.dropped, before: null, record, askedMs: closeMs, inForce: null },
    };
  }

  return {
    planNow: async (guildId, asked) => {
      if (underWay.has(guildId)) throw new Refusal('A plan is being made for this server already; wait for it');
      underWay.add(guildId);
      try {
        return await planFor(guildId, asked);
      } finally {
        underWay.delete(guildId);
      }
    },
    close: async () => {
      closing.abort();
      await exchange.close();
      await engine.close();
    },
  };
}
