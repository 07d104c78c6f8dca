import { hashJson } from '../engine/hash.ts';
import { Refusal } from '../engine/refusal.ts';
import type { StrategistSpec } from '../engine/strategist-spec.ts';
import type { ModelRequest } from './model-request.ts';

/** What came back for a request, as it came: a whole answer of any status, or why there was none. */
export type KeptAnswer = {
  readonly status: number | null;
  readonly contentType: string | null;
  readonly body: string;
  readonly requestId: string | null;
  /** Why no whole answer came; null when one did. */
  readonly failure: string | null;
};

/** An answer with all that it depends on. */
export type KeptPlan = {
  /** SHA-256 of everything below but the answer. */
  readonly key: string;
  readonly model: string;
  readonly promptHash: string;
  readonly schemaHash: string;
  /** Names one of several recordings of the same questions. */
  readonly take: string;
  readonly request: ModelRequest;
  readonly answer: KeptAnswer;
};

export type ReadPlan = (key: string) => Promise<KeptAnswer | null>;

/** Keeps an answer; one without a failure is never replaced. */
export type KeepPlan = (plan: KeptPlan) => Promise<void>;

/** `record` also asks again for what failed. */
export type PlanCache = {
  readonly mode: StrategistSpec['mode'];
  readonly take: string;
  readonly readPlan: ReadPlan;
  readonly keepPlan: KeepPlan;
};

/** The major version of the client library: another one may send or read something else. */
const CLIENT = 'openai-7';

/** The answer on record, or the one that `ask` brings, as the mode wants it. */
export async function answerThrough(
  { mode, take, readPlan, keepPlan }: PlanCache,
  { request, promptHash }: { readonly request: ModelRequest; readonly promptHash: string },
  ask: () => Promise<KeptAnswer>,
): Promise<{ readonly answer: KeptAnswer; readonly asked: boolean }> {
  const identity = { model: request.model, promptHash, schemaHash: hashJson(request.text.format.schema), take };
  const key = hashJson({ client: CLIENT, ...identity, request });
  const known = mode === 'live' ? null : await readPlan(key);
  if (known !== null && (mode === 'replay' || known.failure === null)) return { answer: known, asked: false };
  if (mode === 'replay') {
    throw new Refusal(
      `No answer of ${request.model} is on record for this question (${key.slice(0, 12)}); record the run once before it is replayed`,
    );
  }
  const answer = await ask();
  await keepPlan({ key, ...identity, request, answer });
  return { answer, asked: true };
}
