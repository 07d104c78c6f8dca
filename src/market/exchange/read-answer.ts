import { AsyncLocalStorage } from 'node:async_hooks';

/** An answer of the exchange, as far as it may be told to people. */
export type Answer = {
  /** HTTP status; null when no whole answer came. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** What the exchange did, in words: it follows "the exchange". */
  readonly account: string;
  /** Another try may well get another answer. */
  readonly isPassing: boolean;
  /** Some list is in it, maybe an empty one. */
  readonly hasList: boolean;
};

/** One call of ccxt, which may send several requests. */
export type Reading = { readonly signal: AbortSignal; readonly answers: Answer[] };

/** ccxt hands nothing through to the place where requests are sent, and calls may overlap. */
export const currentReading = new AsyncLocalStorage<Reading>();

/** No answer that ccxt may look at: it would take most of them for "there is nothing". */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
}

type Sent = { readonly method: string; readonly headers: Record<string, string>; readonly body?: string };

/**
 * Sends one request for ccxt and reads the answer to its end within the time limit; ccxt's own limit ends with the headers. What is
 * not whole JSON is refused here, since ccxt passes HTML, an empty or a cut-off text on as an empty list.
 */
export async function readAnswer(url: string, { method, headers, body }: Sent, timeLimitMs: number): Promise<Response> {
  const reading = currentReading.getStore();
  if (reading === undefined) throw new Error(`${method} ${url} was sent outside of a reading`);
  const note = (answer: Partial<Answer> & Pick<Answer, 'account'>): void => {
    reading.answers.push({ status: null, retryAfterMs: null, isPassing: true, hasList: false, ...answer });
  };
  const deadline = AbortSignal.timeout(timeLimitMs);

  try {
    const signal = AbortSignal.any([reading.signal, deadline]);
    const response = await fetch(url, { method, headers, redirect: 'error', signal, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const { status } = response;
    if (response.ok) {
      const json = parseWholeJson(text);
      note({ status, account: `answered ${json.account}`, isPassing: json.value === null, hasList: hasList(json.value, 3) });
      if (json.value === null) throw new UnusableAnswer(json.account);
    } else {
      const retryAfterMs = readRetryAfterMs(response.headers.get('retry-after'));
      note({ status, retryAfterMs, account: `answered ${status} ${quote(text)}`, isPassing: isPassingStatus(status), hasList: false });
    }
    return new Response(text, { status, statusText: response.statusText, headers: response.headers });
  } catch (error) {
    reading.signal.throwIfAborted();
    if (error instanceof UnusableAnswer) throw error;
    const account = deadline.aborted ? `gave no whole answer within ${timeLimitMs} ms` : `cut the connection (${causeOf(error)})`;
    note({ account });
    throw new UnusableAnswer(account, { cause: error });
  }
}

function parseWholeJson(text: string): { readonly value: object | null; readonly account: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { value: null, account: 'with an empty text' };
  if (trimmed.startsWith('<')) return { value: null, account: `with a web page, ${quote(text)}` };
  try {
    const value: unknown = JSON.parse(trimmed);
    if (typeof value === 'object' && value !== null && Object.keys(value).length + (Array.isArray(value) ? 1 : 0) > 0) {
      return { value, account: quote(text) };
    }
    return { value: null, account: `with nothing in it, ${quote(text)}` };
  } catch {
    return { value: null, account: `with a text that ends too early or is no JSON, ${quote(text)}` };
  }
}

function hasList(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) return true;
  if (depth === 0 || typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => hasList(part, depth - 1));
}

/** Too early, too often (418 is how Binance says it), or the exchange's own fault. */
const isPassingStatus = (status: number): boolean => [408, 418, 425, 429].includes(status) || status >= 500;

/** Seconds, or a date. */
function readRetryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

/** Errors of fetch say "fetch failed" and keep the reason as their cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

const QUOTED_CHARACTERS = 120;

function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > QUOTED_CHARACTERS ? `${line.slice(0, QUOTED_CHARACTERS)}…` : line;
}
