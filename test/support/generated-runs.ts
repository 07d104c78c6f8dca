import fc from 'fast-check';
import type { BacktestInput } from '../../src/engine/backtest.ts';
import { HOUR_MS } from '../../src/engine/bar.ts';
import type { FundingRates } from '../../src/engine/candles.ts';
import { WHIPSAW_PRESETS } from '../../src/engine/presets.ts';
import { inputOf, openMs, randomWalk, START_MS, seededRandom, triggerWith } from './bars.ts';

/** Everything a run can meet: several symbols with gaps and jumps, funding, both sides, higher timeframes, every whipsaw preset. */
export const GENERATED_RUNS: fc.Arbitrary<BacktestInput> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    symbolCount: fc.integer({ min: 1, max: 3 }),
    grossPct: fc.constantFrom(80, 100, 200, 350, 500),
    symbolPct: fc.constantFrom(20, 60, 100),
    riskPct: fc.constantFrom(1, 3, 8),
    whipsaw: fc.constantFrom(...Object.values(WHIPSAW_PRESETS)),
    feePct: fc.constantFrom(0, 0.1),
    slippagePct: fc.constantFrom(0, 0.05),
    model: fc.constantFrom('venue', 'flat', 'half_initial'),
    after: fc.constantFrom('stop', 'continue'),
    stance: fc.constantFrom('active', 'active', 'defensive'),
    stopPct: fc.constantFrom(1, 4, 60),
    dailyLossPct: fc.constantFrom(3, 20),
    movePct: fc.constantFrom(1, 6),
    missing: fc.constantFrom(0, 0.2),
    emergency: fc.constantFrom(null, 'volume > 0.985'),
    warmUpBars: fc.constantFrom(0, 25),
    walkAway: fc.constantFrom('off', 'off', 'off', 'flatten', 'manage'),
    resume: fc.boolean(),
    watched: fc.boolean(),
  })
  .map((made) => {
    const symbols = ['BTC-USD', 'ETH-USD', 'SOL-USD'].slice(0, made.symbolCount);
    const bars = Object.fromEntries(
      symbols.map((symbol, index) => [
        symbol,
        randomWalk({
          seed: made.seed + index,
          barCount: 330,
          movePct: made.movePct,
          missing: made.missing,
          jumps: 0.1,
          startMs: openMs(index),
        }),
      ]),
    );
    return inputOf({
      bars,
      funding: Object.fromEntries(symbols.slice(0, 2).map((symbol, index) => [symbol, hourlyFunding(made.seed + index)])),
      triggers: symbols.flatMap((symbol) => [
        triggerWith({
          id: `${symbol}-l`,
          symbol,
          grade: 'A',
          entry: 'volume > 0.9 and close > 0',
          exit: 'volume < 0.03',
          stop: { kind: 'pct', pct: made.stopPct },
          target: { kind: 'pct', pct: 3 },
        }),
        triggerWith({
          id: `${symbol}-s`,
          symbol,
          side: 'short',
          grade: 'C',
          entry: 'volume < 0.1',
          stop: { kind: 'pct', pct: made.stopPct },
          target: { kind: 'r', multiple: 2 },
        }),
        triggerWith({
          id: `${symbol}-q`,
          symbol,
          side: 'short',
          timeframe: '15m',
          entry: 'close < sma_short and close@1h > 0',
          exit: 'close > sma_short',
          stop: { kind: 'atr', multiple: 2 },
        }),
      ]),
      plan: { stance: made.stance, emergency_exit: made.emergency },
      settings: {
        ...made.whipsaw,
        max_portfolio_exposure_pct: made.grossPct,
        max_symbol_exposure_pct: made.symbolPct,
        max_position_risk_pct: made.riskPct,
        max_daily_loss_pct: made.dailyLossPct,
        taker_fee_pct: made.feePct,
        slippage_pct: made.slippagePct,
        margin_model: made.model,
        after_liquidation: made.after,
        indicator_mode: 'short_term',
        walk_away_enabled: made.walkAway !== 'off',
        walk_away_action: made.walkAway === 'manage' ? 'manage' : 'flatten',
        walk_away_resume_next_session: made.resume,
        walk_away_profit_target_pct: 5,
        walk_away_loss_limit_pct: 2,
        volatility_spike_enabled: made.watched,
        volatility_spike_multiplier: 1.2,
        drawdown_replan_enabled: made.watched,
        drawdown_threshold_pct: 1,
        support_break_enabled: made.watched,
        resistance_break_enabled: made.watched,
      },
      input: { timeframes: ['5m', '15m', '1h'], exchange: 'coinbase', startMs: openMs(made.warmUpBars) },
    });
  });

function hourlyFunding(seed: number): FundingRates {
  const random = seededRandom(seed);
  return {
    timeMs: Float64Array.from({ length: 27 }, (_, index) => START_MS + index * HOUR_MS),
    rate: Float64Array.from({ length: 27 }, () => (random() - 0.4) * 0.004),
  };
}
