import type { KeptAnswer } from './plan-cache.ts';

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** No plan is longer; bytes. */
const ANSWER_BYTES = 1_000_000;

/** Waiting for longer than this leaves no time for the answer itself; ms. */
const ANSWER_MS = 5_000;

export type Tape = {
  readonly fetch: Fetch;
  /** The last whole answer; null when there was none. */
  readonly last: () => Omit<KeptAnswer, 'failure'> | null;
  readonly tries: () => number;
};

/**
 * Fetches, and keeps what came. The body is read here, whole and within the time of the try: the client's own time limit
 * ends with the headers, so that a slow drip would outlive it.
 */
export function openTape({ deadlineMs, secret }: { readonly deadlineMs: number; readonly secret: string }): Tape {
  let last: Omit<KeptAnswer, 'failure'> | null = null;
  let tries = 0;
  return {
    fetch: async (url, init) => {
      tries++;
      last = null;
      const response = await fetch(url, init);
      const body = withoutSecrets(await readWhole(response), secret);
      last = {
        status: response.status,
        contentType: response.headers.get('content-type'),
        body,
        requestId: response.headers.get('x-request-id'),
      };
      return toResponse(last, mayRetry(response, body, deadlineMs) ? response.headers : null);
    },
    last: () => last,
    tries: () => tries,
  };
}

/** Answers with what was kept, without a network. */
export function replayFetch(answer: Omit<KeptAnswer, 'failure'>): Fetch {
  return async () => toResponse(answer, null);
}

/** Without headers that say otherwise, the client is told to leave it at this answer. */
function toResponse({ status, contentType, body, requestId }: Omit<KeptAnswer, 'failure'>, retryBy: Headers | null): Response {
  const headers = new Headers();
  if (contentType !== null) headers.set('content-type', contentType);
  if (requestId !== null) headers.set('x-request-id', requestId);
  if (retryBy === null) headers.set('x-should-retry', 'false');
  else for (const name of RETRY_HEADERS) if (retryBy.has(name)) headers.set(name, retryBy.get(name) ?? '');
  return new Response(body === '' ? null : body, { status: status ?? 200, headers });
}

const RETRY_HEADERS = ['retry-after', 'retry-after-ms', 'x-should-retry'];

/** An empty account stays empty, and a wait beyond the deadline only wastes the time until then. */
function mayRetry({ headers }: Response, body: string, deadlineMs: number): boolean {
  if (/"insufficient_quota"/.test(body)) return false;
  const waitMs = Number(headers.get('retry-after-ms') ?? Number(headers.get('retry-after') ?? 0) * 1_000);
  return !(waitMs + ANSWER_MS > deadlineMs - performance.now());
}

/** A server of one's own may take any word for a key; one as short as that is no secret, and is part of other words. */
const SECRET_LENGTH = 12;

/** Servers quote keys in their errors. */
function withoutSecrets(body: string, secret: string): string {
  const hidden = secret.length < SECRET_LENGTH ? body : body.replaceAll(secret, '…');
  return hidden.replace(/\bsk-[\w*-]{4,}/g, 'sk-…');
}

async function readWhole({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES) throw new Error(`The answer is longer than ${ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
