import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { BacktestInput } from '../engine/backtest.ts';
import { CANDLE_COLUMNS, type Candles, type FundingRates } from '../engine/candles.ts';
import type { ComparisonInput } from '../engine/compare.ts';
import type { ComparisonOutcome } from '../engine/comparison-outcome.ts';
import type { Market } from '../engine/program.ts';
import type { RunResult } from '../engine/result.ts';
import { answerBacktest } from './backtest.thread.ts';
import { answerComparison } from './compare.thread.ts';
import { readAnswer, type ThreadAnswer, type ThreadTask } from './thread-answer.ts';

/** Runs on a thread, so that this one stays free. An abort ends the thread and rejects with an AbortError. */
export type RunOnThread<Input, Result> = (
  input: Input,
  options: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
) => Promise<Result>;

/** A module for threads: where it is, and which of its functions answers. It may import what this room may not. */
export type ThreadModule<Task, Answer> = { readonly url: URL; readonly name: string; readonly answer: (task: Task) => Answer };

export type EnginePool = {
  readonly runBacktest: RunOnThread<BacktestInput, RunResult>;
  readonly runComparison: RunOnThread<ComparisonInput, ComparisonOutcome>;
  /** Has a module answer on a thread; an abort ends the thread and rejects with an AbortError. */
  readonly runModule: <Task, Answer>(module: ThreadModule<Task, Answer>, task: Task, signal: AbortSignal) => Promise<Answer>;
  /** Starts the threads, which otherwise start with the first backtest. */
  readonly warmUp: () => void;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly threads: number;
  /** Told of a thread that died while it had nothing to do; the pool replaces it. */
  readonly reportError: (error: unknown) => void;
};

/** Threads with the engine loaded, kept from one backtest to the next. */
export function openEnginePool({ threads, reportError }: Options): EnginePool {
  let pool: Piscina<unknown, unknown> | null = null;
  let closed = false;
  const start = () => {
    if (closed) throw new Error('The engine pool is closed.');
    pool ??= startThreads(threads, reportError);
    return pool;
  };

  const runEngine = async <Input, Result>(
    module: ThreadModule<ThreadTask<Input>, ThreadAnswer<Result>>,
    input: Input,
    { signal, onProgress }: Parameters<RunOnThread<Input, Result>>[1],
  ): Promise<Result> => {
    const running = start();
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onProgress);
    try {
      const task = { input, progress: port2 };
      return readAnswer(await answerOf(running, module, task, { signal, transferList: transferListOf(port2) }));
    } finally {
      port1.close();
    }
  };

  return {
    runBacktest: (input, options) => runEngine(BACKTEST, shareInput(input), options),
    runComparison: (input, options) => runEngine(COMPARISON, { ...input, base: shareInput(input.base) }, options),
    runModule: (module, task, signal) => answerOf(start(), module, task, { signal }),
    warmUp: () => void start(),
    close: async () => {
      closed = true;
      await pool?.destroy();
    },
  };
}

const BACKTEST: ThreadModule<ThreadTask<BacktestInput>, ThreadAnswer<RunResult>> = {
  url: new URL('./backtest.thread.ts', import.meta.url),
  name: answerBacktest.name,
  answer: answerBacktest,
};

const COMPARISON: ThreadModule<ThreadTask<ComparisonInput>, ThreadAnswer<ComparisonOutcome>> = {
  url: new URL('./compare.thread.ts', import.meta.url),
  name: answerComparison.name,
  answer: answerComparison,
};

type RunOptions = NonNullable<Parameters<Piscina['run']>[1]>;

/** Piscina cannot know what a module answers; its function says it. */
async function answerOf<Task, Answer>(
  pool: Piscina<unknown, unknown>,
  { url, name }: ThreadModule<Task, Answer>,
  task: Task,
  options: RunOptions,
): Promise<Answer> {
  return (await pool.run(task, { ...options, filename: url.href, name })) as Answer;
}

function startThreads(threads: number, reportError: Options['reportError']): Piscina<unknown, unknown> {
  const pool = new Piscina<unknown, unknown>({
    filename: BACKTEST.url.href,
    name: BACKTEST.name,
    minThreads: threads,
    maxThreads: threads,
    recordTiming: false,
  });
  pool.on('error', reportError);
  return pool;
}

type TransferList = RunOptions['transferList'];

/** Piscina derives its type from the wrong overload of `postMessage`; what it takes is an array. */
const transferListOf = (port: MessagePort) => [port] as TransferList;

function shareInput(input: BacktestInput): BacktestInput {
  return { ...input, markets: input.markets.map(shareMarket) };
}

/** The same market on memory that the thread can read where it is; what is there already is not copied. */
function shareMarket({ symbol, candles, funding }: Market): Market {
  return { symbol, candles: shareCandles(candles), funding: funding === null ? null : shareFunding(funding) };
}

function shareCandles(candles: Candles): Candles {
  const columns = CANDLE_COLUMNS.map((name) => [name, share(candles[name])] as const);
  return Object.fromEntries(columns) as Candles;
}

const shareFunding = ({ timeMs, rate }: FundingRates): FundingRates => ({ timeMs: share(timeMs), rate: share(rate) });

function share(column: Float64Array): Float64Array {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const shared = new Float64Array(new SharedArrayBuffer(column.byteLength));
  shared.set(column);
  return shared;
}
