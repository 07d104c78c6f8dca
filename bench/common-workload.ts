import type { Candles } from '../src/engine/candles.ts';
import { compileProgram } from '../src/engine/program.ts';
import { replay } from '../src/engine/replay.ts';
import { effectiveSettings } from '../src/engine/settings.ts';
import { validatePlan } from '../src/engine/validate-plan.ts';

const plan = validatePlan(
  {
    regime: 'mixed',
    stance: 'active',
    rationale: 'The workload that backtest engines are usually compared on.',
    triggers: [
      {
        id: 'cross',
        symbol: 'BTC-USD',
        timeframe: '1m',
        side: 'long',
        category: 'trend_continuation',
        grade: 'A',
        entry: 'sma_short crosses_above sma_medium and rsi < 70',
        exit: 'sma_short crosses_below sma_medium',
        stop: { kind: 'atr', multiple: 2 },
      },
    ],
  },
  { symbols: ['BTC-USD'], timeframes: ['1m'] },
);

/** All gates on, none so tight that it decides the outcome. */
const settings = effectiveSettings({
  indicator_mode: 'short_term',
  max_position_risk_pct: 10,
  max_symbol_exposure_pct: 100,
  max_portfolio_exposure_pct: 100,
  max_daily_loss_pct: 20,
  max_daily_risk_budget_pct: 30,
  max_trades_per_day: 100,
  max_triggers_per_symbol_per_day: 20,
  min_hold_bars: 0,
  trade_cooldown_bars: 0,
  min_price_move_pct: 0.01,
  slippage_pct: 0,
});

/** SMA 8/21 cross with RSI 7 < 70, exit on the cross back, stop 2 × ATR 7, 0.1 % fee: columns, rules and the whole engine. */
export function runCommonWorkload(candles: Candles): number {
  const program = compileProgram({
    settings,
    timeframes: ['1m'],
    instrument: 'perpetual',
    exchange: 'coinbase',
    markets: [{ symbol: 'BTC-USD', candles, funding: null }],
  });
  return replay({ program, plan, startMs: 0 }).trades.length;
}
