import type { Timeframe } from './bar.ts';
import { nearestName } from './nearest-name.ts';
import { Refusal } from './refusal.ts';
import type { Overrides } from './settings.ts';

/** A named starting point for a run: what to trade, over how long, and the overrides that go with it. */
export type RunPreset = {
  readonly name: string;
  readonly description: string;
  readonly symbols: readonly string[];
  /** The base timeframe first, then the higher ones that a plan may look at. */
  readonly timeframes: readonly [Timeframe, ...Timeframe[]];
  readonly days: number;
  readonly strategyId: string;
  readonly overrides: Overrides;
};

/** What every scalper preset lifts, or hidden caps would make the trades it asks for impossible. */
const SCALPER_CAPS: Overrides = { max_symbol_exposure_pct: 100, max_daily_risk_budget_pct: 30, max_triggers_per_symbol_per_day: 20 };

export const RUN_PRESETS: readonly RunPreset[] = [
  {
    name: 'scalper-5m',
    description: 'Intraday scalping on 5-minute bars, three days',
    symbols: ['BTC-USD'],
    timeframes: ['5m', '15m', '1h'],
    days: 3,
    strategyId: 'aggressive_active',
    overrides: {
      ...SCALPER_CAPS,
      initial_cash: 10_000,
      max_position_risk_pct: 4,
      max_portfolio_exposure_pct: 100,
      min_hold_bars: 1,
      trade_cooldown_bars: 0,
      min_price_move_pct: 0.1,
      indicator_mode: 'short_term',
    },
  },
  {
    name: 'scalper',
    description: 'Full scalper mode: no whipsaw protection, walk-away and market triggers on',
    symbols: ['BTC-USD'],
    timeframes: ['5m', '15m', '1h'],
    days: 3,
    strategyId: 'aggressive_active',
    overrides: {
      ...SCALPER_CAPS,
      initial_cash: 10_000,
      indicator_mode: 'short_term',
      max_position_risk_pct: 4,
      max_portfolio_exposure_pct: 100,
      max_daily_loss_pct: 6,
      min_hold_bars: 0,
      trade_cooldown_bars: 0,
      confidence_override_threshold: null,
      min_price_move_pct: 0.1,
      max_trades_per_day: 50,
      walk_away_enabled: true,
      walk_away_profit_target_pct: 25,
      volatility_spike_enabled: true,
      drawdown_replan_enabled: true,
      max_reactive_replans_per_day: 3,
    },
  },
  {
    name: 'scalper-15m',
    description: 'Short-term momentum on 15-minute bars, a week of BTC and ETH',
    symbols: ['BTC-USD', 'ETH-USD'],
    timeframes: ['15m', '1h', '4h'],
    days: 7,
    strategyId: 'aggressive_active',
    overrides: {
      ...SCALPER_CAPS,
      initial_cash: 10_000,
      max_position_risk_pct: 3,
      max_portfolio_exposure_pct: 100,
      min_hold_bars: 2,
      trade_cooldown_bars: 1,
      min_price_move_pct: 0.2,
      indicator_mode: 'short_term',
    },
  },
  {
    name: 'conservative',
    description: 'All defaults on hourly bars, thirty days',
    symbols: ['BTC-USD'],
    timeframes: ['1h', '4h', '1d'],
    days: 30,
    strategyId: 'aggressive_active',
    overrides: {},
  },
];

/** Protection against flip-flopping, as one word. `custom` names no values: the three parameters are set one by one. */
export const WHIPSAW_PRESETS = {
  conservative: { min_hold_bars: 4, trade_cooldown_bars: 2, confidence_override_threshold: 'A' },
  moderate: { min_hold_bars: 2, trade_cooldown_bars: 1, confidence_override_threshold: 'B' },
  aggressive: { min_hold_bars: 1, trade_cooldown_bars: 0, confidence_override_threshold: 'C' },
  disabled: { min_hold_bars: 0, trade_cooldown_bars: 0, confidence_override_threshold: null },
  custom: {},
} as const satisfies Record<string, Overrides>;

export function findRunPreset(name: string): RunPreset {
  const names = RUN_PRESETS.map((preset) => preset.name);
  const preset = RUN_PRESETS.find((candidate) => candidate.name === name);
  if (preset !== undefined) return preset;
  throw new Refusal(`There is no preset "${name}"; the nearest is ${nearestName(name, names)} (all: ${names.join(', ')})`);
}
