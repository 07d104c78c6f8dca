import type { Timeframe } from '../engine/bar.ts';
import { nearestName } from '../engine/nearest-name.ts';
import type { Plan } from '../engine/plan.ts';
import { Refusal } from '../engine/refusal.ts';
import { aggressiveActive } from './strategies/aggressive-active.ts';
import type { Strategy } from './strategies/strategy.ts';

export const STRATEGIES: readonly Strategy[] = [aggressiveActive];

/** The strategy's plan for these symbols, every trigger on the base timeframe and named after its symbol. */
export function planOfStrategy(strategyId: string, symbols: readonly string[], timeframe: Timeframe): Plan {
  const { regime, stance, rationale, triggers, emergencyExit } = findStrategy(strategyId);
  return {
    regime,
    stance,
    rationale,
    triggers: symbols.flatMap((symbol) =>
      triggers.map((trigger) => ({ ...trigger, id: `${symbol.toLowerCase()}-${trigger.id}`, symbol, timeframe })),
    ),
    emergency_exit: emergencyExit,
    levels: null,
  };
}

function findStrategy(strategyId: string): Strategy {
  const ids = STRATEGIES.map(({ id }) => id);
  const strategy = STRATEGIES.find(({ id }) => id === strategyId);
  if (strategy !== undefined) return strategy;
  throw new Refusal(`There is no strategy "${strategyId}"; the nearest is ${nearestName(strategyId, ids)} (all: ${ids.join(', ')})`);
}
