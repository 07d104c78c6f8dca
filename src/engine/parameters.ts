/**
 * The one registry of everything a person can turn: commands, modals, autocomplete, presets, documents and
 * validation are derived from it. A parameter is here only when the engine acts on it.
 */
type Declared = {
  readonly name: string;
  readonly group: 'risk' | 'whipsaw' | 'gating' | 'indicators' | 'walk_away' | 'replan' | 'execution' | 'leverage';
  /** What the value is counted in; empty for a choice. */
  readonly unit: string;
  readonly meaning: string;
};

/** A number in a closed range. `step` is what a person would move it by; values between steps are accepted. */
type NumberParameter = Declared & {
  readonly kind: 'number' | 'integer';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
};

type ChoiceParameter = Declared & {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  /** Whether null ("none") is a value of its own. */
  readonly nullable: boolean;
  readonly default: string;
};

/** Indicator periods by name, in bars; null is "not set". */
type PeriodsParameter = Declared & { readonly kind: 'periods'; readonly min: number; readonly max: number; readonly default: null };

type SwitchParameter = Declared & { readonly kind: 'switch'; readonly default: boolean };

/** Hours of the day, UTC; an empty list is "never". */
type HoursParameter = Declared & { readonly kind: 'hours'; readonly min: 0; readonly max: 23; readonly default: readonly number[] };

export type Parameter = NumberParameter | ChoiceParameter | PeriodsParameter | SwitchParameter | HoursParameter;

export const PARAMETERS = [
  {
    name: 'max_position_risk_pct',
    group: 'risk',
    kind: 'number',
    unit: '% of equity',
    min: 1,
    max: 10,
    step: 0.5,
    default: 2,
    meaning: 'Loss of one position at its stop',
  },
  {
    name: 'max_symbol_exposure_pct',
    group: 'risk',
    kind: 'number',
    unit: '% of equity × leverage',
    min: 10,
    max: 100,
    step: 5,
    default: 25,
    meaning: 'Largest notional in one symbol',
  },
  {
    name: 'max_portfolio_exposure_pct',
    group: 'risk',
    kind: 'number',
    unit: '% of equity',
    min: 50,
    max: 500,
    step: 10,
    default: 80,
    meaning: 'Largest gross notional, longs plus shorts; leverage is this / 100, at least 1',
  },
  {
    name: 'max_daily_loss_pct',
    group: 'risk',
    kind: 'number',
    unit: '% of the equity at the start of the day',
    min: 1,
    max: 20,
    step: 0.5,
    default: 3,
    meaning: 'Loss, open positions included, after which the day takes no new entries',
  },
  {
    name: 'max_daily_risk_budget_pct',
    group: 'risk',
    kind: 'number',
    unit: '% of the equity at the start of the day',
    min: 5,
    max: 30,
    step: 1,
    default: 10,
    meaning: "Sum of the risk at stop of the day's entries; an entry that would pass it is cut",
  },
  {
    name: 'max_trades_per_day',
    group: 'risk',
    kind: 'integer',
    unit: 'entries',
    min: 1,
    max: 100,
    step: 1,
    default: 10,
    meaning: 'Entries per UTC day over all symbols',
  },
  {
    name: 'max_triggers_per_symbol_per_day',
    group: 'risk',
    kind: 'integer',
    unit: 'entries',
    min: 1,
    max: 20,
    step: 1,
    default: 5,
    meaning: 'Entries per symbol and UTC day',
  },
  {
    name: 'min_hold_bars',
    group: 'whipsaw',
    kind: 'integer',
    unit: 'bars',
    min: 0,
    max: 10,
    step: 1,
    default: 4,
    meaning: 'Closed bars after the entry bar before an exit rule or a reversal may act; 0 = none',
  },
  {
    name: 'trade_cooldown_bars',
    group: 'whipsaw',
    kind: 'integer',
    unit: 'bars',
    min: 0,
    max: 5,
    step: 1,
    default: 2,
    meaning: 'Closed bars after the bar that went flat before the symbol may enter again; 0 = none',
  },
  {
    name: 'confidence_override_threshold',
    group: 'whipsaw',
    kind: 'choice',
    unit: '',
    choices: ['A', 'B', 'C'],
    nullable: true,
    default: 'A',
    meaning: 'Entries of this grade or better may override hold (reversals) and cooldown; null = none may',
  },
  {
    name: 'min_price_move_pct',
    group: 'gating',
    kind: 'number',
    unit: '%',
    min: 0.01,
    max: 2,
    step: 0.05,
    default: 0.5,
    meaning: "Move of the close from the symbol's last fill price that an entry needs",
  },
  {
    name: 'max_staleness_seconds',
    group: 'gating',
    kind: 'integer',
    unit: 'seconds',
    min: 60,
    max: 7200,
    step: 60,
    default: 1800,
    meaning: 'Age of the last fill above which the price move is no longer asked for',
  },
  {
    name: 'max_calls_per_hour_per_symbol',
    group: 'gating',
    kind: 'integer',
    unit: 'fills',
    min: 10,
    max: 200,
    step: 10,
    default: 60,
    meaning: 'Fills of a symbol in the last hour at which entries wait',
  },
  {
    name: 'indicator_mode',
    group: 'indicators',
    kind: 'choice',
    unit: '',
    choices: ['standard', 'short_term', 'custom'],
    nullable: false,
    default: 'standard',
    meaning: 'Which periods the indicators use',
  },
  {
    name: 'custom_indicator_periods',
    group: 'indicators',
    kind: 'periods',
    unit: 'bars',
    min: 1,
    max: 500,
    default: null,
    meaning: 'Periods that replace the standard ones in custom mode, e.g. rsi:7,atr:10',
  },
  {
    name: 'walk_away_enabled',
    group: 'walk_away',
    kind: 'switch',
    unit: '',
    default: false,
    meaning: 'Stop for the day at the profit target or the loss limit',
  },
  {
    name: 'walk_away_profit_target_pct',
    group: 'walk_away',
    kind: 'number',
    unit: '% of the equity at the start of the day',
    min: 5,
    max: 100,
    step: 5,
    default: 25,
    meaning: 'Gain of the day, open positions included, at which to walk away',
  },
  {
    name: 'walk_away_loss_limit_pct',
    group: 'walk_away',
    kind: 'number',
    unit: '% of the equity at the start of the day',
    min: 1,
    max: 50,
    step: 1,
    default: 10,
    meaning: 'Loss of the day, open positions included, at which to walk away',
  },
  {
    name: 'walk_away_resume_next_session',
    group: 'walk_away',
    kind: 'switch',
    unit: '',
    default: true,
    meaning: 'Come back on the next day; false = stay away until someone resumes',
  },
  {
    name: 'walk_away_action',
    group: 'walk_away',
    kind: 'choice',
    unit: '',
    choices: ['flatten', 'manage'],
    nullable: false,
    default: 'flatten',
    meaning: 'Close everything at the next open, or keep positions with their stops and targets',
  },
  {
    name: 'scheduled_hours',
    group: 'replan',
    kind: 'hours',
    unit: 'hours of the day, UTC',
    min: 0,
    max: 23,
    default: [0, 8, 16],
    meaning: 'When a new plan is asked for in any case; null = never',
  },
  {
    name: 'volatility_spike_enabled',
    group: 'replan',
    kind: 'switch',
    unit: '',
    default: false,
    meaning: 'Ask for a new plan when the ATR jumps above its mean',
  },
  {
    name: 'volatility_spike_multiplier',
    group: 'replan',
    kind: 'number',
    unit: 'times the mean ATR',
    min: 1.1,
    max: 10,
    step: 0.1,
    default: 2,
    meaning: 'How far above its mean the ATR must jump',
  },
  {
    name: 'volatility_spike_lookback_bars',
    group: 'replan',
    kind: 'integer',
    unit: 'bars',
    min: 5,
    max: 200,
    step: 5,
    default: 20,
    meaning: 'Bars of the mean ATR, the current one excluded',
  },
  {
    name: 'drawdown_replan_enabled',
    group: 'replan',
    kind: 'switch',
    unit: '',
    default: false,
    meaning: 'Ask for a new plan when the equity falls below its peak since the last one',
  },
  {
    name: 'drawdown_threshold_pct',
    group: 'replan',
    kind: 'number',
    unit: '% of the peak',
    min: 1,
    max: 50,
    step: 1,
    default: 5,
    meaning: 'How far below its peak the equity must fall',
  },
  {
    name: 'support_break_enabled',
    group: 'replan',
    kind: 'switch',
    unit: '',
    default: false,
    meaning: 'Ask for a new plan when a close breaks the nearest support',
  },
  {
    name: 'resistance_break_enabled',
    group: 'replan',
    kind: 'switch',
    unit: '',
    default: false,
    meaning: 'Ask for a new plan when a close breaks the nearest resistance',
  },
  {
    name: 'max_reactive_replans_per_day',
    group: 'replan',
    kind: 'integer',
    unit: 'replans',
    min: 0,
    max: 20,
    step: 1,
    default: 3,
    meaning: 'Plans that the market may ask for per UTC day, beside the schedule; 0 = none',
  },
  {
    name: 'min_replan_interval_minutes',
    group: 'replan',
    kind: 'integer',
    unit: 'minutes',
    min: 1,
    max: 1440,
    step: 15,
    default: 60,
    meaning: 'Time since any replan before the market may ask for another',
  },
  {
    name: 'initial_cash',
    group: 'execution',
    kind: 'number',
    unit: 'quote currency',
    min: 100,
    max: 1e9,
    step: 1000,
    default: 10_000,
    meaning: 'Cash at the start',
  },
  {
    name: 'taker_fee_pct',
    group: 'execution',
    kind: 'number',
    unit: '% of notional per side',
    min: 0,
    max: 2,
    step: 0.01,
    default: 0.1,
    meaning: 'Fee of every fill but a liquidation',
  },
  {
    name: 'slippage_pct',
    group: 'execution',
    kind: 'number',
    unit: '% of price per side',
    min: 0,
    max: 2,
    step: 0.01,
    default: 0.02,
    meaning: 'How much worse than the price seen every fill but a liquidation is',
  },
  {
    name: 'margin_model',
    group: 'leverage',
    kind: 'choice',
    unit: '',
    choices: ['venue', 'flat', 'half_initial'],
    nullable: false,
    default: 'venue',
    meaning: "Maintenance margin: the venue's table, a flat 0.5 %, or half of the initial margin",
  },
  {
    name: 'after_liquidation',
    group: 'leverage',
    kind: 'choice',
    unit: '',
    choices: ['stop', 'continue'],
    nullable: false,
    default: 'stop',
    meaning: 'Whether a liquidation ends the trading of the run',
  },
] as const satisfies readonly Parameter[];

export type ParameterName = (typeof PARAMETERS)[number]['name'];

export const PARAMETER_NAMES: readonly ParameterName[] = PARAMETERS.map(({ name }) => name);

export function isParameterName(name: string): name is ParameterName {
  return (PARAMETER_NAMES as readonly string[]).includes(name);
}

export function findParameter(name: ParameterName): Parameter {
  return PARAMETERS.find((parameter) => parameter.name === name) as Parameter;
}
