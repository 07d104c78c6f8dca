import OpenAI from 'openai';
import { openTape, replayFetch, type Tape } from './model-fetch.ts';
import { type ModelReading, readParsed, readThrown } from './model-reading.ts';
import type { ModelRequest } from './model-request.ts';
import { cleanTexts, tidy } from './model-words.ts';
import type { KeptAnswer } from './plan-cache.ts';

export type ModelConnection = {
  readonly apiKey: string;
  /** Null: the service's own address. */
  readonly baseUrl: string | null;
};

export type ModelLimits = {
  /** For one try, body and all; ms. */
  readonly tryMs: number;
  /** For everything that one plan needs: tries, waits and the repair; ms. */
  readonly overallMs: number;
  readonly retries: number;
};

export const MODEL_LIMITS: ModelLimits = { tryMs: 20_000, overallMs: 45_000, retries: 1 };

/** How long a plan's questions may take, and whoever gave up waiting for it. */
export type Patience = {
  readonly limits: ModelLimits;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly overall: AbortSignal;
  /** The caller's: it is thrown on and is no answer. */
  readonly cancelled: AbortSignal;
};

export function startPatience(limits: ModelLimits, cancelled: AbortSignal): Patience {
  return { limits, deadlineMs: performance.now() + limits.overallMs, overall: AbortSignal.timeout(limits.overallMs), cancelled };
}

/** Asks the model and keeps what came. Whatever the server does is an answer; only the caller's abort is thrown. */
export async function askModel(request: ModelRequest, connection: ModelConnection, patience: Patience): Promise<KeptAnswer> {
  const { limits, deadlineMs, overall, cancelled } = patience;
  cancelled.throwIfAborted();
  const tape = openTape({ deadlineMs, secret: connection.apiKey });
  const client = openClient(connection, { fetch: tape.fetch, maxRetries: limits.retries, timeout: limits.tryMs });
  let failure: string | null = null;
  try {
    await client.responses.parse(request, { signal: AbortSignal.any([overall, cancelled]) });
  } catch (error) {
    cancelled.throwIfAborted();
    // An error over a whole answer is told when the answer is read.
    if (overall.aborted || tape.last() === null) failure = whyNothingCame(error, patience, tape);
  }
  const last = failure === null ? tape.last() : null;
  return last === null
    ? { status: null, contentType: null, body: '', requestId: null, failure: failure ?? 'Nothing came' }
    : { ...last, failure };
}

/**
 * Reads a kept answer with the client itself, so that an answer on record means what it meant when it came. Whatever it says has
 * clean texts from here on.
 */
export async function readAnswer(request: ModelRequest, answer: KeptAnswer): Promise<ModelReading> {
  return cleanTexts(await readKept(request, answer));
}

async function readKept(request: ModelRequest, answer: KeptAnswer): Promise<ModelReading> {
  if (answer.failure !== null) return { kind: 'unserved', reason: answer.failure };
  const client = openClient({ apiKey: 'none', baseUrl: null }, { fetch: replayFetch(answer), maxRetries: 0 });
  try {
    return readParsed(await client.responses.parse(request), answer.body);
  } catch (error) {
    return readThrown(error, answer);
  }
}

type ClientOptions = NonNullable<ConstructorParameters<typeof OpenAI>[0]>;

/** What the library would otherwise look up in the environment is said here; only extra headers for every request still come from there. */
function openClient({ apiKey, baseUrl }: ModelConnection, options: Pick<ClientOptions, 'fetch' | 'maxRetries' | 'timeout'>): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    ...options,
  });
}

function whyNothingCame(error: unknown, { limits, overall }: Patience, tape: Tape): string {
  const asked = tape.tries() === 1 ? 'asked once' : `asked ${tape.tries()} times`;
  if (overall.aborted) return `No whole answer came within ${limits.overallMs / 1_000} s (${asked})`;
  if (error instanceof OpenAI.APIConnectionTimeoutError) return `No whole answer came within ${limits.tryMs / 1_000} s (${asked})`;
  if (!(error instanceof OpenAI.APIConnectionError)) throw error;
  const what = tape.isHeard() ? "What the model's server sent cannot be read" : "The model's server cannot be reached";
  return `${what} (${asked}): ${tidy(causeOf(error))}`;
}

/** The innermost message: the outer ones say only that something failed. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message || error.name : causeOf(error.cause);
}
