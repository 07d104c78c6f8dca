import { MINUTE_MS } from '../../src/engine/bar.ts';
import type { ParameterName } from '../../src/engine/parameters.ts';
import type { EngineEvent, Trade } from '../../src/engine/result.ts';
import type { Overrides, Settings } from '../../src/engine/settings.ts';
import { barsFromCloses, closeMs, openMs, type Row, START_MS, still, triggerWith } from './bars.ts';

/** What a backtest and a session both tell. */
export type Story = { readonly trades: readonly Trade[]; readonly events: readonly EngineEvent[]; readonly equity: readonly number[] };

/** A small market in which one parameter decides what happens. */
export type Effect<Name extends ParameterName = ParameterName> = {
  /** 5m bars of BTC-USD. */
  readonly rows: readonly Row[];
  readonly startMs?: number;
  readonly triggers?: readonly Readonly<Record<string, unknown>>[];
  readonly plan?: Readonly<Record<string, unknown>>;
  /** Over those under which every entry passes and costs nothing. */
  readonly settings?: Overrides;
  readonly from: Settings[Name];
  readonly to: Settings[Name];
  /** What of the story the parameter decides, and what it is under each of the two values. */
  readonly shows: (story: Story) => unknown;
  readonly before: unknown;
  readonly after: unknown;
};

const all =
  (kind: string, detail: string) =>
  ({ events }: Story): readonly unknown[] =>
    events.filter((event) => event.kind === kind).map((event) => event[detail]);

const quantities = all('opened', 'quantity');
const entryTimes = all('opened', 'time');
const replansAt = all('replan_requested', 'time');
const exitReasons = ({ trades }: Story) => trades.map(({ exit_reason }) => exit_reason);

/** A long from 100 that nothing happens to. */
const HELD: readonly Row[] = [still(100, 1), still(100), still(100)];

/** A long of the whole account, so that 1 % of the price is 1 % of the day. */
const WHOLE: Overrides = { max_position_risk_pct: 10 };

/** Three longs one after the other, each out at its target inside its first bar. */
const BUSY: readonly Row[] = [[100, 100, 100, 100, 1], ...Array.from({ length: 7 }, (): Row => [100, 110, 100, 100, 1])];
const QUICK = [triggerWith({ target: { kind: 'r', multiple: 1 } })];

const EXIT_ON_2 = [triggerWith({ exit: 'volume == 2' })];

/** A long that its exit rule closes at the open of bar 3, at 100, and a signal at every close from then on, at 101. */
const BACK_AGAIN: readonly Row[] = [
  still(100, 1),
  still(100),
  still(100, 2),
  [100, 101, 100, 101, 1],
  ...Array.from({ length: 5 }, () => still(101, 1)),
];

/** Thirty closes, each 1 above the last. */
const RISING = barsFromCloses(Array.from({ length: 30 }, (_, index) => 100 + index)).map(
  ({ open, high, low, close }): Row => [open, high, low, close],
);
const ABOVE_MEAN = [triggerWith({ entry: 'close > sma_short' })];

const AWAY: Overrides = { ...WHOLE, walk_away_enabled: true };

/** Six bars before midnight: up 30 % by the third close, and signals on both days. */
const LATE_MS = START_MS + 24 * 60 * MINUTE_MS - 6 * 5 * MINUTE_MS;
const UP: readonly Row[] = [still(100, 1), still(100), still(130), still(130), still(130)];

/** Thirty calm bars with a range of 1, then one with a range of 10. */
const SPIKE: readonly Row[] = [...Array.from({ length: 30 }, (): Row => [100, 100.5, 99.5, 100]), [100, 105, 95, 100]];
const SPIKING: Overrides = { volatility_spike_enabled: true, volatility_spike_multiplier: 1.1, volatility_spike_lookback_bars: 5 };

/** A long of the whole account that loses 6 %. */
const DOWN: readonly Row[] = [still(100, 1), still(100), still(94), still(94)];

/** Closes on both sides of the plan's levels 90 and 110. */
const BREAKS: readonly Row[] = [100, 89, 100, 111, 100].map((close) => still(close));
const LEVELS = { levels: { 'BTC-USD': { support: [90], resistance: [110] } } };
const BREAKING: Overrides = { support_break_enabled: true, resistance_break_enabled: true, min_replan_interval_minutes: 1 };

/** A long at leverage 2 whose stop lies beyond the price at which half of the initial margin is gone. */
const DEEP: readonly Row[] = [still(100, 1), still(100), [100, 100, 70, 80], still(80, 1), still(80)];
const WIDE_STOP = [triggerWith({ stop: { kind: 'pct', pct: 40 } })];

/** For every parameter a run whose story it changes. A parameter without one does not compile. */
export const PARAMETER_EFFECTS: { readonly [Name in ParameterName]: Effect<Name> } = {
  max_position_risk_pct: { rows: HELD, from: 1, to: 3, shows: quantities, before: [10], after: [30] },
  max_symbol_exposure_pct: { rows: HELD, settings: WHOLE, from: 100, to: 30, shows: quantities, before: [100], after: [30] },
  max_portfolio_exposure_pct: { rows: HELD, settings: WHOLE, from: 100, to: 50, shows: quantities, before: [100], after: [50] },
  max_daily_loss_pct: {
    rows: [still(100, 1), still(100), still(97, 2), still(97), still(97, 1), still(97)],
    triggers: EXIT_ON_2,
    settings: WHOLE,
    from: 20,
    to: 2.5,
    shows: entryTimes,
    before: [openMs(1), openMs(5)],
    after: [openMs(1)],
  },
  max_daily_risk_budget_pct: { rows: HELD, settings: WHOLE, from: 30, to: 5, shows: quantities, before: [100], after: [50] },
  max_trades_per_day: {
    rows: BUSY,
    triggers: QUICK,
    from: 100,
    to: 2,
    shows: entryTimes,
    before: [1, 2, 3, 4, 5, 6, 7].map((bar) => openMs(bar)),
    after: [openMs(1), openMs(2)],
  },
  max_triggers_per_symbol_per_day: {
    rows: BUSY,
    triggers: QUICK,
    from: 20,
    to: 3,
    shows: entryTimes,
    before: [1, 2, 3, 4, 5, 6, 7].map((bar) => openMs(bar)),
    after: [openMs(1), openMs(2), openMs(3)],
  },
  min_hold_bars: {
    rows: [still(100, 1), ...Array.from({ length: 6 }, () => still(100, 2))],
    triggers: EXIT_ON_2,
    from: 0,
    to: 3,
    shows: all('closed', 'time'),
    before: [openMs(2)],
    after: [openMs(5)],
  },
  trade_cooldown_bars: {
    rows: BACK_AGAIN,
    triggers: EXIT_ON_2,
    from: 0,
    to: 3,
    shows: entryTimes,
    before: [openMs(1), openMs(4)],
    after: [openMs(1), openMs(7)],
  },
  confidence_override_threshold: {
    rows: BACK_AGAIN,
    triggers: EXIT_ON_2,
    settings: { trade_cooldown_bars: 3 },
    from: null,
    to: 'B',
    shows: entryTimes,
    before: [openMs(1), openMs(7)],
    after: [openMs(1), openMs(4)],
  },
  min_price_move_pct: {
    rows: BACK_AGAIN,
    triggers: EXIT_ON_2,
    settings: { max_staleness_seconds: 900 },
    from: 0.01,
    to: 2,
    shows: entryTimes,
    before: [openMs(1), openMs(4)],
    after: [openMs(1), openMs(7)],
  },
  max_staleness_seconds: {
    rows: BACK_AGAIN,
    triggers: EXIT_ON_2,
    settings: { min_price_move_pct: 2 },
    from: 7_200,
    to: 600,
    shows: entryTimes,
    before: [openMs(1)],
    after: [openMs(1), openMs(6)],
  },
  max_calls_per_hour_per_symbol: {
    rows: BUSY,
    triggers: QUICK,
    from: 200,
    to: 10,
    shows: entryTimes,
    before: [1, 2, 3, 4, 5, 6, 7].map((bar) => openMs(bar)),
    after: [1, 2, 3, 4, 5].map((bar) => openMs(bar)),
  },
  indicator_mode: {
    rows: RISING,
    triggers: ABOVE_MEAN,
    from: 'standard',
    to: 'short_term',
    shows: entryTimes,
    before: [openMs(20)],
    after: [openMs(8)],
  },
  custom_indicator_periods: {
    rows: RISING,
    triggers: ABOVE_MEAN,
    settings: { indicator_mode: 'custom' },
    from: null,
    to: { sma_short: 5 },
    shows: entryTimes,
    before: [openMs(20)],
    after: [openMs(5)],
  },
  walk_away_enabled: { rows: UP, settings: WHOLE, from: false, to: true, shows: exitReasons, before: [], after: ['walk_away'] },
  walk_away_profit_target_pct: { rows: UP, settings: AWAY, from: 40, to: 30, shows: exitReasons, before: [], after: ['walk_away'] },
  walk_away_loss_limit_pct: { rows: DOWN, settings: AWAY, from: 10, to: 6, shows: exitReasons, before: [], after: ['walk_away'] },
  walk_away_resume_next_session: {
    rows: [...UP, still(130), still(130, 1), still(130)],
    startMs: LATE_MS,
    settings: AWAY,
    from: true,
    to: false,
    shows: entryTimes,
    before: [openMs(1, LATE_MS), openMs(7, LATE_MS)],
    after: [openMs(1, LATE_MS)],
  },
  walk_away_action: { rows: UP, settings: AWAY, from: 'flatten', to: 'manage', shows: exitReasons, before: ['walk_away'], after: [] },
  scheduled_hours: {
    rows: Array.from({ length: 25 }, () => still(100)),
    from: [2],
    to: [1, 2],
    shows: replansAt,
    before: [closeMs(23)],
    after: [closeMs(11), closeMs(23)],
  },
  volatility_spike_enabled: { rows: SPIKE, settings: SPIKING, from: false, to: true, shows: replansAt, before: [], after: [closeMs(30)] },
  volatility_spike_multiplier: { rows: SPIKE, settings: SPIKING, from: 1.1, to: 1.7, shows: replansAt, before: [closeMs(30)], after: [] },
  volatility_spike_lookback_bars: { rows: SPIKE, settings: SPIKING, from: 5, to: 25, shows: replansAt, before: [closeMs(30)], after: [] },
  drawdown_replan_enabled: { rows: DOWN, settings: WHOLE, from: false, to: true, shows: replansAt, before: [], after: [closeMs(2)] },
  drawdown_threshold_pct: {
    rows: DOWN,
    settings: { ...WHOLE, drawdown_replan_enabled: true },
    from: 5,
    to: 7,
    shows: replansAt,
    before: [closeMs(2)],
    after: [],
  },
  support_break_enabled: { rows: BREAKS, plan: LEVELS, from: false, to: true, shows: replansAt, before: [], after: [closeMs(1)] },
  resistance_break_enabled: { rows: BREAKS, plan: LEVELS, from: false, to: true, shows: replansAt, before: [], after: [closeMs(3)] },
  max_reactive_replans_per_day: {
    rows: BREAKS,
    plan: LEVELS,
    settings: BREAKING,
    from: 3,
    to: 1,
    shows: replansAt,
    before: [closeMs(1), closeMs(3)],
    after: [closeMs(1)],
  },
  min_replan_interval_minutes: {
    rows: BREAKS,
    plan: LEVELS,
    settings: BREAKING,
    from: 10,
    to: 11,
    shows: replansAt,
    before: [closeMs(1), closeMs(3)],
    after: [closeMs(1)],
  },
  initial_cash: { rows: HELD, from: 10_000, to: 20_000, shows: quantities, before: [10], after: [20] },
  taker_fee_pct: {
    rows: HELD,
    from: 0,
    to: 1,
    shows: ({ equity }) => equity,
    before: [10_000, 10_000, 10_000],
    after: [10_000, 9_990, 9_990],
  },
  slippage_pct: { rows: HELD, from: 0, to: 1, shows: all('opened', 'price'), before: [100], after: [101] },
  margin_model: {
    rows: DEEP,
    triggers: WIDE_STOP,
    settings: { max_portfolio_exposure_pct: 200 },
    from: 'flat',
    to: 'half_initial',
    shows: exitReasons,
    before: [],
    after: ['liquidation'],
  },
  after_liquidation: {
    rows: DEEP,
    triggers: WIDE_STOP,
    settings: { max_portfolio_exposure_pct: 200, margin_model: 'half_initial' },
    from: 'stop',
    to: 'continue',
    shows: entryTimes,
    before: [openMs(1)],
    after: [openMs(1), openMs(4)],
  },
};
