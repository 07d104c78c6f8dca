import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Refusal } from '../engine/refusal.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

export type OpsServer = { readonly url: string; readonly close: () => Promise<void> };

type Options = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly reportError: (error: unknown) => void;
};

type Answer = { readonly status: number; readonly contentType: string; readonly body: string };

/** Tells whoever runs the process whether it lives (/healthz), may be given work (/readyz), and what it counts (/metrics). */
export async function startOpsServer(options: Options): Promise<OpsServer> {
  const server = createServer((request, response) => void respond(options, request, response));
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port: options.port, host: options.host }, resolve);
  try {
    await listening;
  } catch (cause) {
    throw new Refusal(
      `The health checks cannot be served on ${options.host} port ${options.port} (${reasonOf(cause)}); set another HTTP_PORT or HTTP_HOST, or leave HTTP_PORT out`,
      { cause },
    );
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port.');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${address.port}`,
    close: async () => {
      const { promise: closed, resolve: end } = Promise.withResolvers<void>();
      server.close(() => end());
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(options: Options, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, contentType, body } = await answer(options, request);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answer(options: Options, { method, url }: IncomingMessage): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Ask with GET.\n');
  try {
    switch (url?.split('?')[0]) {
      case '/healthz':
        return text(200, 'alive\n');
      case '/readyz':
        return await answerReadiness(options.readiness);
      case '/metrics':
        return await answerMetrics(options.metrics);
      default:
        return text(404, 'There are /healthz, /readyz and /metrics.\n');
    }
  } catch (error) {
    options.reportError(new Error('A health check could not be answered', { cause: error }));
    return text(500, 'This could not be answered; the log says why.\n');
  }
}

async function answerReadiness(readiness: Readiness): Promise<Answer> {
  const report = await readiness.read();
  return { status: report.state === 'ready' ? 200 : 503, contentType: 'application/json', body: `${JSON.stringify(report)}\n` };
}

async function answerMetrics(metrics: Metrics): Promise<Answer> {
  const { contentType, text: body } = await metrics.read();
  return { status: 200, contentType, body };
}

const text = (status: number, body: string): Answer => ({ status, contentType: 'text/plain; charset=utf-8', body });

function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return String(error);
  if (error.code === 'EADDRINUSE') return 'the port is taken';
  if (error.code === 'EACCES') return 'the port needs more rights';
  return String(error.code);
}
