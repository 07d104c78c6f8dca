import { z } from 'zod';
import { MAX_VARIANTS } from './compare.ts';
import { Refusal } from './refusal.ts';
import { askedRunSchema, runSpecSchema } from './run-spec.ts';
import { effectiveSettings, parseOverrides } from './settings.ts';

/** Values written out may be long; what people call a variant is not. */
const LABEL_CHARACTERS = 1_000;

const overridesSchema = z.record(z.string(), z.unknown()).transform((values, context) => {
  try {
    return parseOverrides(values);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const variants = {
  variations: z.array(overridesSchema).min(1).max(MAX_VARIANTS).describe('What each variant has otherwise than the base'),
  labels: z.array(z.string().min(1).max(LABEL_CHARACTERS)).max(MAX_VARIANTS).describe('One for each variant, for people'),
};

/** A comparison as it is asked for and stored: where its bars come from may still be open. Its worker settles that, once. */
export const askedComparisonSchema = z.strictObject({ base: askedRunSchema, ...variants });

export type AskedComparison = Readonly<z.infer<typeof askedComparisonSchema>>;

export const comparisonSpecSchema = z.strictObject({ base: runSpecSchema, ...variants });

/** The runs that a comparison is made of: its base, then each variant as the run it would be alone. */
export function runsOf<Run extends AskedComparison['base']>({
  base,
  variations,
}: {
  readonly base: Run;
  readonly variations: AskedComparison['variations'];
}): readonly [Run, ...Run[]] {
  return [base, ...variations.map((variation) => ({ ...base, settings: effectiveSettings(base.settings, variation) }))];
}
