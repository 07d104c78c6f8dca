import { randomUUID } from 'node:crypto';
import { backtest } from '../src/engine/backtest.ts';
import { DAY_MS, HOUR_MS } from '../src/engine/bar.ts';
import { findRunPreset } from '../src/engine/presets.ts';
import { type EngineEvent, REPLAN_TRIGGERS, type RunResult, type WalkAwayEvent } from '../src/engine/result.ts';
import { effectiveSettings } from '../src/engine/settings.ts';
import { simulateCandles } from '../src/market/simulated.ts';
import type { Pool } from '../src/store/pool.ts';
import { countReplans, countWalkAways, listReplans, listWalkAways } from '../src/store/run-events.ts';
import { finishRun, insertRun } from '../src/store/runs.ts';
import { transact } from '../src/store/transaction.ts';
import { planOfStrategy } from '../src/strategist/strategy.ts';
import { openBenchDatabase, quantile } from './desk-process.ts';
import type { Figure } from './measure.ts';

const RUNS = 1_000;
/** Walk-aways of a run, and as many replans. */
const EVENTS = 143;
const LIMIT = 5;
const ROUNDS = 11;
const GUILD = 'bench';
const SYMBOL = 'BTC-USD';
const START_MS = Date.UTC(2025, 0, 1);

/** What `/walkaway history` and `/triggers history` ask the database for in a guild that has run much. */
export async function measureHistories(): Promise<readonly Figure[]> {
  await using opened = new AsyncDisposableStack();
  const { pool } = await openBenchDatabase(opened);
  await insertRuns(pool);
  await pool.query('vacuum analyze');

  const first = { guildId: GUILD, offset: 0, limit: LIMIT };
  const last = { ...first, offset: RUNS * EVENTS - LIMIT };
  const reads: Readonly<Record<string, () => Promise<unknown>>> = {
    'walk-aways, count': () => refuseOther(countWalkAways(pool, GUILD)),
    'walk-aways, first page': () => refuseShort(listWalkAways(pool, first)),
    'walk-aways, last page': () => refuseShort(listWalkAways(pool, last)),
    'replans, count': () => refuseOther(countAllReplans(pool)),
    'replans, first page': () => refuseShort(listReplans(pool, { ...first, trigger: null })),
    'replans, last page': () => refuseShort(listReplans(pool, { ...last, trigger: null })),
  };
  const reference = `count in ${RUNS.toLocaleString('en-US')} whole results`;
  const wholeMs = await medianMs(() => refuseOther(countInResults(pool)));
  const figures: Figure[] = [{ name: reference, value: wholeMs, unit: 'ms', reference: null, ratio: null }];
  for (const [name, read] of Object.entries(reads)) {
    const value = await medianMs(read);
    figures.push({
      name: `history of ${(RUNS * EVENTS).toLocaleString('en-US')} ${name}`,
      value,
      unit: 'ms',
      reference,
      ratio: value / wholeMs,
    });
  }
  return figures;
}

async function insertRuns(pool: Pool): Promise<void> {
  const month = resultOfMonth();
  for (let run = 0; run < RUNS; run++) {
    const id = randomUUID();
    await transact(pool, async (tx) => {
      await insertRun(tx, { id, guildId: GUILD, channelId: null, requestedBy: null, request: { symbols: [SYMBOL], timeframes: ['5m'] } });
      await finishRun(tx, {
        id,
        result: { ...month, events: replansOf(run), summary: { ...month.summary, walk_away_events: WALK_AWAYS } },
      });
    });
  }
}

function resultOfMonth(): RunResult {
  const { overrides, timeframes } = findRunPreset('scalper-5m');
  return backtest({
    settings: effectiveSettings(overrides),
    plan: planOfStrategy('aggressive_active', [SYMBOL], '5m'),
    timeframes,
    instrument: 'perpetual',
    exchange: 'coinbase',
    startMs: START_MS,
    markets: [
      {
        symbol: SYMBOL,
        candles: simulateCandles({ symbol: SYMBOL, startMs: START_MS, endMs: START_MS + 30 * DAY_MS, seed: 1, timeframe: '5m' }),
        funding: null,
      },
    ],
    source: 'simulated, seed 1',
    simulated: true,
  });
}

/** Hardly two runs have the same counts. */
function replansOf(run: number): readonly EngineEvent[] {
  return Array.from({ length: EVENTS }, (_, event) => ({
    kind: event % 12 === 0 ? 'replan_requested' : 'replan_suppressed',
    time: START_MS + event * HOUR_MS,
    trigger_type: REPLAN_TRIGGERS[(event < run % EVENTS ? run : event) % REPLAN_TRIGGERS.length] as string,
    symbol: SYMBOL,
    trigger_details: { atr: 396.4690123492616, mean_atr: 298.75636897162224, ratio: 1.3270646370284436 },
    ...(event % 12 === 0 ? {} : { reason: 'budget' }),
  }));
}

const WALK_AWAYS: readonly WalkAwayEvent[] = Array.from({ length: EVENTS }, (_, day) => ({
  timestamp: START_MS + day * DAY_MS,
  trigger: day % 3 === 0 ? 'profit_target' : 'loss_limit',
  daily_return_pct: -1.0371880329369743,
  trades_today: 3,
  equity_at_trigger: 9896.281196706303,
  counterfactual_return_pct: -4.018553136303563,
}));

async function countInResults(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select sum(jsonb_array_length(result->'events'))::integer as count from runs where guild_id = $1`,
    [GUILD],
  );
  return rows[0]?.count ?? 0;
}

async function countAllReplans(pool: Pool): Promise<number> {
  const counts = await countReplans(pool, GUILD);
  return counts.reduce((sum, { requested, suppressed }) => sum + requested + suppressed, 0);
}

/** What reads nothing would be fast too. */
async function refuseOther(counting: Promise<number>): Promise<void> {
  const count = await counting;
  if (count !== RUNS * EVENTS) throw new Error(`${RUNS * EVENTS} events are stored, ${count} were counted`);
}

async function refuseShort(listing: Promise<readonly unknown[]>): Promise<void> {
  const { length } = await listing;
  if (length !== LIMIT) throw new Error(`A page has ${LIMIT} lines, ${length} were read`);
}

/** After a first time that nobody counts. */
async function medianMs(read: () => Promise<unknown>): Promise<number> {
  await read();
  const timesMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now();
    await read();
    timesMs.push(performance.now() - startMs);
  }
  return quantile(timesMs, 0.5);
}
