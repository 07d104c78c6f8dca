import { z } from 'zod';
import { symbolSchema, TIMEFRAME_MS, type Timeframe, timeframeSchema } from './bar.ts';
import { INDICATOR_SOURCES } from './indicators/indicator-source.ts';
import { Refusal } from './refusal.ts';
import { effectiveSettings, parseOverrides } from './settings.ts';
import { strategistSchema } from './strategist-spec.ts';

/** The guild of the terminal: its runs are its own, the candles it imported serve every guild. */
export const LOCAL_GUILD = 'local';

/** The most symbols a run may trade together. */
export const MAX_SYMBOLS = 10;

export const RUN_DAYS = { min: 1, max: 1_500 } as const;

const settingsSchema = z.record(z.string(), z.unknown()).transform((values, context) => {
  try {
    return effectiveSettings(parseOverrides(values));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const windowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('days'),
    days: z.int().min(RUN_DAYS.min).max(RUN_DAYS.max).describe('Counted back from the last closed bar; days, 1–1 500'),
  }),
  z.strictObject({
    kind: z.literal('range'),
    startMs: z.int().min(0).describe('First bar that may open; ms UTC'),
    endMs: z.int().min(0).nullable().describe('No bar opens at or after it; ms UTC, null = the last closed bar'),
  }),
  z.strictObject({ kind: z.literal('whole') }).describe('Every bar there is, without warm-up'),
]);

const seedSchema = z.int().min(0).max(4_294_967_295).describe('Names the simulated market');

const settledSources = [
  z.strictObject({ kind: z.literal('simulated'), seed: seedSchema }),
  z.strictObject({
    kind: z.literal('exchange'),
    sources: z.record(symbolSchema, z.string()).describe('Per symbol, the stored source its fetched bars and rates are kept under'),
    descriptions: z.record(symbolSchema, z.string()).describe('Per symbol, which market it is; for people'),
  }),
  z.strictObject({
    kind: z.literal('files'),
    candles: z.record(symbolSchema, z.string()).describe('Per symbol, the stored source its imported bars are kept under'),
    funding: z.record(symbolSchema, z.string()).describe('Per symbol, the stored source of its imported funding rates'),
  }),
] as const;

const bestSource = z
  .strictObject({ kind: z.literal('best'), seed: seedSchema })
  .describe('Imported bars if there are any, else those of the exchange if it answers, else the simulated market of the seed');

function isAscending(timeframes: readonly Timeframe[]): boolean {
  return timeframes.every((timeframe, index) => index === 0 || TIMEFRAME_MS[timeframes[index - 1] ?? timeframe] < TIMEFRAME_MS[timeframe]);
}

/**
 * Everything a run is asked to be, resolved: the same spec on the same bars is the same run. It is stored with the run,
 * and the job reads it from there.
 */
export const runSpecSchema = z.strictObject({
  preset: z.string().nullable().describe('For people: where the settings started from'),
  symbols: z.array(symbolSchema).min(1).max(MAX_SYMBOLS),
  timeframes: z
    .tuple([timeframeSchema], timeframeSchema)
    .refine(isAscending, 'the base timeframe comes first and is the lowest, each further one is higher')
    .describe('The base timeframe first, then higher ones'),
  window: windowSchema,
  candleSource: z.discriminatedUnion('kind', settledSources),
  instrument: z.enum(['perpetual', 'spot']),
  exchange: z
    .string()
    .regex(/^[a-z0-9]{2,30}$/)
    .describe('Whose margin table the venue model uses'),
  settings: settingsSchema.describe('Every parameter, effective'),
  strategyId: z.string().nullable().describe('The built-in plan; null when `plan` or `strategist` is given'),
  plan: z.unknown().describe('A plan of the person’s own; null when `strategyId` or `strategist` is given'),
  strategist: strategistSchema.exactOptional().describe('Who plans as the run goes on; left out: nobody, the one plan is followed'),
  indicators: z.enum(INDICATOR_SOURCES).exactOptional().describe('Where the indicator columns come from; left out: kernels of our own'),
  requestedAtMs: z.int().min(0).describe('When it was asked for, ms UTC: a simulated market ends here'),
});

export type RunSpec = Readonly<z.infer<typeof runSpecSchema>>;

/** A run as it is asked for and stored: where its bars come from may still be open. Its worker settles that, once. */
export const askedRunSchema = runSpecSchema.extend({ candleSource: z.discriminatedUnion('kind', [...settledSources, bestSource]) });

export type AskedRun = Readonly<z.infer<typeof askedRunSchema>>;
