import { hashJson } from '../engine/hash.ts';
import { Refusal } from '../engine/refusal.ts';
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
  /** Whether it is an answer of the model, which stays, or anything else, which gives way to the next. */
  readonly isUsable: boolean;
};

export type ReadPlan = (key: string) => Promise<Pick<KeptPlan, 'answer' | 'isUsable'> | null>;

/** Keeps an answer unless a usable one is kept already, and returns the one that is kept then. */
export type KeepPlan = (plan: KeptPlan) => Promise<KeptAnswer>;

export type PlanCache = {
  /** `replay` asks nobody and reads whatever is kept; `record` asks for what is not, and again for what is not usable. */
  readonly mode: 'record' | 'replay';
  readonly take: string;
  readonly readPlan: ReadPlan;
  readonly keepPlan: KeepPlan;
};

export type Answered = {
  /** The one on record: what is followed now is what is replayed later. */
  readonly answer: KeptAnswer;
  /** What was asked for and came just now, even where another stands on record already; null when nobody was asked. */
  readonly bought: KeptAnswer | null;
};

type Asking = {
  /** Why what is not on record is not asked for; null when it is. */
  readonly givenUp: string | null;
  readonly ask: () => Promise<KeptAnswer>;
  readonly isUsable: (answer: KeptAnswer) => Promise<boolean>;
};

/** The major version of the client library: another one may send or read something else. */
const CLIENT = 'openai-7';

/** The answer on record, or the one that `ask` brings, as the mode wants it; why there is none where nobody is asked. */
export async function answerThrough(
  { mode, take, readPlan, keepPlan }: PlanCache,
  { request, promptHash }: { readonly request: ModelRequest; readonly promptHash: string },
  { givenUp, ask, isUsable }: Asking,
): Promise<Answered | string> {
  const identity = { model: request.model, promptHash, schemaHash: hashJson(request.text.format.schema), take };
  const key = hashJson({ client: CLIENT, ...identity, request });
  const known = await readPlan(key);
  if (known !== null && (mode === 'replay' || known.isUsable)) return { answer: known.answer, bought: null };
  if (givenUp !== null) return givenUp;
  if (mode === 'replay') {
    throw new Refusal(
      `No answer of ${request.model} is on record for this question (${key.slice(0, 12)}); record the run once before it is replayed`,
    );
  }
  const bought = await ask();
  const answer = await keepPlan({ key, ...identity, request, answer: bought, isUsable: await isUsable(bought) });
  return { answer, bought };
}
