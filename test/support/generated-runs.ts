import fc from 'fast-check';
import type { BacktestInput } from '../../src/engine/backtest.ts';
import { type Bar, TIMEFRAME_MS, type Timeframe } from '../../src/engine/bar.ts';
import type { FundingRates } from '../../src/engine/candles.ts';
import { MARGIN_MODEL_NAMES } from '../../src/engine/margin.ts';
import { MARGIN_EXCHANGES } from '../../src/engine/margin-tables.ts';
import { WHIPSAW_PRESETS } from '../../src/engine/presets.ts';
import type { Overrides } from '../../src/engine/settings.ts';
import { inputOf, randomWalk, START_MS, seededRandom } from './bars.ts';
import { EMA_BARS, generatedTriggers } from './generated-triggers.ts';

/** The base timeframe first. On long bars a few of them are many days. */
const TIMEFRAMES = [
  ['5m', '15m', '1h'],
  ['1h', '4h', '1d'],
  ['4h', '1d'],
  ['4h', '1d'],
] as const satisfies readonly (readonly [Timeframe, ...Timeframe[]])[];

const SYMBOLS = ['BTC-USD', 'ETH-USD', 'SOL-USD'] as const;

const CHOICES = {
  seed: fc.integer({ min: 0, max: 1e6 }),
  symbolCount: fc.constantFrom(1, 2, 1, 3),
  timeframes: fc.constantFrom(...TIMEFRAMES),
  barsBeforeMidnight: fc.integer({ min: 0, max: 30 }),
  movePct: fc.constantFrom(1, 5, 14),
  missing: fc.constantFrom(0, 0.2),
  /** Prices on a coarse grid reach levels exactly. */
  tick: fc.constantFrom(null, null, 0.5),
  instrument: fc.constantFrom('perpetual', 'perpetual', 'perpetual', 'perpetual', 'spot'),
  exchange: fc.constantFrom('coinbase', ...MARGIN_EXCHANGES, 'kraken'),
  /** Two in a bar, or one in a few bars. */
  fundingBars: fc.constantFrom(null, 0.5, 3),
  stance: fc.constantFrom('active', 'active', 'active', 'defensive'),
  emergency: fc.constantFrom(null, 'volume > 0.96'),
  initial_cash: fc.constantFrom(10_000, 10_000, 1_000, 2_000_000),
  whipsaw: fc.constantFrom(...Object.values(WHIPSAW_PRESETS)),
  max_position_risk_pct: fc.constantFrom(1, 3, 10),
  max_symbol_exposure_pct: fc.constantFrom(20, 60, 100),
  max_portfolio_exposure_pct: fc.constantFrom(80, 100, 200, 350, 500),
  max_daily_loss_pct: fc.constantFrom(3, 20),
  max_daily_risk_budget_pct: fc.constantFrom(5, 30),
  max_trades_per_day: fc.constantFrom(2, 100),
  min_price_move_pct: fc.constantFrom(0.01, 1),
  max_staleness_seconds: fc.constantFrom(60, 7_200),
  taker_fee_pct: fc.constantFrom(0, 0.1),
  slippage_pct: fc.constantFrom(0, 0.05),
  margin_model: fc.constantFrom(...MARGIN_MODEL_NAMES),
  after_liquidation: fc.constantFrom('stop', 'continue', 'continue'),
  walkAway: fc.constantFrom('off', 'off', 'flatten', 'manage'),
  walk_away_resume_next_session: fc.constantFrom(true, true, false),
  watched: fc.constantFrom(false, false, true),
} as const;

type Shape = {
  /** Bars that may be traded, of each symbol. */
  readonly min: number;
  readonly max: number;
  /** Bars before them. */
  readonly warmUpBars?: fc.Arbitrary<number>;
  readonly stopPct?: fc.Arbitrary<number>;
};

/**
 * Everything a run can meet, in a few dozen bars: several symbols with gaps and jumps, days of a few bars, funding at odd times,
 * both sides, higher timeframes, every whipsaw preset, venue and margin model.
 */
export function generatedRuns({
  min,
  max,
  warmUpBars = fc.constantFrom(0, 0, 12),
  stopPct = fc.constantFrom(1, 4, 60),
}: Shape): fc.Arbitrary<BacktestInput> {
  return fc.record({ ...CHOICES, warmUpBars, stopPct, tradedBars: fc.integer({ min, max }) }).map((made) => {
    const { timeframes, instrument, exchange } = made;
    const barCount = made.warmUpBars + made.tradedBars;
    const [base, higher] = timeframes;
    const barMs = TIMEFRAME_MS[base];
    const startMs = START_MS - made.barsBeforeMidnight * barMs;
    const symbols = SYMBOLS.slice(0, made.symbolCount);
    const walk = (index: number) =>
      randomWalk({ ...made, barCount, seed: made.seed + index, jumps: 0.1, startMs: startMs + index * barMs, timeframe: base }).map((bar) =>
        onGrid(bar, made.tick),
      );
    const tradedMs = startMs + made.warmUpBars * barMs;
    return inputOf({
      bars: Object.fromEntries(symbols.map((symbol, index) => [symbol, walk(index)])),
      funding: fundingOf(symbols.slice(0, 2), made, {
        fromMs: tradedMs - 2 * barMs,
        toMs: tradedMs + (made.tradedBars + 4) * barMs,
        barMs,
      }),
      triggers: symbols.flatMap((symbol) =>
        generatedTriggers(symbol, { base, higher, stopPct: made.stopPct, historyBars: made.warmUpBars }),
      ),
      plan: { stance: made.stance, emergency_exit: made.emergency },
      settings: settingsOf(made),
      input: { timeframes, instrument, exchange, startMs: tradedMs },
    });
  });
}

type Made = { readonly [Choice in keyof typeof CHOICES]: (typeof CHOICES)[Choice] extends fc.Arbitrary<infer Value> ? Value : never };

function settingsOf({ whipsaw, walkAway, watched, ...made }: Made): Overrides {
  const isSpot = made.instrument === 'spot';
  return {
    ...whipsaw,
    initial_cash: made.initial_cash,
    max_position_risk_pct: made.max_position_risk_pct,
    max_symbol_exposure_pct: made.max_symbol_exposure_pct,
    max_portfolio_exposure_pct: isSpot ? Math.min(100, made.max_portfolio_exposure_pct) : made.max_portfolio_exposure_pct,
    max_daily_loss_pct: made.max_daily_loss_pct,
    max_daily_risk_budget_pct: made.max_daily_risk_budget_pct,
    max_trades_per_day: made.max_trades_per_day,
    min_price_move_pct: made.min_price_move_pct,
    max_staleness_seconds: made.max_staleness_seconds,
    taker_fee_pct: made.taker_fee_pct,
    slippage_pct: made.slippage_pct,
    margin_model: made.margin_model,
    after_liquidation: made.after_liquidation,
    indicator_mode: 'custom',
    custom_indicator_periods: { sma_short: 4, ema_fast: 3, ema_slow: EMA_BARS, atr: 3, donchian: 5, rsi: 4 },
    walk_away_enabled: walkAway !== 'off',
    walk_away_action: walkAway === 'manage' ? 'manage' : 'flatten',
    walk_away_resume_next_session: made.walk_away_resume_next_session,
    walk_away_profit_target_pct: 5,
    walk_away_loss_limit_pct: 2,
    volatility_spike_enabled: watched,
    volatility_spike_multiplier: 1.2,
    volatility_spike_lookback_bars: 5,
    drawdown_replan_enabled: watched,
    drawdown_threshold_pct: 1,
    support_break_enabled: watched,
    resistance_break_enabled: watched,
  };
}

function onGrid({ openTimeMs, open, high, low, close, volume }: Bar, tick: number | null): Bar {
  if (tick === null) return { openTimeMs, open, high, low, close, volume };
  const near = (price: number) => Math.max(tick, Math.round(price / tick) * tick);
  return { openTimeMs, open: near(open), high: near(high), low: near(low), close: near(close), volume };
}

/** From the last bars before the trading on; some are due at an open, some in between. */
function fundingOf(
  symbols: readonly string[],
  { seed, fundingBars }: Made,
  { fromMs, toMs, barMs }: Span,
): Readonly<Record<string, FundingRates>> {
  if (fundingBars === null) return {};
  const everyMs = fundingBars * barMs;
  const count = Math.ceil((toMs - fromMs) / everyMs);
  return Object.fromEntries(
    symbols.map((symbol, index) => {
      const random = seededRandom(seed + index);
      const timeMs = Float64Array.from({ length: count }, (_, row) => fromMs + row * everyMs + (random() < 0.3 ? everyMs / 3 : 0));
      return [symbol, { timeMs, rate: Float64Array.from({ length: count }, () => (random() - 0.4) * 0.004) }];
    }),
  );
}

type Span = { readonly fromMs: number; readonly toMs: number; readonly barMs: number };
