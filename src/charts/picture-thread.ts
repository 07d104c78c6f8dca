import { Worker } from 'node:worker_threads';
import { Refusal } from '../engine/refusal.ts';
import type { ChartRequest } from './chart-request.ts';
import type { PictureAnswer } from './picture.worker.ts';

export type PictureThread = {
  readonly draw: (request: ChartRequest) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
};

/**
 * Draws pictures one after another on a thread of its own, so that nobody in this process waits for a chart.
 * A chart that takes longer than the time limit ends the thread; the next one gets a new thread.
 */
export function startPictureThread({ timeLimitMs }: { readonly timeLimitMs: number }): PictureThread {
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const drawNow = async (request: ChartRequest): Promise<Uint8Array> => {
    if (closed) throw new Error('The chart renderer is closed.');
    worker ??= new Worker(new URL('./picture.worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    try {
      const answer = await ask(worker, request, timeLimitMs);
      if (answer.kind === 'failed') throw new Refusal(`Chart.js cannot draw this: ${answer.reason}`);
      return answer.png;
    } catch (error) {
      if (!(error instanceof Refusal) || error instanceof TookTooLong) {
        // A thread deep in a computation may take long to die; the next chart does not wait for that.
        const stuck = worker;
        worker = null;
        // It has been given up: what it dies of is nobody's concern any more.
        stuck?.on('error', () => undefined);
        stuck?.terminate().catch(() => undefined);
      }
      throw error;
    }
  };

  return {
    draw: (request) => {
      const picture = last.then(() => drawNow(request));
      last = picture.catch(() => null);
      return picture;
    },
    close: async () => {
      closed = true;
      await worker?.terminate();
    },
  };
}

/** The chart was understood but is too much work. */
class TookTooLong extends Refusal {}

function ask(worker: Worker, request: ChartRequest, timeLimitMs: number): Promise<PictureAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new TookTooLong(`The chart took longer than ${timeLimitMs} ms to draw; send a simpler one.`))),
      timeLimitMs,
    );
    const onAnswer = (answer: PictureAnswer) => settle(() => resolve(answer));
    const onError = (cause: unknown) => settle(() => reject(new Error('The chart renderer failed.', { cause })));
    const onExit = (code: number) => settle(() => reject(new Error(`The chart renderer ended with code ${code}.`)));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
      finish();
    };
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
    worker.postMessage(request);
  });
}
