import type { Timeframe } from '../bar.ts';
import type { Instrument } from '../instrument.ts';
import { MARGIN_MODEL_NAMES } from '../margin.ts';
import type { Plan } from '../plan.ts';
import { refuseLeveragedSpot } from '../prepare-backtest.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';
import { type SessionState, startingState } from '../state.ts';
import type { Fills } from '../step/run.ts';
import { validatePlan } from '../validate-plan.ts';
import { emptyWindow, type MarketWindow } from './market-window.ts';

/** What does not change while a session runs. */
export type SessionMarkets = {
  readonly symbols: readonly [string, ...string[]];
  /** The base timeframe first, then the higher ones that plans may look at. */
  readonly timeframes: readonly [Timeframe, ...Timeframe[]];
  readonly instrument: Instrument;
  /** Whose margin table the venue model uses. */
  readonly exchange: string;
  /** Paper is filled by the simulated broker; live is told what was filled. */
  readonly fills: Fills;
};

export type FundingDue = { readonly dueMs: number; readonly rate: number };

/**
 * A paper or live session between two inputs: plain JSON, and all there is. Reading it back and going on equals never
 * having stopped.
 */
export type Session = {
  readonly markets: SessionMarkets;
  readonly settings: Settings;
  readonly plan: Plan;
  /** A plan that the next bar will follow, as it was written. */
  readonly arrived: { readonly plan: unknown; readonly requestedBy: string | null } | null;
  /** By symbol, in the order of `markets.symbols`. */
  readonly windows: readonly MarketWindow[];
  readonly fundingDue: readonly (readonly FundingDue[])[];
  readonly account: SessionState;
};

/** A session before its first input. The plan is validated; a plan that is not usable is refused. */
export function openSession(markets: SessionMarkets, settings: Settings, plan: unknown): Session {
  refuseLeveragedSpot(markets.instrument, settings);
  const { symbols, timeframes } = markets;
  return {
    markets,
    settings,
    plan: validatePlan(plan, { symbols, timeframes }).plan,
    arrived: null,
    windows: symbols.map(() => emptyWindow(timeframes)),
    fundingDue: symbols.map(() => []),
    account: startingState(settings.initial_cash, symbols.length, MARGIN_MODEL_NAMES.length),
  };
}

export function symbolIndexOf({ markets: { symbols } }: Session, symbol: string): number {
  const index = symbols.indexOf(symbol);
  if (index < 0) throw new Refusal(`The session does not trade ${symbol}; its symbols are ${symbols.join(', ')}`);
  return index;
}
