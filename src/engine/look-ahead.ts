import { firstAtOrAfter, firstBarFrom, sliceCandles } from './candles.ts';
import type { LookAhead } from './evidence.ts';
import { canonicalJson } from './hash.ts';
import type { MarketColumns } from './market-columns.ts';
import { planColumns } from './plan-columns.ts';
import { type PreparedBacktest, prepareBacktest } from './prepare-backtest.ts';
import { compileProgram, type Market } from './program.ts';
import { type Replay, replay } from './replay.ts';
import type { OpenPosition, RunResult, Trade } from './result.ts';
import { sideOf } from './step/fill.ts';
import { validatePlan } from './validate-plan.ts';

const NOTHING_TO_TEST: LookAhead = { verdict: 'nothing_to_test', cut_time: null, trades: 0, closes: 0, differs: null };

/**
 * The canary: the run again on bars that end with the close that decided its middle entry. Its indicator columns, equity, trades and that
 * very decision must be the same to the bit, or something looked ahead.
 */
export function findLookAhead(prepared: PreparedBacktest, result: RunResult): LookAhead {
  const decided = middleEntry(result);
  if (decided === null) return NOTHING_TO_TEST;
  const cutMs = decided.entry_time;
  const { input, startMs } = prepared;
  const markets = prepared.markets.map((market) => cutOff(market, cutMs)).filter(({ candles }) => candles.openTimeMs.length > 0);
  const known = prepareBacktest({ ...input, markets, startMs });
  const again = replayKnown(known, result, cutMs);
  const differs =
    differingColumn(prepared, known, result) ??
    differingEquity(again, result) ??
    differingTrade(again, result, cutMs) ??
    differingDecision(
      again,
      markets.map(({ symbol }) => symbol),
      decided,
    );
  return {
    verdict: differs === null ? 'none_seen' : 'seen',
    cut_time: cutMs,
    trades: again.trades.length,
    closes: again.equity.length,
    differs,
  };
}

type Entry = Trade | OpenPosition;

function middleEntry({ trades, open_positions }: RunResult): Entry | null {
  const entries = [...trades, ...open_positions].toSorted((one, other) => one.entry_time - other.entry_time);
  return entries[Math.floor(entries.length / 2)] ?? null;
}

function cutOff({ symbol, candles, funding }: Market, cutMs: number): Market {
  return {
    symbol,
    candles: sliceCandles(candles, 0, firstBarFrom(candles, cutMs)),
    funding: funding === null ? null : cutFunding(funding, cutMs),
  };
}

function cutFunding({ timeMs, rate }: NonNullable<Market['funding']>, cutMs: number): NonNullable<Market['funding']> {
  const until = firstAtOrAfter(timeMs, cutMs);
  return { timeMs: timeMs.subarray(0, until), rate: rate.subarray(0, until) };
}

function replayKnown(known: PreparedBacktest, { settings, plans }: RunResult, cutMs: number): Replay {
  const { input, markets, startMs } = known;
  const { timeframes, instrument, exchange } = input;
  const plan = validatePlan(input.plan, { symbols: markets.map(({ symbol }) => symbol), timeframes });
  const program = compileProgram({ settings, timeframes, instrument, exchange, markets }, known.columnsFor(settings));
  const timeline = plans
    .slice(1)
    .filter(({ from }) => from < cutMs)
    .map(({ from, plan: followed }) => ({ from, plan: followed }));
  return replay({ program, plan, startMs, plans: { kind: 'frozen', timeline } });
}

/** Bit by bit, each column that the first plan reads, up to the last value that was known at the cut. */
function differingColumn(whole: PreparedBacktest, known: PreparedBacktest, { settings, plans, data }: RunResult): string | null {
  const [first] = plans;
  if (first === undefined) return null;
  const columnsOf = (prepared: PreparedBacktest, symbol: string): MarketColumns | undefined =>
    prepared.columnsFor(settings)[prepared.markets.findIndex((market) => market.symbol === symbol)];
  for (const { symbol } of known.markets) {
    const [all, early] = [columnsOf(whole, symbol), columnsOf(known, symbol)];
    if (all === undefined || early === undefined) continue;
    const read = new Map(planColumns(first.plan, symbol, data.timeframe).map((column) => [`${column.name}@${column.timeframe}`, column]));
    for (const [text, { name, timeframe }] of read) {
      if (!beginsWith(all.column(name, timeframe), early.column(name, timeframe))) return `${text} of ${symbol}`;
    }
  }
  return null;
}

/** An unknown value is the same as an unknown one. */
function beginsWith(whole: Float64Array, beginning: Float64Array): boolean {
  for (let index = 0; index < beginning.length; index++) {
    const [value, other] = [beginning[index] as number, whole[index] as number];
    if (value !== other && !(Number.isNaN(value) && Number.isNaN(other))) return false;
  }
  return beginning.length <= whole.length;
}

function differingEquity({ timesMs, equity }: Replay, result: RunResult): string | null {
  return beginsWith(result.equity.timesMs, timesMs) && beginsWith(result.equity.values, equity) ? null : 'equity';
}

/** An exit inside the last bar carries the time of the cut, as one at the open after it does: only earlier ones must be there. */
function differingTrade({ trades }: Replay, result: RunResult, cutMs: number): string | null {
  const isComplete = trades.length >= result.trades.filter(({ exit_time }) => exit_time < cutMs).length;
  const isSame = canonicalJson(trades) === canonicalJson(result.trades.slice(0, trades.length));
  return isComplete && isSame ? null : 'trades';
}

function differingDecision({ state }: Replay, symbols: readonly string[], decided: Entry): string | null {
  const order = state.symbols[symbols.indexOf(decided.symbol)]?.order ?? null;
  const isSame = order !== null && order.kind !== 'exit' && sideOf(order.direction) === decided.side && order.quantity === decided.quantity;
  return isSame ? null : `the decision to open ${decided.symbol}`;
}
