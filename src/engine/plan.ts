import { z } from 'zod';
import { symbolSchema, timeframeSchema } from './bar.ts';

const RULE_LENGTH = 1_000;
const ID_PATTERN = /^[a-z0-9][a-z0-9_-]{0,63}$/i;

const ruleSchema = z.string().min(1).max(RULE_LENGTH).describe('A condition in the rule language');

const stopSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('atr'),
    multiple: z.number().gt(0).max(100).describe("Distance in ATRs of the trigger's timeframe, above 0 to 100"),
  }),
  z.strictObject({ kind: z.literal('pct'), pct: z.number().gt(0).max(100).describe('Distance from the close; %, above 0 to 100') }),
]);

const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('r'), multiple: z.number().gt(0).max(1_000).describe('Distance in stop distances, above 0 to 1 000') }),
  z.strictObject({ kind: z.literal('pct'), pct: z.number().gt(0).max(1_000).describe('Distance from the close; %, above 0 to 1 000') }),
]);

/** One way into a trade and out of it. Stop and target are fixed at the decision and do not move with the fill. */
export const triggerSchema = z.strictObject({
  id: z.string().regex(ID_PATTERN, 'an id is 1–64 letters, digits, - or _').describe('Stable across replans'),
  symbol: symbolSchema,
  timeframe: timeframeSchema.describe('Whose bars the rules are asked on'),
  side: z.enum(['long', 'short']),
  category: z.enum(['trend_continuation', 'reversal', 'volatility_breakout', 'mean_reversion']),
  grade: z.enum(['A', 'B', 'C']).describe('How much the planner believes in it; A is best'),
  entry: ruleSchema,
  exit: ruleSchema.nullable().default(null),
  stop: stopSchema,
  target: targetSchema.nullable().default(null),
});

export type Trigger = Readonly<z.infer<typeof triggerSchema>>;

const levelsSchema = z.record(
  symbolSchema,
  z.strictObject({
    support: z.array(z.number().gt(0)).max(50).describe('Prices below the market'),
    resistance: z.array(z.number().gt(0)).max(50).describe('Prices above the market'),
  }),
);

/** What a planner hands in: everything but the triggers must be right, the triggers are judged one by one. */
export const proposedPlanSchema = z.strictObject({
  regime: z.enum(['bull', 'bear', 'range', 'high_vol', 'mixed']),
  stance: z.enum(['active', 'defensive', 'wait']).describe('defensive halves position risk, wait allows no entries'),
  rationale: z.string().max(4_000).describe('One paragraph that a trader understands'),
  triggers: z.array(z.unknown()).max(200),
  emergency_exit: ruleSchema.nullable().default(null).describe('Asked at each base close per open position'),
  levels: levelsSchema.nullable().default(null),
});

/** A plan whose every part has been checked; only `validatePlan` makes one. */
export type Plan = Readonly<Omit<z.infer<typeof proposedPlanSchema>, 'triggers'>> & { readonly triggers: readonly Trigger[] };
