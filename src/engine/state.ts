import type { Trigger } from './plan.ts';
import type { ExitReason, SizeCap } from './result.ts';

/** +1 long, −1 short. */
export type Direction = 1 | -1;

/** What a position keeps of the trigger that opened it, whatever later plans say. */
export type Origin = Pick<Trigger, 'id' | 'grade' | 'timeframe' | 'exit'>;

/**
 * An open position. Prices and money in the quote currency, quantity in the base currency.
 * `bar` numbers count the symbol's base bars.
 */
export type Position = {
  readonly direction: Direction;
  readonly quantity: number;
  readonly entryPrice: number;
  /** The open it was filled at, before slippage. */
  readonly entryOpenPrice: number;
  readonly entryTimeMs: number;
  readonly entryBar: number;
  readonly origin: Origin;
  readonly stop: number;
  readonly target: number | null;
  /** |decision close − stop|: the risk of one unit. */
  readonly riskPerUnit: number;
  readonly margin: number;
  /** Where the margin is used up. */
  readonly bankruptcyPrice: number;
  readonly liquidationPrice: number | null;
  /** Under each of MARGIN_MODEL_NAMES, in that order; null = never or no valid price. */
  readonly liquidationPrices: readonly (number | null)[];
  readonly entryFee: number;
  fundingPaid: number;
  /** The most adverse price it has lived through. */
  worstPrice: number;
};

/** A market order that waits for the symbol's next open. A reversal closes and opens in one. */
export type Order =
  | { readonly kind: 'exit'; readonly reason: ExitReason; readonly decidedAtMs: number }
  | ({ readonly kind: 'entry' | 'reversal' } & EntryTerms);

export type EntryTerms = {
  readonly direction: Direction;
  readonly quantity: number;
  readonly origin: Origin;
  readonly stop: number;
  readonly target: number | null;
  readonly riskPerUnit: number;
  readonly cap: SizeCap;
  readonly decidedAtMs: number;
};

export type SymbolState = {
  /** The last close seen. */
  mark: number | null;
  position: Position | null;
  order: Order | null;
  entriesToday: number;
  lastFillPrice: number | null;
  lastFillTimeMs: number | null;
  /** Times of the fills of the last hour, oldest first. */
  recentFillTimesMs: number[];
  /** The base bar in which the last position was closed. */
  flatBar: number | null;
};

/** Running sums of what section 11 reports and the trades alone do not tell. */
export type Tally = {
  closes: number;
  closesWithPosition: number;
  heldBackExits: number;
  liquidations: number;
  nearestLiquidationPct: number | null;
  /** Liquidations that each model of MARGIN_MODEL_NAMES would have seen on the positions held. */
  liquidationsByModel: number[];
  unslippedPnl: number;
  unslippedNotional: number;
  holdBars: number;
};

/** Why and when a session walked away from its day. */
export type WalkAway = {
  readonly trigger: 'profit_target' | 'loss_limit';
  readonly atMs: number;
  readonly dailyReturnPct: number;
};

/** The rest of a day that was walked away from, lived on without the rule; it never touches the real state. */
export type Shadow = { readonly of: WalkAway; readonly state: SessionState };

export type HaltCause = 'liquidation' | 'no_equity' | 'command';

/** What the market monitor remembers between closes. */
export type MonitorState = {
  /** Conditions that were true at the last close: each fires again only after it has been false once. */
  firing: string[];
  reactiveToday: number;
  lastReplanMs: number | null;
  /** Highest marked equity since the last replan. */
  peakEquity: number;
  /** Highest marked equity up to the last replan. */
  earlierPeakEquity: number;
};

/** Everything a session is between two bars. It survives JSON: resuming equals never having stopped. */
export type SessionState = {
  cash: number;
  /** Marked at the last close. */
  equity: number;
  lastTimeMs: number | null;
  /** Funding due up to then is paid; ms UTC. */
  fundedUntilMs: number | null;
  /** Start of the UTC day that is being traded. */
  dayStartMs: number;
  dayStartEquity: number;
  tradesToday: number;
  riskUsedToday: number;
  dailyLossReached: boolean;
  halted: HaltCause | null;
  /** While the session is away: with `walk_away_resume_next_session` until the next day, else until someone resumes it. */
  walkedAway: WalkAway | null;
  walkedAwayToday: boolean;
  /** Whether a price between two bars has already told that the day reached its target or limit. */
  walkAwayAlertedToday: boolean;
  shadow: Shadow | null;
  readonly monitor: MonitorState;
  readonly symbols: SymbolState[];
  readonly tally: Tally;
};

export function startingState(initialCash: number, symbolCount: number, modelCount: number): SessionState {
  return {
    cash: initialCash,
    equity: initialCash,
    lastTimeMs: null,
    fundedUntilMs: null,
    dayStartMs: Number.MIN_SAFE_INTEGER,
    dayStartEquity: initialCash,
    tradesToday: 0,
    riskUsedToday: 0,
    dailyLossReached: false,
    halted: null,
    walkedAway: null,
    walkedAwayToday: false,
    walkAwayAlertedToday: false,
    shadow: null,
    monitor: { firing: [], reactiveToday: 0, lastReplanMs: null, peakEquity: initialCash, earlierPeakEquity: initialCash },
    symbols: Array.from({ length: symbolCount }, () => ({
      mark: null,
      position: null,
      order: null,
      entriesToday: 0,
      lastFillPrice: null,
      lastFillTimeMs: null,
      recentFillTimesMs: [],
      flatBar: null,
    })),
    tally: {
      closes: 0,
      closesWithPosition: 0,
      heldBackExits: 0,
      liquidations: 0,
      nearestLiquidationPct: null,
      liquidationsByModel: Array.from({ length: modelCount }, () => 0),
      unslippedPnl: 0,
      unslippedNotional: 0,
      holdBars: 0,
    },
  };
}

/** A copy that can be changed without changing the state it was made of. */
export function copyState(state: SessionState): SessionState {
  return {
    ...state,
    shadow: state.shadow === null ? null : { of: state.shadow.of, state: copyState(state.shadow.state) },
    monitor: { ...state.monitor },
    symbols: state.symbols.map((symbol) => ({
      ...symbol,
      position: symbol.position === null ? null : { ...symbol.position },
      recentFillTimesMs: [...symbol.recentFillTimesMs],
    })),
    tally: { ...state.tally, liquidationsByModel: [...state.tally.liquidationsByModel] },
  };
}
