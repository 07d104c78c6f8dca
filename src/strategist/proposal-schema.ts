import { z } from 'zod';
import type { PlanScope } from '../engine/validate-plan.ts';

/**
 * The only shape a model may answer in. It chooses among the run's symbols and timeframes and writes rules; there is no field
 * for a size, a leverage, an address or an order. Every field is there, as strict schemas want it. Ranges are told in
 * words and judged trigger by trigger by the plan's own validation, not here, where one number would cost the whole answer.
 */
export function proposalSchema({ symbols, timeframes }: PlanScope) {
  const symbol = z.enum(symbols);
  const distance = z.number().describe('Above 0');
  return z.strictObject({
    regime: z.enum(['bull', 'bear', 'range', 'high_vol', 'mixed']),
    stance: z.enum(['active', 'defensive', 'wait']).describe('defensive halves the risk of each entry, wait allows none'),
    rationale: z.string().describe('One paragraph of plain sentences that a trader understands; at most 1 000 characters'),
    triggers: z
      .array(
        z.strictObject({
          id: z.string().describe('1–64 letters, digits, - or _; keep the id of a trigger that lives on'),
          symbol,
          timeframe: z.enum(timeframes).describe('Whose bars the rules are asked on'),
          side: z.enum(['long', 'short']),
          category: z.enum(['trend_continuation', 'reversal', 'volatility_breakout', 'mean_reversion']),
          grade: z.enum(['A', 'B', 'C']).describe('How much you believe in it; A is best'),
          entry: z.string().describe('A rule; it fires only when true'),
          exit: z.string().nullable().describe('A rule, or null for stop and target alone'),
          stop: z
            .strictObject({ kind: z.enum(['atr', 'pct']), value: distance })
            .describe(
              'Distance from the close: ATRs of the timeframe (at most 100), or percent (a long: below 100); at least twice round_trip_cost_pct',
            ),
          target: z
            .strictObject({ kind: z.enum(['r', 'pct']), value: distance })
            .nullable()
            .describe('Distance from the close: multiples of the stop distance (at most 1 000), or percent'),
        }),
      )
      .describe('One to six for each symbol, best first; none with stance wait'),
    emergency_exit: z.string().nullable().describe('A rule asked at each base close per open position, or null'),
    levels: z
      .array(
        z.strictObject({
          symbol,
          support: z.array(z.number()).describe('Prices below the close, at most 50'),
          resistance: z.array(z.number()).describe('Prices above the close, at most 50'),
        }),
      )
      .describe('The levels whose break should bring a new plan; at most one entry for a symbol'),
  });
}

export type Proposal = z.infer<ReturnType<typeof proposalSchema>>;

/** The same as the plan's own schema says it; still to be validated. */
export function planFromProposal({ triggers, levels, ...rest }: Proposal): unknown {
  return {
    ...rest,
    triggers: triggers.map(({ stop, target, ...trigger }) => ({
      ...trigger,
      stop: stop.kind === 'atr' ? { kind: 'atr', multiple: stop.value } : { kind: 'pct', pct: stop.value },
      target: target === null ? null : target.kind === 'r' ? { kind: 'r', multiple: target.value } : { kind: 'pct', pct: target.value },
    })),
    levels: levels.length === 0 ? null : Object.fromEntries(levels.map(({ symbol, ...prices }) => [symbol, prices])),
  };
}
