import { zodTextFormat } from 'openai/helpers/zod';
import type { EasyInputMessage, ResponseCreateParamsNonStreaming } from 'openai/resources/responses/responses';
import type { PlanScope } from '../engine/validate-plan.ts';
import { factsOf } from './model-prices.ts';
import { cutText } from './model-words.ts';
import { proposalSchema } from './proposal-schema.ts';

/** Room for a plan and the thinking before it; tokens. */
const MAX_OUTPUT_TOKENS = 8_000;

export type ModelQuestion = {
  readonly model: string;
  readonly prompt: string;
  readonly scope: PlanScope;
  readonly snapshotText: string;
  /** The model's own earlier answer and what is wrong with it; null when it is asked for the first time. */
  readonly repair: { readonly text: string; readonly problems: readonly string[] } | null;
};

export type ModelRequest = ReturnType<typeof modelRequest>;

/** The exact request: the same question is the same request. Nothing is left at the model's server, and no tool is offered. */
export function modelRequest({ model, prompt, scope, snapshotText, repair }: ModelQuestion) {
  const question: EasyInputMessage = { role: 'user', content: snapshotText };
  return {
    model,
    instructions: prompt,
    input: repair === null ? [question] : [question, ...askAgain(repair)],
    text: { format: zodTextFormat(proposalSchema(scope), 'plan') },
    max_output_tokens: MAX_OUTPUT_TOKENS,
    store: false,
    // A model that does not reason refuses to be told how much it should.
    ...(factsOf(model)?.reasons === true ? { reasoning: { effort: 'low' } as const } : {}),
  } satisfies ResponseCreateParamsNonStreaming;
}

const QUOTED_ANSWER = 20_000;
const QUOTED_PROBLEMS = 20;

function askAgain({ text, problems }: NonNullable<ModelQuestion['repair']>): EasyInputMessage[] {
  const listed = problems.slice(0, QUOTED_PROBLEMS).map((problem) => `- ${problem}`);
  const more = problems.length - listed.length;
  return [
    { role: 'assistant', content: cutText(text, QUOTED_ANSWER) },
    {
      role: 'user',
      content: [
        'The desk checked this plan and found:',
        ...listed,
        ...(more > 0 ? [`- and ${more} more`] : []),
        'Write the whole plan again with these corrected. Leave what was right as it was, and leave out what cannot be corrected.',
      ].join('\n'),
    },
  ];
}
