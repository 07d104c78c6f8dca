import type { Db } from './transaction.ts';

/** A language model's answer as it came: of whatever status, or why there was none. */
export type KeptAnswer = {
  readonly status: number | null;
  readonly contentType: string | null;
  readonly body: string;
  readonly requestId: string | null;
  readonly failure: string | null;
};

/** The answer with what it depends on; the key is the hash of that. */
export type KeptPlan = {
  readonly key: string;
  readonly model: string;
  readonly promptHash: string;
  readonly schemaHash: string;
  readonly take: string;
  readonly request: unknown;
  readonly answer: KeptAnswer;
  /** Whether it is an answer of the model. */
  readonly isUsable: boolean;
};

export async function readPlan(db: Db, key: string): Promise<Pick<KeptPlan, 'answer' | 'isUsable'> | null> {
  const { rows } = await db.query<AnswerRow>(
    'select status, content_type, body, request_id, failure, usable from plan_cache where key = $1',
    [key],
  );
  const [row] = rows;
  return row === undefined ? null : { answer: answerOf(row), isUsable: row.usable };
}

/** Keeps a usable answer for good and any other until the next one; returns the answer that is kept then, of whoever was first. */
export async function keepPlan(db: Db, plan: KeptPlan): Promise<KeptAnswer> {
  const { key, model, promptHash, schemaHash, take, request, answer, isUsable } = plan;
  const { rows } = await db.query<AnswerRow>(
    `insert into plan_cache (key, model, prompt_hash, schema_hash, take, request, status, content_type, body, request_id, failure, usable)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (key) do update
        set status = excluded.status, content_type = excluded.content_type, body = excluded.body,
            request_id = excluded.request_id, failure = excluded.failure, usable = excluded.usable, kept_at = now()
      where not plan_cache.usable
  returning status, content_type, body, request_id, failure, usable`,
    [
      key,
      model,
      promptHash,
      schemaHash,
      take,
      JSON.stringify(request),
      answer.status,
      answer.contentType,
      // PostgreSQL has no text with NUL in it.
      answer.body.replaceAll('\0', '\uFFFD'),
      answer.requestId,
      answer.failure,
      isUsable,
    ],
  );
  const [row] = rows;
  if (row !== undefined) return answerOf(row);
  const kept = await readPlan(db, key);
  if (kept === null) throw new Error(`The answer ${key} was kept and is gone.`);
  return kept.answer;
}

function answerOf({ status, content_type, body, request_id, failure }: AnswerRow): KeptAnswer {
  return { status, contentType: content_type, body, requestId: request_id, failure };
}

type AnswerRow = {
  readonly status: number | null;
  readonly content_type: string | null;
  readonly body: string;
  readonly request_id: string | null;
  readonly failure: string | null;
  readonly usable: boolean;
};
