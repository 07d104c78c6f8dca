import { tidy } from './model-words.ts';
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
  /** Whether the last try was answered at all. */
  readonly isHeard: () => boolean;
};

/**
 * Fetches, and keeps what came. The body is read here, whole and within the time of the try: the client's own time limit
 * ends with the headers, so that a slow drip would outlive it.
 */
export function openTape({ deadlineMs, secret }: { readonly deadlineMs: number; readonly secret: string }): Tape {
  let last: Omit<KeptAnswer, 'failure'> | null = null;
  let tries = 0;
  let isHeard = false;
  return {
    fetch: async (url, init) => {
      tries++;
      last = null;
      isHeard = false;
      const { status, headers, body } = await fetch(url, init);
      isHeard = true;
      const whole = {
        status,
        contentType: headers.get('content-type'),
        body: withoutSecrets(await readWhole(body), secret),
        requestId: headers.get('x-request-id'),
      };
      refuseStrangeStatus(whole);
      const response = toResponse(whole, mayRetry(headers, whole.body, deadlineMs) ? headers : null);
      // Only what the client can be given is an answer.
      last = whole;
      return response;
    },
    last: () => last,
    tries: () => tries,
    isHeard: () => isHeard,
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

/** Servers may send any three digits; of others than these no response can be made. */
function refuseStrangeStatus({ status, body }: { readonly status: number; readonly body: string }): void {
  if (status >= 200 && status <= 599) return;
  throw new Error(`The status is ${status}, which is none of HTTP; it begins ${JSON.stringify(tidy(body, 60))}.`);
}

/** An empty account stays empty, and a wait beyond the deadline only wastes the time until then. */
function mayRetry(headers: Headers, body: string, deadlineMs: number): boolean {
  if (/"insufficient_quota"/.test(body)) return false;
  return waitOf(headers) + ANSWER_MS <= deadlineMs - performance.now();
}

/** As the client waits: so many milliseconds, so many seconds, until a date, or as it thinks best. */
function waitOf(headers: Headers): number {
  const waitMs = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(waitMs)) return waitMs;
  const after = headers.get('retry-after') ?? '';
  const seconds = Number.parseFloat(after);
  const untilMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - Date.now();
  return Number.isFinite(untilMs) ? untilMs : 0;
}

/** A server of one's own may take any word for a key; one as short as that is no secret, and is part of other words. */
const SECRET_LENGTH = 12;

/** Servers quote keys in their errors. */
function withoutSecrets(body: string, secret: string): string {
  const hidden = secret.length < SECRET_LENGTH ? body : body.replaceAll(secret, '…');
  return hidden.replace(/\bsk-[\w*-]{4,}/g, 'sk-…');
}

async function readWhole(body: Response['body']): Promise<string> {
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
