import type { BacktestInput } from '../../src/engine/backtest.ts';
import { type Bar, TIMEFRAME_MS } from '../../src/engine/bar.ts';
import { type Candles, firstBarFrom } from '../../src/engine/candles.ts';
import type { BlockReason, EngineEvent, ReplanRequest, Trade } from '../../src/engine/result.ts';
import type { InputOf, SessionInput } from '../../src/engine/session/input.ts';
import { orderId } from '../../src/engine/session/intent.ts';
import { openSession, type Session } from '../../src/engine/session/session.ts';
import type { SessionStep } from '../../src/engine/session/session-step.ts';
import { step } from '../../src/engine/session/step.ts';
import type { Fills } from '../../src/engine/step/run.ts';
import {
  closingReason,
  type Execution,
  executeClosing,
  executeLiquidation,
  executeOpening,
  isLiquidatedAtOpen,
  reachedLevel,
} from '../../src/engine/step/simulated-broker.ts';

/** Everything that a session told, and how it ended. */
export type Told = {
  readonly session: Session;
  readonly events: readonly EngineEvent[];
  readonly trades: readonly Trade[];
  readonly blocks: readonly { readonly trigger_id: string; readonly reason: BlockReason }[];
  readonly requests: readonly ReplanRequest[];
  /** Every input that it was given, in order. */
  readonly log: readonly SessionInput[];
  /** Marked equity after each set of bars. */
  readonly equity: readonly number[];
};

export type Driving = {
  readonly fills: Fills;
  /** What the session is between two inputs, e.g. what came back from JSON. */
  readonly between?: (session: Session) => Session;
  /** Answers a request with a plan, or null. */
  readonly planner?: (request: ReplanRequest) => unknown;
  readonly untilMs?: number;
};

/** A session without inputs for what a backtest is given. */
export function sessionFor({ markets, timeframes, instrument, exchange, settings, plan }: BacktestInput, fills: Fills): Session {
  const [first = '', ...rest] = markets.map(({ symbol }) => symbol);
  return openSession({ symbols: [first, ...rest], timeframes, instrument, exchange, fills }, settings, plan);
}

/**
 * Gives a session the bars of a backtest one time after another, with the funding before them. A live one is also given
 * what a venue would have filled: here that is the simulated broker, standing outside.
 */
export function driveSession(
  input: BacktestInput,
  { fills, between = (session) => session, planner, untilMs = Number.POSITIVE_INFINITY }: Driving,
): Told {
  const barMs = TIMEFRAME_MS[input.timeframes[0]];
  const told = {
    events: [] as EngineEvent[],
    trades: [] as Trade[],
    blocks: [] as SessionStep['blocks'][number][],
    requests: [] as ReplanRequest[],
  };
  const log: SessionInput[] = [];
  const equity: number[] = [];
  let session = sessionFor(input, fills);
  const firstMs = input.startMs ?? Number.NEGATIVE_INFINITY;

  for (const { symbol, candles } of input.markets) {
    const bars = barsOf(candles).filter(({ openTimeMs }) => openTimeMs < firstMs);
    if (bars.length > 0) give({ kind: 'history', symbol, bars });
  }
  const times = [...new Set(input.markets.flatMap(({ candles }) => [...candles.openTimeMs]))].sort((one, other) => one - other);
  let previousMs = Number.NEGATIVE_INFINITY;
  for (const openTimeMs of times) {
    if (openTimeMs < firstMs || openTimeMs >= untilMs) continue;
    for (const { symbol, funding } of input.markets) {
      funding?.timeMs.forEach((dueMs, row) => {
        if (dueMs > previousMs && dueMs <= openTimeMs) give({ kind: 'funding', symbol, dueMs, rate: funding.rate[row] as number });
      });
    }
    const bars = new Map(input.markets.map(({ symbol, candles }) => [symbol, barAt(candles, openTimeMs)]));
    if (fills === 'reported') reportOpenings(bars, openTimeMs);
    const prices = Object.fromEntries([...bars].flatMap(([symbol, bar]) => (bar === null ? [] : [[symbol, withoutTime(bar)]])));
    give({ kind: 'bars', openTimeMs, bars: prices });
    equity.push(session.account.equity);
    previousMs = openTimeMs;
  }
  return { session, ...told, log, equity };

  function give(next: SessionInput): void {
    log.push(next);
    const { session: after, events, trades, blocks, request } = step(session, next);
    told.events.push(...events);
    told.trades.push(...trades);
    told.blocks.push(...blocks);
    session = between(after);
    if (request === null) return;
    told.requests.push(request);
    const plan = planner?.(request) ?? null;
    if (plan !== null) give({ kind: 'plan', timeMs: request.time, plan, requestedBy: request.trigger_type });
  }

  /** In the engine's order: liquidations at the open, then waiting orders, then what is reached inside the bar. */
  function reportOpenings(bars: ReadonlyMap<string, Bar | null>, openTimeMs: number): void {
    const { settings } = session;
    const symbols = session.markets.symbols.map((symbol, index) => ({ symbol, index, bar: bars.get(symbol) ?? null }));
    const stateOf = (index: number) => session.account.symbols[index] ?? { position: null, order: null };
    for (const { symbol, index, bar } of symbols) {
      const { position } = stateOf(index);
      if (bar === null || position === null || !isLiquidatedAtOpen(position, bar.open)) continue;
      give(closing(symbol, null, 'liquidation', executeLiquidation(position, bar.open, openTimeMs), openTimeMs));
    }
    for (const { symbol, index, bar } of symbols) {
      const { position, order } = stateOf(index);
      if (bar === null || order === null) continue;
      const id = orderId(symbol, order);
      if (order.kind !== 'entry' && position !== null) {
        const execution = executeClosing(position, bar.open, { worstPrice: bar.open, timeMs: openTimeMs }, settings);
        give(closing(symbol, id, closingReason(order), execution, openTimeMs));
      }
      const opening = executeOpening(order, bar.open, openTimeMs, settings);
      if (opening !== null) give({ kind: 'fill', symbol, orderId: id, side: 'open', reason: null, barOpenMs: openTimeMs, ...opening });
    }
    for (const { symbol, index, bar } of symbols) {
      const { position } = stateOf(index);
      const reached = bar === null || position === null ? null : reachedLevel(position, bar.open, bar.high, bar.low);
      if (position === null || reached === null) continue;
      const { reason, seenPrice, isAtOpen, worstPrice } = reached;
      const timeMs = isAtOpen ? openTimeMs : openTimeMs + barMs;
      const execution =
        reason === 'liquidation'
          ? executeLiquidation(position, worstPrice, timeMs)
          : executeClosing(position, seenPrice, { worstPrice, timeMs }, settings);
      give(closing(symbol, null, reason, execution, openTimeMs));
    }
  }
}

/** The session as its log alone gives it. */
export function foldLog(session: Session, log: readonly SessionInput[]): Session {
  return log.reduce((state, input) => step(state, input).session, session);
}

function closing(
  symbol: string,
  id: string | null,
  reason: InputOf<'fill'>['reason'],
  execution: Execution,
  barOpenMs: number,
): InputOf<'fill'> {
  return { kind: 'fill', symbol, orderId: id, side: 'close', reason, barOpenMs, ...execution };
}

function barAt(candles: Candles, openTimeMs: number): Bar | null {
  const at = firstBarFrom(candles, openTimeMs);
  return candles.openTimeMs[at] === openTimeMs ? (barsOf(candles, at, at + 1)[0] ?? null) : null;
}

function barsOf({ openTimeMs, open, high, low, close, volume }: Candles, from = 0, to = openTimeMs.length): Bar[] {
  return Array.from({ length: to - from }, (_, offset) => {
    const at = from + offset;
    return {
      openTimeMs: openTimeMs[at] as number,
      open: open[at] as number,
      high: high[at] as number,
      low: low[at] as number,
      close: close[at] as number,
      volume: volume[at] as number,
    };
  });
}

function withoutTime({ open, high, low, close, volume }: Bar): Omit<Bar, 'openTimeMs'> {
  return { open, high, low, close, volume };
}
