import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the server does with a request. `text` is a whole answer with that text in it; everything else goes wrong in its own way; `hang` says nothing. */
export type ScriptedAnswer =
  | { readonly kind: 'text'; readonly text: string; readonly usage?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'parts'; readonly output: readonly unknown[]; readonly status?: string; readonly reason?: string }
  | {
      readonly kind: 'body';
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'hang' | 'reset' }
  | { readonly kind: 'drip'; readonly text: string; readonly everyMs: number };

/** A request as it came, parsed. */
export type AskedOfModel = {
  readonly index: number;
  readonly path: string;
  readonly authorization: string;
  readonly body: {
    readonly model: string;
    readonly instructions: string;
    readonly input: readonly { readonly role: string; readonly content: string }[];
    readonly [field: string]: unknown;
  };
};

export type LoopbackOpenAi = {
  /** Ends in /v1, as OPENAI_BASE_URL does. */
  readonly baseUrl: string;
  readonly asked: readonly AskedOfModel[];
  readonly answer: (script: (asked: AskedOfModel) => ScriptedAnswer) => void;
  readonly close: () => Promise<void>;
};

const USAGE = {
  input_tokens: 5_000,
  input_tokens_details: { cached_tokens: 4_000 },
  output_tokens: 600,
  output_tokens_details: { reasoning_tokens: 200 },
  total_tokens: 5_600,
};

/** A server on loopback that speaks the Responses API as far as a planner needs it, and says what it is told to say. */
export async function openLoopbackOpenAi(): Promise<LoopbackOpenAi> {
  const asked: AskedOfModel[] = [];
  let script: (asked: AskedOfModel) => ScriptedAnswer = () => ({ kind: 'body', status: 500, body: '{}' });
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: AskedOfModel['body'] = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const latest = { index: asked.length, path: request.url ?? '', authorization: request.headers.authorization ?? '', body };
    asked.push(latest);
    send(response, script(latest), `req_${latest.index}`);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The loopback server has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    asked,
    answer: (next) => {
      script = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, answer: ScriptedAnswer, requestId: string): void {
  response.setHeader('x-request-id', requestId);
  if (answer.kind === 'text')
    respond(response, 200, JSON.stringify(responseWith([messageOf(answer.text)], 'completed', null, answer.usage)));
  if (answer.kind === 'parts') {
    respond(response, 200, JSON.stringify(responseWith(answer.output, answer.status ?? 'completed', answer.reason ?? null)));
  }
  if (answer.kind === 'body') {
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    respond(response, answer.status, answer.body, answer.contentType);
  }
  if (answer.kind === 'reset') response.destroy();
  if (answer.kind === 'drip') drip(response, JSON.stringify(responseWith([messageOf(answer.text)], 'completed', null)), answer.everyMs);
}

export function messageOf(text: string): unknown {
  return {
    id: 'msg_1',
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', annotations: [], text }],
  };
}

function responseWith(output: readonly unknown[], status: string, reason: string | null, usage: unknown = USAGE): unknown {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    model: 'as-asked',
    status,
    error: null,
    incomplete_details: reason === null ? null : { reason },
    output,
    usage,
  };
}

function respond(response: ServerResponse, status: number, body: string, contentType = 'application/json'): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}

/** The headers at once, the body a character at a time. */
function drip(response: ServerResponse, body: string, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.charAt(sent++));
    if (sent >= body.length) response.end();
    if (sent >= body.length || response.destroyed) clearInterval(timer);
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
