import type { Timeframe } from './bar.ts';
import type { ReplanRequest } from './result.ts';
import type { DroppedTrigger } from './validate-plan.ts';

/** A rule that says nothing on the bars before the plan: it never held, it always held, or no bar could answer it. */
export type RuleFinding = {
  /** Null for the plan's emergency_exit. */
  readonly trigger_id: string | null;
  readonly symbol: string;
  readonly rule: 'entry' | 'exit' | 'emergency_exit';
  readonly text: string;
  readonly finding: 'never' | 'always' | 'unknown';
  /** Bars of the rule's timeframe that gave an answer. */
  readonly bars: number;
};

export type TokenUsage = {
  readonly input: number;
  /** Of the input, what the model's server had cached. */
  readonly cached_input: number;
  readonly output: number;
  /** Of the output, what was thought and not written. */
  readonly reasoning: number;
};

export type PlanCost = {
  /** What the plan took when it was made. */
  readonly usage: TokenUsage;
  /** What that costs; null when the price of the model is not known. */
  readonly usd: number | null;
  /** What was paid just now, the rest being on record; null when the price is not known, or was not written down. */
  readonly paidUsd: number | null;
  /** The day of the price table; null where it was not written down. */
  readonly pricesAsOf: string | null;
  /** How often the model was asked just now; 0 when every answer was on record. */
  readonly calls: number;
};

/** Where a plan came from. `kept`: no usable plan came and the last one is young enough; `none`: it is not, so that nothing may be entered. */
export const PLAN_ORIGINS = ['model', 'rules', 'kept', 'none'] as const;
export type PlanOrigin = (typeof PLAN_ORIGINS)[number];

/** What distances and costs were when a plan was asked for. */
export type PlanMarket = {
  /** In and out again, fees and slippage; % of the price. */
  readonly round_trip_cost_pct: number;
  /** Null is not known yet. */
  readonly frames: readonly {
    readonly symbol: string;
    readonly timeframe: Timeframe;
    readonly close: number | null;
    readonly atr_pct: number | null;
  }[];
};

/** Why there is a plan: the monitor asked for one, or the one before it was kept without an answer for as long as it may be. */
export type PlanCause =
  | ReplanRequest
  | {
      readonly time: number;
      readonly trigger_type: 'expired';
      readonly symbol: null;
      readonly trigger_details: { readonly age_hours: number };
    };

/** What a planner answered, but for the plan itself. */
export type PlanRecord = {
  /** Null for the first plan. */
  readonly request: PlanCause | null;
  readonly origin: PlanOrigin;
  /** Who planned, for people. */
  readonly planner: string;
  readonly market: PlanMarket;
  /** Of the plan that came; null where the plan in force went on. */
  readonly planHash: string | null;
  readonly dropped: readonly DroppedTrigger[];
  readonly findings: readonly RuleFinding[];
  /** Why an answer was not used, or not as it was. */
  readonly troubles: readonly string[];
  /** Null where nothing is paid for. */
  readonly cost: PlanCost | null;
};

/** Who planned a run. */
export type Planning = {
  /** In the order of the run; the first is that of the first plan. */
  readonly records: readonly PlanRecord[];
  /** Whether the model may have read how the period went. */
  readonly mayBeSeen: boolean;
  /** Of a comparison, the base run that was planned and whose plans this one follows; null where the run itself was planned. */
  readonly baseRunId: string | null;
};
