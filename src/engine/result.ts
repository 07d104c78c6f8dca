import type { Timeframe } from './bar.ts';
import type { EquityCurve } from './equity-curve.ts';
import type { Evidence } from './evidence.ts';
import type { Instrument } from './instrument.ts';
import type { Plan } from './plan.ts';
import type { Settings } from './settings.ts';
import type { DroppedTrigger } from './validate-plan.ts';

export type Side = 'long' | 'short';
export type Grade = 'A' | 'B' | 'C';

export const EXIT_REASONS = ['stop', 'target', 'liquidation', 'exit_rule', 'reversal', 'emergency_exit', 'walk_away', 'halt'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** Why a firing trigger opened nothing: the first gate that failed, in the order in which gates are asked. */
export const BLOCK_REASONS = [
  'no_stop',
  'halted',
  'walked_away',
  'stance_wait',
  'emergency',
  'daily_loss',
  'max_trades',
  'symbol_triggers',
  'already_positioned',
  'min_hold',
  'cooldown',
  'price_move',
  'call_budget',
  'risk_budget',
  'symbol_exposure',
  'portfolio_exposure',
  'margin',
  'short_on_spot',
  'below_minimum',
] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

export type BlockCounts = Readonly<Partial<Record<BlockReason, number>>>;

/** What bound the size of an entry: nothing but the risk itself, or the cap named. */
export type SizeCap = 'none' | 'risk_budget' | 'symbol_exposure' | 'portfolio_exposure';

/**
 * A round trip. The names are those of the machine interface (`--json`). Times are ms UTC, prices and money
 * in the quote currency, quantity in the base currency; fees and funding are costs when positive; pnl is net of both.
 */
export type Trade = {
  readonly symbol: string;
  readonly side: Side;
  readonly trigger_id: string;
  readonly grade: Grade;
  readonly entry_time: number;
  readonly entry_price: number;
  readonly exit_time: number;
  readonly exit_price: number;
  readonly quantity: number;
  readonly stop: number;
  readonly target: number | null;
  readonly exit_reason: ExitReason;
  readonly fees: number;
  readonly funding: number;
  readonly pnl: number;
  /** Net pnl in units of the risk taken: quantity × |decision close − stop|. */
  readonly r: number;
};

export type OpenPosition = {
  readonly symbol: string;
  readonly side: Side;
  readonly trigger_id: string;
  readonly grade: Grade;
  readonly quantity: number;
  readonly entry_time: number;
  readonly entry_price: number;
  readonly stop: number;
  readonly target: number | null;
  readonly liquidation_price: number | null;
  /** At the last close, before fees and funding. */
  readonly unrealised_pnl: number;
  readonly fees: number;
  readonly funding: number;
};

/** Missing bars between a symbol's first and last bar. */
export type Gap = {
  readonly symbol: string;
  /** Open time of the first missing bar; ms UTC. */
  readonly from: number;
  /** Open time of the bar after the gap; ms UTC. */
  readonly to: number;
  readonly missing_bars: number;
};

export const REPLAN_TRIGGERS = ['volatility_spike', 'drawdown', 'support_break', 'resistance_break', 'scheduled'] as const;
export type ReplanTrigger = (typeof REPLAN_TRIGGERS)[number];

/** The monitor asks for a new plan, at the very close whose numbers it gives. */
export type ReplanRequest = {
  /** The close; ms UTC. */
  readonly time: number;
  readonly trigger_type: ReplanTrigger;
  readonly symbol: string | null;
  readonly trigger_details: Readonly<Record<string, number>>;
};

export type WalkAwayEvent = {
  readonly timestamp: number;
  readonly trigger: 'profit_target' | 'loss_limit';
  readonly daily_return_pct: number;
  readonly trades_today: number;
  readonly equity_at_trigger: number;
  /** What the day would have ended at without the rule; null while the day goes on. */
  readonly counterfactual_return_pct: number | null;
};

/** Metrics of engine.md section 11; percentages of initial_cash or of a count, null where undefined. */
export type Summary = {
  readonly initial_cash: number;
  readonly final_equity: number;
  readonly equity_return_pct: number;
  readonly max_drawdown_pct: number;
  readonly sharpe_ratio: number | null;
  readonly sortino_ratio: number | null;
  readonly profit_factor: number | null;
  readonly win_rate_pct: number | null;
  readonly expectancy_r: number | null;
  readonly total_trades: number;
  readonly average_hold_bars: number | null;
  readonly exposure_pct: number;
  readonly fees: number;
  readonly funding: number;
  readonly liquidation_events: number;
  readonly walk_away_events: readonly WalkAwayEvent[];
  /** Plans that took effect after the first. */
  readonly replans: number;
  readonly blocks: BlockCounts;
  /** Exit rules that fired while min_hold_bars held them back; closes. */
  readonly held_back_exits: number;
  readonly break_even_cost_pct: number | null;
  readonly nearest_liquidation_pct: number | null;
};

/** Where the bars came from and what is wrong with them. */
export type DataQuality = {
  readonly source: string;
  readonly simulated: boolean;
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly timeframes: readonly Timeframe[];
  readonly instrument: Instrument;
  /** Whose margin table the venue model uses. */
  readonly exchange: string;
  /** Open time of the first traded bar; ms UTC. */
  readonly start: number;
  /** Close time of the last bar; ms UTC. */
  readonly end: number;
  /** Traded base bars, all symbols. */
  readonly bars: number;
  readonly gaps: readonly Gap[];
  /** Earlier bars that filled the columns, per symbol (the fewest), and how many the plan asked for. */
  readonly warm_up_bars: number;
  readonly warm_up_bars_wanted: number;
  /** Symbols without a funding series: no funding was charged on them. */
  readonly funding_not_charged: readonly string[];
  /** The maintenance margin used, in words, with its source; none for spot. */
  readonly margin_models: readonly string[];
  /** Symbols whose maintenance margin is assumed, the venue's table lacking them. */
  readonly margin_assumed: readonly string[];
};

export type EngineEvent = { readonly time: number; readonly kind: string; readonly [detail: string]: unknown };

/** What went into a run, part by part: when it comes out otherwise, the part that differs can be named. SHA-256 in hex. */
export type InputParts = {
  /** The bars and funding rates of every symbol. */
  readonly candles: string;
  readonly settings: string;
  /** Those that were followed, in their order. */
  readonly plans: string;
};

export type RunResult = {
  readonly input_hash: string;
  /** Null in a run of a version that kept none. */
  readonly input_parts: InputParts | null;
  readonly result_hash: string;
  readonly engine_version: string;
  readonly data: DataQuality;
  readonly settings: Settings;
  readonly plans: readonly {
    readonly from: number;
    readonly hash: string;
    readonly plan: Plan;
    readonly dropped: readonly DroppedTrigger[];
  }[];
  readonly summary: Summary;
  readonly trades: readonly Trade[];
  readonly open_positions: readonly OpenPosition[];
  readonly events: readonly EngineEvent[];
  readonly blocks: BlockCounts;
  readonly blocks_by_trigger: Readonly<Record<string, BlockCounts>>;
  readonly equity: EquityCurve;
  /** Null where nobody asked for it. */
  readonly evidence: Evidence | null;
  /** One line each: what a reader must know before believing the numbers. */
  readonly remarks: readonly string[];
};
