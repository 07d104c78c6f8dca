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
};

export async function readPlan(db: Db, key: string): Promise<KeptAnswer | null> {
  const { rows } = await db.query<AnswerRow>('select status, content_type, body, request_id, failure from plan_cache where key = $1', [
    key,
  ]);
  const [row] = rows;
  if (row === undefined) return null;
  return { status: row.status, contentType: row.content_type, body: row.body, requestId: row.request_id, failure: row.failure };
}

/** Keeps an answer for good; one that never came gives way to the next. */
export async function keepPlan(db: Db, { key, model, promptHash, schemaHash, take, request, answer }: KeptPlan): Promise<void> {
  await db.query(
    `insert into plan_cache (key, model, prompt_hash, schema_hash, take, request, status, content_type, body, request_id, failure)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (key) do update
        set status = excluded.status, content_type = excluded.content_type, body = excluded.body,
            request_id = excluded.request_id, failure = excluded.failure, kept_at = now()
      where plan_cache.failure is not null`,
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
    ],
  );
}

type AnswerRow = {
  readonly status: number | null;
  readonly content_type: string | null;
  readonly body: string;
  readonly request_id: string | null;
  readonly failure: string | null;
};
