import type { Timeframe } from '../engine/bar.ts';
import { canonicalJson } from '../engine/hash.ts';
import { PERIOD_NAMES, type PeriodName, resolvePeriods } from '../engine/indicators/periods.ts';
import type { Instrument } from '../engine/instrument.ts';
import type { Plan } from '../engine/plan.ts';
import type { ReplanRequest } from '../engine/result.ts';
import type { Settings } from '../engine/settings.ts';
import type { SessionState } from '../engine/state.ts';
import { type Known, type SnapshotMarket, type SymbolView, toDigits, viewSymbol } from './symbol-view.ts';

export type SnapshotInput = {
  readonly markets: readonly SnapshotMarket[];
  readonly timeframes: readonly [Timeframe, ...Timeframe[]];
  readonly instrument: Instrument;
  readonly settings: Settings;
  /** Null before the first bar. */
  readonly account: SessionState | null;
  /** The plan in force; null before the first. */
  readonly plan: Plan | null;
  /** Null for a first plan. */
  readonly request: ReplanRequest | null;
};

/** Everything that a planner may know at a close: numbers and words of ours. No clock, no money, no names of people, no text that anybody wrote. */
export type Snapshot = {
  readonly asked_because: { readonly trigger: ReplanRequest['trigger_type'] | 'first_plan'; readonly symbol: string | null };
  readonly symbols: readonly SymbolView[];
  readonly account: {
    readonly day_return_pct: Known;
    readonly below_peak_pct: Known;
    readonly entries_today: number;
    readonly entries_left_today: number;
    readonly entries_stopped: boolean;
  };
  readonly constraints: {
    readonly timeframes: readonly Timeframe[];
    readonly shorts_allowed: boolean;
    /** In and out again, fees and slippage; % of the price. */
    readonly round_trip_cost_pct: number;
    readonly min_hold_bars: number;
    readonly trade_cooldown_bars: number;
    readonly min_price_move_pct: number;
    readonly periods: Readonly<Record<PeriodName, number>>;
  };
  readonly plan_in_force: Pick<Plan, 'regime' | 'stance' | 'triggers' | 'emergency_exit'> | null;
};

/** Bars shown of each timeframe; fewer where many symbols and timeframes share the text. */
const FRAME_BARS = { most: 24, least: 6, all: 240 } as const;

/** More of a long plan would crowd the market out of the text. */
const SHOWN_TRIGGERS = 40;

export function readSnapshot({ markets, timeframes, instrument, settings, account, plan, request }: SnapshotInput): Snapshot {
  const shownBars = Math.max(
    FRAME_BARS.least,
    Math.min(FRAME_BARS.most, Math.floor(FRAME_BARS.all / (markets.length * timeframes.length))),
  );
  return {
    asked_because: { trigger: request?.trigger_type ?? 'first_plan', symbol: request?.symbol ?? null },
    symbols: markets.map((market, index) => viewSymbol(market, timeframes, account?.symbols[index] ?? null, shownBars)),
    account: viewAccount(account, settings),
    constraints: {
      timeframes,
      shorts_allowed: instrument === 'perpetual',
      round_trip_cost_pct: toDigits(2 * (settings.taker_fee_pct + settings.slippage_pct)) ?? 0,
      min_hold_bars: settings.min_hold_bars,
      trade_cooldown_bars: settings.trade_cooldown_bars,
      min_price_move_pct: settings.min_price_move_pct,
      periods: viewPeriods(settings),
    },
    plan_in_force:
      plan === null
        ? null
        : {
            regime: plan.regime,
            stance: plan.stance,
            triggers: plan.triggers.slice(0, SHOWN_TRIGGERS),
            emergency_exit: plan.emergency_exit,
          },
  };
}

/** The same snapshot is the same text, byte for byte. */
export function snapshotText(snapshot: Snapshot): string {
  return canonicalJson(snapshot);
}

function viewAccount(account: SessionState | null, settings: Settings): Snapshot['account'] {
  const entriesToday = account?.tradesToday ?? 0;
  return {
    day_return_pct: account === null ? null : toDigits((account.equity / account.dayStartEquity - 1) * 100),
    below_peak_pct: account === null ? null : toDigits((1 - account.equity / peakOf(account)) * 100),
    entries_today: entriesToday,
    entries_left_today: Math.max(0, settings.max_trades_per_day - entriesToday),
    entries_stopped: account !== null && (account.halted !== null || account.walkedAway !== null || account.dailyLossReached),
  };
}

/** Of everything so far: the monitor counts anew from each replan. */
function peakOf({ monitor }: SessionState): number {
  return Math.max(monitor.earlierPeakEquity, monitor.peakEquity);
}

function viewPeriods(settings: Settings): Readonly<Record<PeriodName, number>> {
  const periods = resolvePeriods(settings);
  return Object.fromEntries(PERIOD_NAMES.map((name) => [name, periods[name]])) as Record<PeriodName, number>;
}
