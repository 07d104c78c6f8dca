import { CANDLE_COLUMNS, type Candles, firstAtOrAfter, firstBarFrom } from './candles.ts';
import type { Plan } from './plan.ts';
import type { PlanSource } from './plan-source.ts';
import { type BacktestInput, type PreparedBacktest, prepareBacktest } from './prepare-backtest.ts';
import { compileProgram } from './program.ts';
import { type Replay, type ReplayWitness, replay } from './replay.ts';
import type { BlockReason, EngineEvent, ExitReason, Trade } from './result.ts';
import type { Order, SessionState } from './state.ts';
import { validatePlan } from './validate-plan.ts';

/** The bars of a run in their order, and those worth stopping at. */
export type PlaybackTimeline = {
  /** Open times of the bars; of several symbols together. ms UTC. */
  readonly timesMs: Float64Array;
  /** Indexes of the bars at which something happened; when nothing ever did, of those at which something was blocked. */
  readonly stops: Int32Array;
  readonly finalEquity: number;
};

/** A trigger that fired at the close of a bar, and what came of it. */
export type Firing = { readonly triggerId: string } & (
  | { readonly kind: 'ordered'; readonly order: Exclude<Order, { kind: 'exit' }> }
  | { readonly kind: 'blocked'; readonly reason: BlockReason }
);

/** A run as it stood at the close of one of its bars, after everything that the bar decided. */
export type Moment = {
  readonly openTimeMs: number;
  readonly symbols: readonly string[];
  readonly state: SessionState;
  /** In the bar, in its order. */
  readonly happened: readonly EngineEvent[];
  readonly firings: readonly Firing[];
  /** Exit orders decided at the close. */
  readonly exits: readonly { readonly symbol: string; readonly reason: ExitReason }[];
  /** Exit rules that fired and had to wait. */
  readonly heldBackExits: number;
  /** Which plan was followed, counted from 1. */
  readonly plan: { readonly number: number; readonly plan: Plan };
  readonly view: MomentView;
};

/** The bars around it of the symbol that the bar is about. */
export type MomentView = {
  readonly symbol: string;
  readonly candles: Candles;
  /** The bar itself, among them; those after it had not happened yet. */
  readonly cursor: number;
  /** Of the symbol, those that were held within these bars and over by then; they exit at the open of the bar in which they ended. */
  readonly trades: readonly Trade[];
};

export type Played = { readonly input: BacktestInput; readonly plans: PlanSource };

const VIEW_BARS = { before: 44, after: 15 } as const;

/** What is told of often and changes nothing. */
const NO_STOP = ['funding', 'replan_suppressed'];

/** Goes through a whole run and notes where there is something to see. */
export function playTimeline(played: Played): PlaybackTimeline {
  const happened = new Set<number>();
  const blocked = new Set<number>();
  let now = 0;
  const replayed = replayPlayed(prepareBacktest(played.input), played.plans, {
    ...UNHEARD,
    bar: (openTimeMs) => {
      now = openTimeMs;
    },
    event: (event) => void (isWorthAStop(event) && happened.add(now)),
    block: () => void blocked.add(now),
  });
  const { timesMs, state } = replayed;
  const stops = Int32Array.from(happened.size > 0 ? happened : blocked, (timeMs) => firstAtOrAfter(timesMs, timeMs));
  return { timesMs: Float64Array.from(timesMs), stops: stops.sort(), finalEquity: state.equity };
}

/** Goes through a run up to and with the bars that open at a time. */
export function playTo(played: Played, openTimeMs: number): Moment {
  const prepared = prepareBacktest(played.input);
  const symbols = prepared.markets.map(({ symbol }) => symbol);
  const watch = watchBars(symbols);
  const { state, plans } = replayPlayed(prepared, played.plans, watch.witness, openTimeMs);
  const plan = plans.at(-1)?.plan;
  if (plan === undefined) throw new Error('A run follows a plan.');
  const { heldBackBefore, ...seen } = watch.barOf(openTimeMs) ?? beginBar(openTimeMs, state.tally.heldBackExits);
  const about = { ...seen, symbols, state };
  return {
    ...about,
    heldBackExits: state.tally.heldBackExits - heldBackBefore,
    plan: { number: plans.length, plan },
    view: viewOf(prepared, watch.trades, { symbol: symbolInView(about, plan), openTimeMs }),
  };
}

/** What is noted of a bar while it is gone through. */
type PlayedBar = {
  readonly openTimeMs: number;
  readonly happened: EngineEvent[];
  readonly firings: Firing[];
  readonly exits: { readonly symbol: string; readonly reason: ExitReason }[];
  readonly heldBackBefore: number;
};

function beginBar(openTimeMs: number, heldBackBefore: number): PlayedBar {
  return { openTimeMs, happened: [], firings: [], exits: [], heldBackBefore };
}

/** Notes the last bar that was told, and every trade with the bar in which it ended. */
function watchBars(symbols: readonly string[]) {
  let bar = beginBar(Number.NaN, 0);
  const trades: Trade[] = [];
  const witness: ReplayWitness = {
    ...UNHEARD,
    bar: (openTimeMs, { tally }) => {
      bar = beginBar(openTimeMs, tally.heldBackExits);
    },
    trade: (trade) => trades.push({ ...trade, exit_time: bar.openTimeMs }),
    event: (event) => bar.happened.push(event),
    block: (triggerId, reason) => bar.firings.push({ kind: 'blocked', triggerId, reason }),
    placed: (index, order) => {
      if (order.kind === 'exit') bar.exits.push({ symbol: symbols[index] ?? '', reason: order.reason });
      else bar.firings.push({ kind: 'ordered', triggerId: order.origin.id, order });
    },
  };
  // A bar that was passed as quiet was not told, and the last one told came before it.
  return { witness, trades, barOf: (openTimeMs: number) => (bar.openTimeMs === openTimeMs ? bar : null) };
}

function replayPlayed(prepared: PreparedBacktest, plans: PlanSource, witness: ReplayWitness, lastOpenMs?: number): Replay {
  const { input, markets, startMs } = prepared;
  const { settings, timeframes, instrument, exchange } = input;
  const plan = validatePlan(input.plan, { symbols: markets.map(({ symbol }) => symbol), timeframes });
  const program = compileProgram({ settings, timeframes, instrument, exchange, markets }, prepared.columnsFor(settings));
  return replay({ program, plan, startMs, plans, witness, ...(lastOpenMs === undefined ? {} : { lastOpenMs }) });
}

function isWorthAStop({ kind, trigger_type }: EngineEvent): boolean {
  // The schedule asks several times a day; what came of it is a stop of its own.
  return !NO_STOP.includes(kind) && !(kind === 'replan_requested' && trigger_type === 'scheduled');
}

type Seen = Pick<Moment, 'happened' | 'firings' | 'state' | 'symbols'>;

/** That of what happened, else of what fired, else of a position, else the first. */
function symbolInView({ happened, firings, state, symbols }: Seen, { triggers }: Plan): string {
  const told = happened.flatMap(({ symbol }) => (typeof symbol === 'string' ? [symbol] : []));
  const fired = firings.flatMap(({ triggerId }) => triggers.filter(({ id }) => id === triggerId).map(({ symbol }) => symbol));
  const held = symbols.filter((_, index) => state.symbols[index]?.position !== null);
  return told[0] ?? fired[0] ?? held[0] ?? symbols[0] ?? '';
}

type Wanted = { readonly symbol: string; readonly openTimeMs: number };

function viewOf({ markets, startMs }: PreparedBacktest, trades: readonly Trade[], { symbol, openTimeMs }: Wanted): MomentView {
  const all = markets.find((market) => market.symbol === symbol)?.candles;
  if (all === undefined) throw new Error(`There are no bars of ${symbol}.`);
  const first = firstBarFrom(all, startMs);
  const at = Math.max(first, firstBarFrom(all, openTimeMs + 1) - 1);
  const from = Math.max(first, at - VIEW_BARS.before);
  const candles = copyCandles(all, from, Math.min(all.openTimeMs.length, at + 1 + VIEW_BARS.after));
  const fromMs = candles.openTimeMs[0] ?? openTimeMs;
  const seen = trades.filter((trade) => trade.symbol === symbol && trade.exit_time >= fromMs);
  return { symbol, candles, cursor: at - from, trades: seen };
}

/** On memory of their own: a view of the whole columns would cross a thread with all of them. */
function copyCandles(candles: Candles, from: number, to: number): Candles {
  return Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, candles[name].slice(from, to)] as const)) as Candles;
}

const UNHEARD: ReplayWitness = { bar: ignore, trade: ignore, event: ignore, block: ignore, placed: ignore, withdrawn: ignore };

function ignore(): void {}
