import type { BacktestInput } from '../engine/backtest.ts';
import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import type { Candles, FundingRates } from '../engine/candles.ts';
import { resolvePeriods } from '../engine/indicators/periods.ts';
import type { Plan } from '../engine/plan.ts';
import { warmUpStartMs } from '../engine/plan-columns.ts';
import type { Market } from '../engine/program.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunSpec } from '../engine/run-spec.ts';
import { validatePlan } from '../engine/validate-plan.ts';
import { simulateCandles, simulateFunding } from '../market/simulated.ts';
import { type Coverage, loadCandles, readCoverage, saveCandles } from '../store/candles.ts';
import { loadFunding, saveFunding } from '../store/funding.ts';
import type { Pool } from '../store/pool.ts';
import { transact } from '../store/transaction.ts';
import { planOf } from './plan-of.ts';

/** Half-open: bars that open at or after startMs and before endMs. A null start is the first bar there is. */
type Range = { readonly startMs: number | null; readonly endMs: number };

/** Everything a run needs, read from the store: bars with their warm-up, funding, plan and settings. */
export async function loadBacktestInput(pool: Pool, spec: RunSpec): Promise<BacktestInput> {
  const timeframe = spec.timeframes[0];
  const planText = planOf(spec);
  const { plan } = validatePlan(planText, { symbols: spec.symbols, timeframes: spec.timeframes });
  const range = await resolveRange(pool, spec, timeframe);
  const markets = await Promise.all(spec.symbols.map((symbol) => loadMarket(pool, spec, symbol, plan, range)));
  return {
    settings: spec.settings,
    plan: planText,
    timeframes: spec.timeframes,
    instrument: spec.instrument,
    exchange: spec.exchange,
    startMs: range.startMs,
    markets,
    source: sourceText(spec),
    simulated: spec.candleSource.kind === 'simulated',
  };
}

/** Where a symbol's bars are kept. */
export function candleSourceOf({ candleSource }: RunSpec, symbol: string): string {
  if (candleSource.kind === 'simulated') return `simulated:${candleSource.seed}`;
  const source = candleSource.candles[symbol];
  if (source === undefined) throw new Refusal(`No candle file was given for ${symbol}; add --candles ${symbol}=FILE`);
  return source;
}

async function resolveRange(pool: Pool, spec: RunSpec, timeframe: Timeframe): Promise<Range> {
  const { window } = spec;
  if (window.kind === 'range' && window.endMs !== null) return { startMs: window.startMs, endMs: window.endMs };
  const endMs = await lastCloseMs(pool, spec, timeframe);
  switch (window.kind) {
    case 'whole':
      return { startMs: null, endMs };
    case 'days':
      return { startMs: endMs - window.days * DAY_MS, endMs };
    case 'range':
      if (window.startMs >= endMs) {
        throw new Refusal(
          `The run would start at ${isoTime(window.startMs)}, but the last bar closed at ${isoTime(endMs)}; give an earlier start`,
        );
      }
      return { startMs: window.startMs, endMs };
  }
}

/** A simulated market goes on until the moment the run was asked for, files until their last bar. */
async function lastCloseMs(pool: Pool, spec: RunSpec, timeframe: Timeframe): Promise<number> {
  const barMs = TIMEFRAME_MS[timeframe];
  if (spec.candleSource.kind === 'simulated') return Math.floor(spec.requestedAtMs / barMs) * barMs;
  const coverages = await Promise.all(spec.symbols.map((symbol) => coverageOf(pool, spec, symbol, timeframe)));
  return Math.max(...coverages.map(({ lastOpenMs }) => lastOpenMs)) + barMs;
}

async function coverageOf(pool: Pool, spec: RunSpec, symbol: string, timeframe: Timeframe): Promise<Coverage> {
  const source = candleSourceOf(spec, symbol);
  const coverage = await readCoverage(pool, { source, symbol, timeframe });
  if (coverage === null) throw new Refusal(`There are no ${timeframe} bars of ${symbol} in ${source}`);
  return coverage;
}

async function loadMarket(pool: Pool, spec: RunSpec, symbol: string, plan: Plan, { startMs, endMs }: Range): Promise<Market> {
  const timeframe = spec.timeframes[0];
  const firstMs = startMs === null ? 0 : warmUpStartMs(plan, symbol, timeframe, startMs, resolvePeriods(spec.settings));
  const series = { source: candleSourceOf(spec, symbol), symbol, timeframe, startMs: Math.max(firstMs, 0), endMs };
  const candles =
    spec.candleSource.kind === 'simulated' ? await loadSimulated(pool, spec.candleSource.seed, series) : await loadCandles(pool, series);
  if (candles.openTimeMs.length === 0 || (startMs !== null && (candles.openTimeMs.at(-1) ?? 0) < startMs)) {
    throw new Refusal(
      `There are no ${timeframe} bars of ${symbol} between ${isoTime(startMs ?? 0)} and ${isoTime(endMs)} in ${sourceText(spec)}`,
    );
  }
  return { symbol, candles, funding: await loadFundingOf(pool, spec, symbol, candles.openTimeMs[0] ?? 0, endMs) };
}

type Series = {
  readonly source: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly startMs: number;
  readonly endMs: number;
};

/** What is kept of the simulated market, made and kept first where it is not. */
async function loadSimulated(pool: Pool, seed: number, series: Series): Promise<Candles> {
  const barMs = TIMEFRAME_MS[series.timeframe];
  const startMs = Math.ceil(series.startMs / barMs) * barMs;
  const endMs = Math.ceil(series.endMs / barMs) * barMs;
  const kept = await loadCandles(pool, series);
  if (kept.openTimeMs.length === (endMs - startMs) / barMs) return kept;

  const candles = simulateCandles({ symbol: series.symbol, timeframe: series.timeframe, startMs, endMs, seed });
  await transact(pool, (tx) => saveCandles(tx, { source: series.source, symbol: series.symbol, timeframe: series.timeframe, candles }));
  return loadCandles(pool, series);
}

async function loadFundingOf(
  pool: Pool,
  { candleSource }: RunSpec,
  symbol: string,
  startMs: number,
  endMs: number,
): Promise<FundingRates | null> {
  if (candleSource.kind === 'files') {
    const source = candleSource.funding[symbol];
    return source === undefined ? null : loadFunding(pool, { source, symbol, startMs, endMs });
  }
  const source = `simulated:${candleSource.seed}`;
  const funding = simulateFunding({ symbol, startMs, endMs, seed: candleSource.seed });
  await transact(pool, (tx) => saveFunding(tx, { source, symbol, funding }));
  return loadFunding(pool, { source, symbol, startMs, endMs });
}

/** For people: file names without their digests, or the seed. */
function sourceText({ candleSource }: RunSpec): string {
  if (candleSource.kind === 'simulated') return `simulated, seed ${candleSource.seed}`;
  return Object.values(candleSource.candles)
    .map((source) => source.replace(/^file:/, '').replace(/@[0-9a-f]+$/, ''))
    .join(', ');
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16);
}
