import OpenAI from 'openai';
import { z } from 'zod';
import { tidy } from './model-words.ts';
import type { KeptAnswer } from './plan-cache.ts';
import type { Proposal } from './proposal-schema.ts';

/**
 * What an answer turned out to be. `malformed` can be put right by asking again; `declined` is an answer of the model too, but no plan.
 * `unusable` is no whole answer of a model, and of `unserved` nothing came but an error.
 */
export type ModelReading =
  | { readonly kind: 'proposal'; readonly proposal: Proposal; readonly text: string }
  | { readonly kind: 'malformed'; readonly problems: readonly string[]; readonly text: string }
  | { readonly kind: 'declined' | 'unusable' | 'unserved'; readonly reason: string };

/** Whether the model has answered, so that it need not be asked the same again. */
export function isOfModel({ kind }: ModelReading): boolean {
  return kind === 'proposal' || kind === 'malformed' || kind === 'declined';
}

type Parsed = {
  readonly output_parsed: Proposal | null;
  readonly status?: string | undefined;
  readonly error?: { readonly message: string } | null;
  readonly incomplete_details?: { readonly reason?: string | undefined } | null;
  readonly output: readonly { readonly type: string; readonly content?: unknown }[];
};

const refusalSchema = z.object({ type: z.literal('refusal'), refusal: z.string() });

/** Reads what the client made of an answer. */
export function readParsed(parsed: Parsed, body: string): ModelReading {
  if (parsed.output_parsed !== null) return { kind: 'proposal', proposal: parsed.output_parsed, text: readText(body) ?? '' };
  const parts = parsed.output.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const refusal = parts.map((part) => refusalSchema.safeParse(part)).find(({ success }) => success)?.data;
  if (refusal !== undefined) return { kind: 'declined', reason: `The model refused: ${tidy(refusal.refusal)}` };
  if (parsed.status === 'incomplete') {
    return { kind: 'unusable', reason: `The answer broke off (${tidy(parsed.incomplete_details?.reason ?? 'no reason given')})` };
  }
  const why = parsed.error?.message === undefined ? '' : `: ${tidy(parsed.error.message)}`;
  const reason = `The answer holds no plan (status ${tidy(parsed.status ?? 'none')})${why}`;
  return { kind: parsed.status === 'completed' ? 'declined' : 'unusable', reason };
}

/** Of these the question is at fault and not the server. */
const QUESTION_REFUSED = [400, 413, 422];

/** Reads what the client threw over a whole answer: whatever a server sends is an answer. */
export function readThrown(error: unknown, { body, contentType }: Pick<KeptAnswer, 'body' | 'contentType'>): ModelReading {
  if (error instanceof OpenAI.APIError && error.status !== undefined) {
    const code = typeof error.code === 'string' ? ` ${tidy(error.code)}` : '';
    const isServed = error.status < 400 || QUESTION_REFUSED.includes(error.status);
    const reason = `The model's server answered ${error.status}${code}: ${tidy(messageOf(body))}`;
    return { kind: isServed ? 'unusable' : 'unserved', reason };
  }
  const text = readText(body);
  if (error instanceof z.ZodError && text !== null) return { kind: 'malformed', problems: describe(error), text };
  if (error instanceof SyntaxError && text !== null) {
    return { kind: 'malformed', problems: [`The answer is not JSON; it begins ${quote(text)}`], text };
  }
  const type = contentType?.includes('json') === true ? '' : ` (${tidy(contentType ?? 'of no type')})`;
  return { kind: 'unusable', reason: `What came is no answer of a model; it begins ${quote(body)}${type}` };
}

const ISSUES = 20;

function describe({ issues }: z.ZodError): readonly string[] {
  return issues.slice(0, ISSUES).map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
}

const answerSchema = z.object({
  output: z.array(z.object({ type: z.string(), content: z.array(z.object({ type: z.string(), text: z.string().optional() })).optional() })),
});

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

/** Null is also what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function quote(text: string): string {
  return JSON.stringify(tidy(text, 60));
}
