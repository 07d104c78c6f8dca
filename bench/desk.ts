import { DAY_MS } from '../src/engine/bar.ts';
import { simulateCandles } from '../src/market/simulated.ts';
import type { Playground } from '../src/playground/playground.ts';
import { loadCandles, saveCandles } from '../src/store/candles.ts';
import type { Pool } from '../src/store/pool.ts';
import { transact } from '../src/store/transaction.ts';
import { openBenchDatabase, quantile, startBenchDesk } from './desk-process.ts';
import type { Figure } from './measure.ts';

const IN_FLIGHT = 200;
const PRESSES = 10;
const PATIENCE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);

/** The desk as a group runs it: bot and worker in a process of their own, the local Discord in this one, a real database. */
export async function measureDesk(): Promise<readonly Figure[]> {
  await using opened = new AsyncDisposableStack();
  const { databaseUrl, pool } = await openBenchDatabase(opened);
  const reading = await readYear(pool);
  const playground = await startBenchDesk(opened, databaseUrl);
  return [...reading, ...(await pressToCard(playground)), ...(await acknowledgements(playground))];
}

async function readYear(pool: Pool): Promise<readonly Figure[]> {
  const series = { source: 'bench', symbol: 'BTC-USD', timeframe: '5m' } as const;
  const range = { startMs: START_MS, endMs: START_MS + 365 * DAY_MS };
  await transact(pool, (tx) => saveCandles(tx, { ...series, candles: simulateCandles({ ...series, ...range, seed: 1 }) }));
  const timesMs: number[] = [];
  for (let run = 0; run < 10; run++) {
    const startMs = performance.now();
    await loadCandles(pool, { ...series, ...range });
    timesMs.push(performance.now() - startMs);
  }
  return [single('reading a year of 5m candles, best of 10 (goal < 50)', Math.min(...timesMs), 'ms')];
}

async function pressToCard(playground: Playground): Promise<readonly Figure[]> {
  const channel = playground.channel(playground.home.channelId);
  const timesMs: number[] = [];
  for (let press = 0; press <= PRESSES; press++) {
    const startMs = performance.now();
    await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    await channel.waitForMessage(() => cards(playground) > press, PATIENCE_MS);
    // The first press warms up the threads of the engine and of the charts.
    if (press > 0) timesMs.push(performance.now() - startMs);
  }
  return [single('press to posted card, three days of 5m, median of 10', quantile(timesMs, 0.5), 'ms')];
}

async function acknowledgements(playground: Playground): Promise<readonly Figure[]> {
  const presses = await Promise.all(
    Array.from({ length: IN_FLIGHT }, () => playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } })),
  );
  const answers = await Promise.all(presses.map((press) => press.firstAnswer(PATIENCE_MS)));
  const timesMs = answers.map(({ afterMs }) => afterMs);
  return [
    single(`first acknowledgement, ${IN_FLIGHT} presses in flight, median`, quantile(timesMs, 0.5), 'ms'),
    single(`first acknowledgement, ${IN_FLIGHT} presses in flight, p99 (goal < 250)`, quantile(timesMs, 0.99), 'ms'),
  ];
}

function cards(playground: Playground): number {
  return playground.channel(playground.home.channelId).messages.filter(({ attachments }) => attachments.length > 0).length;
}

function single(name: string, value: number, unit: string): Figure {
  return { name, value, unit, reference: null, ratio: null };
}
