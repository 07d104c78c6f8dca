import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Refusal } from '../engine/refusal.ts';
import { CHART_LIMITS, type ChartRequest, parseChartBody, parseChartQuery } from './chart-request.ts';
import { type PictureThread, startPictureThread } from './picture-thread.ts';

export type ChartServer = { readonly url: string; readonly close: () => Promise<void> };

/**
 * A QuickChart-compatible renderer on loopback: POST /chart and GET /chart?c=…, JSON in, PNG out.
 * It evaluates nothing, keeps nothing and calls nobody. Port null takes any free one.
 */
export async function startChartServer(
  options: { readonly port?: number | null; readonly timeLimitMs?: number } = {},
): Promise<ChartServer> {
  const thread = startPictureThread({ timeLimitMs: options.timeLimitMs ?? 10_000 });
  const server = createServer({ requestTimeout: 15_000 }, (request, response) => {
    answer(request, thread).then(
      (png) => response.writeHead(200, { 'content-type': 'image/png', 'content-length': png.length }).end(png),
      (error: unknown) => sendError(response, error),
    );
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The chart renderer listens on no port.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await thread.close();
      await ended;
    },
  };
}

class HttpRefusal extends Refusal {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function answer(request: IncomingMessage, thread: PictureThread): Promise<Uint8Array> {
  return thread.draw(await readChart(request));
}

async function readChart(request: IncomingMessage): Promise<ChartRequest> {
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
  if (url?.pathname !== '/chart') throw new HttpRefusal(404, `There is no "${request.url}" here; charts are drawn at /chart.`);
  if (request.method === 'GET') return parseChartQuery(url.searchParams);
  if (request.method === 'POST') return parseChartBody(await readBody(request));
  throw new HttpRefusal(405, `"${request.method}" is not understood; use POST /chart with a JSON body or GET /chart?c=…`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // What is too much is read and dropped: leaving off early would cut the connection before the refusal is heard.
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= CHART_LIMITS.bodyBytes) chunks.push(chunk);
  }
  if (bytes > CHART_LIMITS.bodyBytes) {
    throw new HttpRefusal(413, `The request body has ${bytes} bytes; at most ${CHART_LIMITS.bodyBytes} are read. Send fewer points.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendError(response: ServerResponse, error: unknown): void {
  const status = error instanceof HttpRefusal ? error.status : error instanceof Refusal ? 400 : 500;
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    // The client of quickchart-js shows this header and never the body. A header holds one line of ASCII.
    'x-quickchart-error': message.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500),
    connection: 'close',
  });
  response.end(`${message}\n`);
}
