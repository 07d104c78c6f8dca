import type { BacktestInput } from '../engine/backtest.ts';
import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { isoMinute } from '../engine/iso-minute.ts';
import type { Plan } from '../engine/plan.ts';
import { warmUpStartMs } from '../engine/plan-columns.ts';
import type { Market } from '../engine/program.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunSpec } from '../engine/run-spec.ts';
import type { Settings } from '../engine/settings.ts';
import { validatePlan } from '../engine/validate-plan.ts';
import type { LoadOptions } from '../jobs/engine-processor.ts';
import { type Coverage, loadCandles, readCoverage } from '../store/candles.ts';
import { loadFunding } from '../store/funding.ts';
import type { Pool } from '../store/pool.ts';
import type { ExchangeService } from './exchange-service.ts';
import { fetchMissingCandles, fetchMissingFunding } from './fetch-missing.ts';
import { keepSimulated, type Simulate } from './keep-simulated.ts';
import { planOf } from './plan-of.ts';

/** Half-open: bars that open at or after startMs and before endMs. A null start is the first bar there is. */
type Range = { readonly startMs: number | null; readonly endMs: number };

export type LoadPorts = { readonly pool: Pool; readonly exchange: ExchangeService; readonly simulate: Simulate };

/**
 * Everything a run needs, read from the store once it is there: bars with their warm-up, funding, plan and settings. The warm-up is the
 * longest of those that the settings ask for, where others than the run's own will run on the same bars.
 */
export async function loadBacktestInput(
  ports: LoadPorts,
  spec: RunSpec,
  options: LoadOptions,
  warmUpFor: readonly Settings[] = [spec.settings],
): Promise<BacktestInput> {
  let prepared = 0;
  const prepare: PrepareSeries = async (series) => {
    const onProgress = (fraction: number) => options.onProgress((prepared + fraction) / spec.symbols.length);
    const funding = await prepareSeries(ports, spec, series, { ...options, onProgress });
    prepared += 1;
    return funding;
  };
  const { plan } = validatePlan(planOf(spec), { symbols: spec.symbols, timeframes: spec.timeframes });
  return readInput(ports.pool, spec, prepare, { plan, settings: warmUpFor });
}

/**
 * The same from what is kept alone: nothing is made or fetched for it, so that it tells what became of the bars of a run. The warm-up is
 * that of the run as it was, whatever is asked for now.
 */
export async function loadKeptInput(
  pool: Pool,
  spec: RunSpec,
  ran: { readonly plan: Plan; readonly settings: Settings },
): Promise<BacktestInput> {
  return readInput(pool, spec, async (series) => fundingSourceOf(spec, series), { plan: ran.plan, settings: [ran.settings] });
}

/** Sees to it that the bars and rates of a series are in the store, if it can. Answers the source of its funding rates, if it has any. */
type PrepareSeries = (series: Series) => Promise<string | null>;

/** What the columns are filled for before the first bar that trades. */
type WarmUp = { readonly plan: Plan; readonly settings: readonly Settings[] };

async function readInput(pool: Pool, spec: RunSpec, prepare: PrepareSeries, warmUp: WarmUp): Promise<BacktestInput> {
  const timeframe = spec.timeframes[0];
  const range = await resolveRange(pool, spec, timeframe);
  const markets: Market[] = [];
  for (const symbol of spec.symbols) {
    const firstMs = range.startMs === null ? 0 : firstWarmUpMs(range.startMs, warmUp, symbol, timeframe);
    markets.push(await loadMarket(pool, spec, { symbol, firstMs, ...range }, prepare));
  }
  return {
    settings: spec.settings,
    plan: planOf(spec),
    timeframes: spec.timeframes,
    instrument: spec.instrument,
    exchange: spec.exchange,
    startMs: range.startMs,
    markets,
    source: sourceText(spec),
    simulated: spec.candleSource.kind === 'simulated',
    ...(spec.indicators === undefined ? {} : { indicators: spec.indicators }),
  };
}

/** Where a symbol's bars are kept. */
export function candleSourceOf({ candleSource }: RunSpec, symbol: string): string {
  if (candleSource.kind === 'simulated') return `simulated:${candleSource.seed}`;
  const source = (candleSource.kind === 'exchange' ? candleSource.sources : candleSource.candles)[symbol];
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
          `The run would start at ${isoMinute(window.startMs)}, but the last bar closed at ${isoMinute(endMs)}; give an earlier start`,
        );
      }
      return { startMs: window.startMs, endMs };
  }
}

/** Files go on until their last bar, all others until the moment the run was asked for. */
async function lastCloseMs(pool: Pool, spec: RunSpec, timeframe: Timeframe): Promise<number> {
  const barMs = TIMEFRAME_MS[timeframe];
  if (spec.candleSource.kind !== 'files') return Math.floor(spec.requestedAtMs / barMs) * barMs;
  const coverages = await Promise.all(spec.symbols.map((symbol) => coverageOf(pool, spec, symbol, timeframe)));
  return Math.max(...coverages.map(({ lastOpenMs }) => lastOpenMs)) + barMs;
}

async function coverageOf(pool: Pool, spec: RunSpec, symbol: string, timeframe: Timeframe): Promise<Coverage> {
  const source = candleSourceOf(spec, symbol);
  const coverage = await readCoverage(pool, { source, symbol, timeframe });
  if (coverage === null) throw new Refusal(`There are no ${timeframe} bars of ${symbol} in ${source}`);
  return coverage;
}

function firstWarmUpMs(startMs: number, { plan, settings }: WarmUp, symbol: string, timeframe: Timeframe): number {
  return Math.min(...settings.map((of) => warmUpStartMs(plan, symbol, timeframe, startMs, of)));
}

/** The bars of a symbol that a run trades on, and where those that warm it up begin; ms UTC. */
type Wanted = Range & { readonly symbol: string; readonly firstMs: number };

async function loadMarket(pool: Pool, spec: RunSpec, { symbol, firstMs, startMs, endMs }: Wanted, prepare: PrepareSeries): Promise<Market> {
  const timeframe = spec.timeframes[0];
  const series = { source: candleSourceOf(spec, symbol), symbol, timeframe, startMs: Math.max(firstMs, 0), endMs };
  const funding = await prepare(series);
  const candles = await loadCandles(pool, series);
  if (candles.openTimeMs.length === 0 || (startMs !== null && (candles.openTimeMs.at(-1) ?? 0) < startMs)) {
    throw new Refusal(
      `There are no ${timeframe} bars of ${symbol} between ${isoMinute(startMs ?? 0)} and ${isoMinute(endMs)} in ${sourceText(spec)}`,
    );
  }
  const fromMs = candles.openTimeMs[0] ?? 0;
  return {
    symbol,
    candles,
    funding: funding === null ? null : await loadFunding(pool, { source: funding, symbol, startMs: fromMs, endMs }),
  };
}

/** Where the rates of a series would be kept; whether there are any is another question. */
function fundingSourceOf({ candleSource }: RunSpec, { source, symbol }: Series): string | null {
  return candleSource.kind === 'files' ? (candleSource.funding[symbol] ?? null) : source;
}

async function prepareSeries(ports: LoadPorts, spec: RunSpec, series: Series, options: LoadOptions): Promise<string | null> {
  const { pool, exchange } = ports;
  const { candleSource } = spec;
  switch (candleSource.kind) {
    case 'files':
      return fundingSourceOf(spec, series);
    case 'simulated':
      await keepSimulated(ports, { ...series, seed: candleSource.seed }, options);
      return fundingSourceOf(spec, series);
    case 'exchange': {
      const opened = await exchange.open();
      const market = await opened.findMarket({ symbol: series.symbol, instrument: spec.instrument, signal: options.signal });
      const wanted = { pool, exchange: opened, market, startMs: series.startMs, endMs: series.endMs, signal: options.signal };
      await fetchMissingCandles(wanted, { timeframe: series.timeframe, onProgress: options.onProgress });
      return (await fetchMissingFunding(wanted)) ? series.source : null;
    }
  }
}

type Series = {
  readonly source: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly startMs: number;
  readonly endMs: number;
};

/** For people: file names without their digests, or the seed. */
function sourceText({ candleSource }: RunSpec): string {
  if (candleSource.kind === 'simulated') return `simulated, seed ${candleSource.seed}`;
  if (candleSource.kind === 'exchange') return Object.values(candleSource.descriptions).join(', ');
  return Object.values(candleSource.candles)
    .map((source) => source.replace(/^file:/, '').replace(/@[0-9a-f]+$/, ''))
    .join(', ');
}
