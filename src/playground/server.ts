import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import querystring from 'node:querystring';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, refuse } from './api-error.ts';
import { readBody } from './body.ts';
import type { Fault } from './faults.ts';
import { type createRateLimiter, RateLimited } from './rate-limits.ts';
import { type Answer, createMatcher, type Match, type Route, type RouteName } from './route.ts';
import type { World } from './world.ts';

const API = '/api/v10';
const LOCAL = 'http://127.0.0.1';

/** A request as it was answered; status null when the connection ended without an answer. */
export type RequestRecord = {
  readonly route: RouteName | null;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
};

type ServerPorts = {
  readonly world: World;
  readonly token: string;
  readonly routes: readonly Route[];
  readonly rateLimit: ReturnType<typeof createRateLimiter>;
  readonly takeFault: (route: RouteName) => Fault | null;
  readonly record: (request: RequestRecord) => void;
  readonly reportBug: (error: unknown) => void;
};

/** The HTTP side: the REST interface below /api/v10 and the uploads below /attachments. */
export function createHttpServer({ world, token, routes, rateLimit, takeFault, record, reportBug }: ServerPorts): Server {
  const match = createMatcher(routes);

  return createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', LOCAL) ?? new URL(LOCAL);
    const method = request.method ?? 'GET';
    const found = url.pathname.startsWith(API) ? match(method, url.pathname.slice(API.length)) : null;
    const note = (status: number | null) => record({ route: found?.route.name ?? null, method, path: url.pathname, status });

    const upload = method === 'GET' ? world.uploads.get(url.pathname) : undefined;
    if (upload !== undefined) {
      response.writeHead(200, { 'content-type': upload.contentType }).end(upload.bytes);
      return;
    }
    answer(request, response, { url, found })
      .catch((error: unknown) => {
        if (error instanceof ApiError) return sendRefusal(response, error);
        // The client went away before it had said everything: that is its right.
        if (request.destroyed && !request.complete) return null;
        reportBug(error);
        return send(response, { status: 500, json: { code: 0, message: '500: Internal Server Error' } });
      })
      .then(note, reportBug);
  });

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { url, found }: { readonly url: URL; readonly found: Match | null },
  ) {
    const body = await readBody(request);
    if (found === null) throw refuse('notFound');
    const { route, params } = found;
    const fault = takeFault(route.name);
    if (fault?.kind === 'delay') await sleep(fault.delayMs);
    if (fault?.kind === 'rate-limit') throw new RateLimited(fault.scope, fault.retryAfterMs);
    const broken = fault === null || fault.kind === 'delay' ? null : fault;
    if (broken !== null && !broken.applied) return breakOff(response, broken);

    if (route.auth === 'bot' && request.headers.authorization !== `Bot ${token}`) throw refuse('unauthorized');
    const { headers, refusal } = rateLimit(found);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (refusal !== null) throw refusal;

    const param = (name: string) => {
      const value = params[name];
      if (value === undefined) throw new Error(`Route ${route.path} has no parameter ${name}.`);
      return querystring.unescape(value);
    };
    const result = route.run({ param, query: url.searchParams, body: body.json, files: body.files });
    return broken === null ? send(response, result) : breakOff(response, broken);
  }
}

function send(response: ServerResponse, { status, json }: Answer): number {
  if (json === null) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  return status;
}

function sendRefusal(response: ServerResponse, error: ApiError): number {
  const { status, code, message, details } = error;
  const { errors, retryAfterMs } = details;
  if (retryAfterMs === undefined) return send(response, { status, json: { message, code, ...(errors ? { errors } : {}) } });

  const scope = error instanceof RateLimited ? error.scope : 'user';
  // The header counts whole seconds, the body has the exact wait.
  response.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  response.setHeader('X-RateLimit-Scope', scope);
  if (scope === 'global') response.setHeader('X-RateLimit-Global', 'true');
  return send(response, {
    status,
    json: { message, retry_after: retryAfterMs / 1000, global: scope === 'global', ...(code === 0 ? {} : { code }) },
  });
}

function breakOff(response: ServerResponse, fault: Extract<Fault, { readonly applied: boolean }>): number | null {
  if (fault.kind === 'status')
    return send(response, { status: fault.status, json: { code: 0, message: `${fault.status}: injected fault` } });
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroy();
  return null;
}
