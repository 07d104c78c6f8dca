import { z } from 'zod';
import type { PlanCost, TokenUsage } from '../engine/plan-record.ts';
import { factsOf, PRICES_AS_OF, priceOf } from './model-prices.ts';
import { parseJson } from './model-reading.ts';
import type { Answered } from './plan-cache.ts';

/** What a plan cost by the answers that it took, and what of it was paid just now; null where there was no answer to pay for. */
export function costOf(answers: readonly Answered[], model: string): PlanCost | null {
  if (answers.length === 0) return null;
  const bought = answers.flatMap((answered) => (answered.bought === null ? [] : [answered.bought]));
  const usage = sumUsage(answers.map(({ answer }) => readUsage(answer.body)));
  return {
    usage,
    usd: priceOf(usage, model),
    paidUsd: priceOf(sumUsage(bought.map(({ body }) => readUsage(body))), model),
    pricesAsOf: factsOf(model) === null ? null : PRICES_AS_OF,
    calls: bought.length,
  };
}

const tokens = z.int().min(0);
const orNone = tokens.nullish().transform((count) => count ?? 0);
const usageSchema = z.object({
  usage: z.object({
    input_tokens: tokens,
    input_tokens_details: z.object({ cached_tokens: orNone }).nullish(),
    output_tokens: tokens,
    output_tokens_details: z.object({ reasoning_tokens: orNone }).nullish(),
  }),
});

const NO_TOKENS: TokenUsage = { input: 0, cached_input: 0, output: 0, reasoning: 0 };

/** What the answer says it used; nothing where it does not say. */
function readUsage(body: string): TokenUsage {
  const parsed = usageSchema.safeParse(parseJson(body));
  if (!parsed.success) return NO_TOKENS;
  const { input_tokens, input_tokens_details, output_tokens, output_tokens_details } = parsed.data.usage;
  return {
    input: input_tokens,
    cached_input: Math.min(input_tokens, input_tokens_details?.cached_tokens ?? 0),
    output: output_tokens,
    reasoning: output_tokens_details?.reasoning_tokens ?? 0,
  };
}

function sumUsage(usages: readonly TokenUsage[]): TokenUsage {
  return usages.reduce(
    (sum, each) => ({
      input: sum.input + each.input,
      cached_input: sum.cached_input + each.cached_input,
      output: sum.output + each.output,
      reasoning: sum.reasoning + each.reasoning,
    }),
    NO_TOKENS,
  );
}
