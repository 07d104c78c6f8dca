import OpenAI from 'openai';
import { z } from 'zod';
import type { TokenUsage } from '../engine/plan-record.ts';
import type { Proposal } from './proposal-schema.ts';

/** What an answer turned out to be. `malformed` can be put right by asking again, `failed` cannot. */
export type ModelReading =
  | { readonly kind: 'proposal'; readonly proposal: Proposal; readonly text: string }
  | { readonly kind: 'malformed'; readonly problems: readonly string[]; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

const answerSchema = z.object({
  output: z.array(z.object({ type: z.string(), content: z.array(z.object({ type: z.string(), text: z.string().optional() })).optional() })),
});

const tokens = z.int().min(0);
const usageSchema = z.object({
  usage: z.object({
    input_tokens: tokens,
    input_tokens_details: z.object({ cached_tokens: tokens.default(0) }).nullish(),
    output_tokens: tokens,
    output_tokens_details: z.object({ reasoning_tokens: tokens.default(0) }).nullish(),
  }),
});

export const NO_TOKENS: TokenUsage = { input: 0, cached_input: 0, output: 0, reasoning: 0 };

/** What the answer says it used; nothing where it does not say. */
export function readUsage(body: string): TokenUsage {
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

type Parsed = {
  readonly output_parsed: Proposal | null;
  readonly status?: string | undefined;
  readonly incomplete_details?: { readonly reason?: string | undefined } | null;
  readonly output: readonly { readonly type: string; readonly content?: unknown }[];
};

const refusalSchema = z.object({ type: z.literal('refusal'), refusal: z.string() });

/** Reads what the client made of an answer. */
export function readParsed(parsed: Parsed, body: string): ModelReading {
  if (parsed.output_parsed !== null) return { kind: 'proposal', proposal: parsed.output_parsed, text: readText(body) ?? '' };
  const parts = parsed.output.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const refusal = parts.map((part) => refusalSchema.safeParse(part)).find(({ success }) => success)?.data;
  if (refusal !== undefined) return { kind: 'failed', reason: `The model refused: ${tidy(refusal.refusal)}` };
  if (parsed.status === 'incomplete') {
    return { kind: 'failed', reason: `The answer broke off (${tidy(parsed.incomplete_details?.reason ?? 'no reason given')})` };
  }
  return { kind: 'failed', reason: `The answer holds no plan (status ${tidy(parsed.status ?? 'none')})` };
}

/** Reads what the client threw over an answer. What is no fault of the answer is thrown on. */
export function readThrown(error: unknown, body: string): ModelReading {
  if (error instanceof OpenAI.APIError && error.status !== undefined) {
    const code = typeof error.code === 'string' ? ` ${tidy(error.code)}` : '';
    return { kind: 'failed', reason: `The model's server answered ${error.status}${code}: ${tidy(messageOf(body))}` };
  }
  const text = readText(body);
  if (error instanceof z.ZodError && text !== null) return { kind: 'malformed', problems: describe(error), text };
  if (error instanceof SyntaxError && text !== null) {
    return { kind: 'malformed', problems: [`The answer is not JSON; it begins ${quote(text)}`], text };
  }
  if ((error instanceof TypeError || error instanceof SyntaxError) && text === null) {
    return { kind: 'failed', reason: `What came is no answer of a model; it begins ${quote(body)}` };
  }
  throw error;
}

/** Text of others on one line, without characters that do not show, and no longer than a line or two. */
export function tidy(text: string, length = 300): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length)}…`;
}

const ISSUES = 20;

function describe({ issues }: z.ZodError): readonly string[] {
  return issues.slice(0, ISSUES).map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
}

/** What the model wrote; null when the body is no answer of a model at all. */
function readText(body: string): string | null {
  const parsed = answerSchema.safeParse(parseJson(body));
  if (!parsed.success) return null;
  return parsed.data.output.flatMap(({ content }) => content?.map(({ text }) => text ?? '') ?? []).join('');
}

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

function messageOf(body: string): string {
  const parsed = errorSchema.safeParse(parseJson(body));
  return parsed.success ? parsed.data.error.message : body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function quote(text: string): string {
  return JSON.stringify(tidy(text, 60));
}
