import { z } from 'zod';
import { symbolSchema } from '../bar.ts';
import { EXIT_REASONS } from '../result.ts';

const timeMs = z.int().min(0);
const price = z.number().positive().describe('Quote currency');

const barSchema = z.strictObject({
  open: price,
  high: price,
  low: price,
  close: price,
  volume: z.number().min(0).describe('Base currency'),
});

/**
 * Everything that can happen to a session. The log of its inputs is the session: folding them rebuilds it, and nothing
 * else is needed.
 */
export const sessionInputSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('history'),
      symbol: symbolSchema,
      bars: z.array(barSchema.extend({ openTimeMs: timeMs })).min(1),
    })
    .describe('Earlier bars: they fill columns, never trade'),
  z
    .strictObject({
      kind: z.literal('bars'),
      openTimeMs: timeMs.describe('When these bars opened; ms UTC'),
      bars: z.record(symbolSchema, barSchema).describe('The closed bars of that time; a symbol without one is left out'),
    })
    .describe('Base bars that closed together'),
  z
    .strictObject({ kind: z.literal('mark'), timeMs, prices: z.record(symbolSchema, price) })
    .describe('Prices between two bars: a live session walks away by them, a paper one only tells'),
  z
    .strictObject({
      kind: z.literal('funding'),
      symbol: symbolSchema,
      dueMs: timeMs.describe('When it is due; ms UTC'),
      rate: z.number().min(-1).max(1).describe('Fraction of the notional; longs pay a positive one'),
    })
    .describe('A funding rate, known before the bars that pay it'),
  z
    .strictObject({ kind: z.literal('plan'), timeMs, plan: z.unknown().describe('As it was written'), requestedBy: z.string().nullable() })
    .describe('A new plan: the next bar decides by it'),
  z
    .strictObject({
      kind: z.literal('fill'),
      timeMs: timeMs.describe('When it was filled; ms UTC'),
      barOpenMs: timeMs.describe('Open of the base bar during which it was filled; ms UTC'),
      symbol: symbolSchema,
      orderId: z.string().nullable().describe('The order it fills; null for a stop, target or liquidation at the venue'),
      side: z.enum(['open', 'close']).describe('A reversal is filled by a close and an open'),
      reason: z.enum(EXIT_REASONS).nullable().describe('Why it closes without an order; else null'),
      price,
      seenPrice: price.describe('The price before slippage; the price itself where that is not known'),
      worstPrice: price.describe('The most adverse price since the last close; the price itself where that is not known'),
      quantity: z.number().positive().describe('Base currency'),
      fee: z.number().describe('Quote currency; negative is a rebate'),
    })
    .describe('What a venue filled, of a live session'),
  z
    .strictObject({ kind: z.literal('order_closed'), timeMs, orderId: z.string(), reason: z.string().max(200) })
    .describe('What is left of an order will not be filled: refused or cancelled by the venue'),
  z
    .strictObject({ kind: z.literal('settings'), timeMs, changes: z.record(z.string(), z.unknown()) })
    .describe('Parameters and their new values'),
  z.strictObject({ kind: z.literal('resume'), timeMs }).describe('Trade again after a walk-away or a halt by command'),
  z.strictObject({ kind: z.literal('halt'), timeMs }).describe('Close everything at the next open and open nothing more'),
]);

export type SessionInput = Readonly<z.infer<typeof sessionInputSchema>>;

export type InputOf<Kind extends SessionInput['kind']> = Extract<SessionInput, { readonly kind: Kind }>;
