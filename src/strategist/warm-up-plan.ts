import type { Plan } from '../engine/plan.ts';
import type { PlanScope } from '../engine/validate-plan.ts';

/** Bars that the regime looks back beyond the first known value of a column. */
const LOOKBACK_BARS = 100;

/**
 * A plan that never trades and reads whatever a snapshot does: a run that will be planned as it goes does not know its plans
 * yet, and loads as many earlier bars as this one needs.
 */
export function warmUpPlan({ symbols, timeframes }: PlanScope): Plan {
  return {
    regime: 'mixed',
    stance: 'wait',
    rationale: 'Waits for the first plan.',
    triggers: symbols.flatMap((symbol) =>
      timeframes.map((timeframe) => ({
        id: `${symbol}-${timeframe}`.toLowerCase(),
        symbol,
        timeframe,
        side: 'long' as const,
        category: 'trend_continuation' as const,
        grade: 'C' as const,
        entry: `sma_long[${LOOKBACK_BARS}] < 0 and adx[${LOOKBACK_BARS}] < 0 and macd_signal[${LOOKBACK_BARS}] > 0`,
        exit: null,
        stop: { kind: 'atr' as const, multiple: 1 },
        target: null,
      })),
    ),
    emergency_exit: null,
    levels: null,
  };
}
