import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { type Bar, MINUTE_MS, TIMEFRAME_MS, type Timeframe } from '../../src/engine/bar.ts';
import { type Candles, candlesFromBars, type FundingRates } from '../../src/engine/candles.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { effectiveSettings, type Overrides, type Settings } from '../../src/engine/settings.ts';

/** A bar written out; the volume is free for tests to carry a signal in, e.g. `entry: 'volume == 1'`. */
export type Row = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** A Monday at 00:00 UTC. */
export const START_MS = Date.UTC(2025, 0, 6);

export const SYMBOL = 'BTC-USD';

type Placing = { readonly startMs?: number; readonly timeframe?: Timeframe };

/** One bar after another from the start; null is a bar that is missing. */
export function barsFromRows(rows: readonly (Row | null)[], { startMs = START_MS, timeframe = '5m' }: Placing = {}): Bar[] {
  return rows.flatMap((row, index) => {
    if (row === null) return [];
    const [open, high, low, close, volume = 0] = row;
    return [{ openTimeMs: startMs + index * TIMEFRAME_MS[timeframe], open, high, low, close, volume }];
  });
}

/** Bars that open at the close before them (the first one at its own close) and reach no further than both. */
export function barsFromCloses(closes: readonly number[], placing: Placing = {}): Bar[] {
  const rows = closes.map((close, index): Row => {
    const open = closes[index - 1] ?? close;
    return [open, Math.max(open, close), Math.min(open, close), close];
  });
  return barsFromRows(rows, placing);
}

export function candlesFromRows(rows: readonly (Row | null)[], placing: Placing = {}): Candles {
  return candlesFromBars(barsFromRows(rows, placing));
}

/** A bar in which nothing happens but the signal in its volume. */
export function still(price: number, signal = 0): Row {
  return [price, price, price, price, signal];
}

export function fundingAt(...payments: readonly (readonly [timeMs: number, rate: number])[]): FundingRates {
  return { timeMs: Float64Array.from(payments, ([timeMs]) => timeMs), rate: Float64Array.from(payments, ([, rate]) => rate) };
}

/** Numbers from 0 to 1 that the seed decides, the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
}

type Walk = Placing & {
  readonly seed: number;
  readonly barCount: number;
  readonly startPrice?: number;
  /** Usual size of a bar's move; % of the price. */
  readonly movePct?: number;
  /** Share of the bars that are missing, the first never; 0–1. */
  readonly missing?: number;
  /** Share of the bars that open away from the close before them; 0–1. */
  readonly jumps?: number;
};

/** A seeded random walk with a volume from 0 to 1. */
export function randomWalk(walk: Walk): Bar[] {
  const { seed, barCount, startPrice = 100, movePct = 1, missing = 0, jumps = 0, startMs = START_MS, timeframe = '5m' } = walk;
  const random = seededRandom(seed);
  const move = () => 1 + ((random() + random() - 1) * movePct) / 100;
  const bars: Bar[] = [];
  let close = startPrice;
  for (let index = 0; index < barCount; index++) {
    const open = random() < jumps ? close * move() ** 3 : close;
    close = open * move();
    const high = Math.max(open, close) * (1 + (random() * movePct) / 200);
    const low = Math.min(open, close) * (1 - (random() * movePct) / 200);
    const bar = { openTimeMs: startMs + index * TIMEFRAME_MS[timeframe], open, high, low, close, volume: random() };
    if (index === 0 || random() >= missing) bars.push(bar);
  }
  return bars;
}

/** A trigger as a planner would write it: long BTC-USD on 5m when the volume is 1, stop 10 % away, no target, no exit. */
export function triggerWith(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    id: 'long',
    symbol: SYMBOL,
    timeframe: '5m',
    side: 'long',
    category: 'trend_continuation',
    grade: 'B',
    entry: 'volume == 1',
    exit: null,
    stop: { kind: 'pct', pct: 10 },
    target: null,
    ...changes,
  };
}

export function planWith(
  triggers: readonly Readonly<Record<string, unknown>>[],
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { regime: 'mixed', stance: 'active', rationale: 'A plan of the tests.', triggers, emergency_exit: null, levels: null, ...changes };
}

/**
 * Settings under which an entry of 1 % risk passes every gate and costs nothing: 10 000 in cash, no fee, no slippage, no hold,
 * no cooldown, every cap at its widest that leaves leverage 1.
 */
export function settingsWith(changes: Overrides = {}): Settings {
  return effectiveSettings(
    {
      initial_cash: 10_000,
      max_position_risk_pct: 1,
      max_symbol_exposure_pct: 100,
      max_portfolio_exposure_pct: 100,
      max_daily_loss_pct: 20,
      max_daily_risk_budget_pct: 30,
      max_trades_per_day: 100,
      max_triggers_per_symbol_per_day: 20,
      min_hold_bars: 0,
      trade_cooldown_bars: 0,
      confidence_override_threshold: null,
      min_price_move_pct: 0.01,
      max_staleness_seconds: 60,
      max_calls_per_hour_per_symbol: 200,
      taker_fee_pct: 0,
      slippage_pct: 0,
      margin_model: 'flat',
    },
    changes,
  );
}

export type Run = {
  /** Bars by symbol, in the order in which the run names them. */
  readonly bars: Readonly<Record<string, readonly Bar[]>>;
  readonly triggers?: readonly Readonly<Record<string, unknown>>[];
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly settings?: Overrides;
  readonly funding?: Readonly<Record<string, FundingRates>>;
  readonly input?: Partial<Pick<BacktestInput, 'timeframes' | 'instrument' | 'exchange' | 'startMs'>>;
};

export function inputOf({ bars, triggers = [triggerWith()], plan = {}, settings = {}, funding = {}, input = {} }: Run): BacktestInput {
  return {
    settings: settingsWith(settings),
    plan: planWith(triggers, plan),
    timeframes: ['5m'],
    instrument: 'perpetual',
    exchange: 'bybit',
    startMs: null,
    markets: Object.entries(bars).map(([symbol, own]) => ({ symbol, candles: candlesFromBars(own), funding: funding[symbol] ?? null })),
    source: 'test',
    simulated: false,
    ...input,
  };
}

export function runOf(run: Run): RunResult {
  return backtest(inputOf(run));
}

/** A run of one symbol, BTC-USD on 5m bars, from rows. */
export function runRows(rows: readonly (Row | null)[], run: Omit<Run, 'bars'> & Placing = {}): RunResult {
  return runOf({ ...run, bars: { [SYMBOL]: barsFromRows(rows, run) } });
}

/** Open time of the 5m bar of that index; ms UTC. */
export function openMs(index: number, startMs = START_MS): number {
  return startMs + index * 5 * MINUTE_MS;
}

/** Close time of the 5m bar of that index; ms UTC. */
export function closeMs(index: number, startMs = START_MS): number {
  return openMs(index + 1, startMs);
}
