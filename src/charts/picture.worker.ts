import { parentPort } from 'node:worker_threads';
import type { ChartRequest } from './chart-request.ts';
import { drawPicture } from './draw-picture.ts';

/** What the thread answers to a request: the PNG, or why Chart.js would not draw it. */
export type PictureAnswer = { readonly kind: 'png'; readonly png: Uint8Array } | { readonly kind: 'failed'; readonly reason: string };

parentPort?.on('message', async (request: ChartRequest) => {
  parentPort?.postMessage(await answer(request));
});

async function answer(request: ChartRequest): Promise<PictureAnswer> {
  try {
    return { kind: 'png', png: await drawPicture(request) };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
