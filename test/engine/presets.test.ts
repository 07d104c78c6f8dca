import { describe, expect, it } from 'vitest';
import { TIMEFRAME_MS } from '../../src/engine/bar.ts';
import { findRunPreset, RUN_PRESETS, WHIPSAW_PRESETS } from '../../src/engine/presets.ts';
import { changedSettings, effectiveSettings, parseOverrides } from '../../src/engine/settings.ts';

/** What every scalper preset also lifts. */
const LIFTED = { max_symbol_exposure_pct: 100, max_daily_risk_budget_pct: 30, max_triggers_per_symbol_per_day: 20 };

describe('the run presets', () => {
  it('scalper-5m is three days of BTC on 5m as the owner wrote it', () => {
    expect(findRunPreset('scalper-5m')).toMatchObject({
      symbols: ['BTC-USD'],
      days: 3,
      strategyId: 'aggressive_active',
      overrides: {
        ...LIFTED,
        initial_cash: 10_000,
        max_position_risk_pct: 4,
        max_portfolio_exposure_pct: 100,
        min_hold_bars: 1,
        trade_cooldown_bars: 0,
        min_price_move_pct: 0.1,
        indicator_mode: 'short_term',
      },
    });
    expect(findRunPreset('scalper-5m').timeframes[0]).toBe('5m');
  });

  it('scalper is the appendix as the owner wrote it, on the symbols, days and cash of scalper-5m', () => {
    const { symbols, days, timeframes, strategyId } = findRunPreset('scalper-5m');

    expect(findRunPreset('scalper')).toMatchObject({ symbols, days, timeframes, strategyId });
    expect(findRunPreset('scalper').overrides).toEqual({
      ...LIFTED,
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
    });
  });

  it('scalper walks away and watches the market, its hold of none is not the one bar of scalper-5m', () => {
    const scalper = effectiveSettings(findRunPreset('scalper').overrides);
    const scalper5m = effectiveSettings(findRunPreset('scalper-5m').overrides);

    expect(scalper).toMatchObject({
      walk_away_loss_limit_pct: 10,
      walk_away_action: 'flatten',
      walk_away_resume_next_session: true,
      volatility_spike_multiplier: 2,
      drawdown_threshold_pct: 5,
      support_break_enabled: false,
      resistance_break_enabled: false,
      min_replan_interval_minutes: 60,
    });
    expect([scalper.min_hold_bars, scalper5m.min_hold_bars]).toEqual([0, 1]);
    expect(scalper5m).toMatchObject({ walk_away_enabled: false, volatility_spike_enabled: false, drawdown_replan_enabled: false });
  });

  it('scalper-15m is a week of BTC and ETH on 15m as the owner wrote it', () => {
    expect(findRunPreset('scalper-15m')).toMatchObject({
      symbols: ['BTC-USD', 'ETH-USD'],
      days: 7,
      strategyId: 'aggressive_active',
      overrides: {
        ...LIFTED,
        initial_cash: 10_000,
        max_position_risk_pct: 3,
        max_portfolio_exposure_pct: 100,
        min_hold_bars: 2,
        trade_cooldown_bars: 1,
        min_price_move_pct: 0.2,
        indicator_mode: 'short_term',
      },
    });
    expect(findRunPreset('scalper-15m').timeframes[0]).toBe('15m');
  });

  it('conservative is all defaults on 1h', () => {
    const preset = findRunPreset('conservative');

    expect(preset.timeframes[0]).toBe('1h');
    expect(changedSettings(effectiveSettings(preset.overrides))).toEqual([]);
  });

  it('set nothing beyond what they say', () => {
    const names = (preset: string) => Object.keys(findRunPreset(preset).overrides).length;

    expect(['scalper-5m', 'scalper', 'scalper-15m', 'conservative'].map(names)).toEqual([10, 18, 10, 0]);
  });

  it('hold only values that a person may type, and name the base timeframe first, the lowest', () => {
    for (const { name, overrides, timeframes } of RUN_PRESETS) {
      expect(parseOverrides(overrides), name).toEqual(overrides);
      const lengths = timeframes.map((timeframe) => TIMEFRAME_MS[timeframe]);
      expect(
        [...lengths].sort((one, other) => one - other),
        name,
      ).toEqual(lengths);
      expect(new Set(timeframes).size, name).toBe(timeframes.length);
    }
    expect(new Set(RUN_PRESETS.map(({ name }) => name)).size).toBe(RUN_PRESETS.length);
  });

  it('that do not exist are refused with the nearest', () => {
    expect(() => findRunPreset('scalper5m')).toThrow(/"scalper5m".*scalper-5m/);
  });
});

describe('the whipsaw presets', () => {
  it('are hold, cooldown and threshold in one word; custom names none', () => {
    expect(WHIPSAW_PRESETS).toEqual({
      conservative: { min_hold_bars: 4, trade_cooldown_bars: 2, confidence_override_threshold: 'A' },
      moderate: { min_hold_bars: 2, trade_cooldown_bars: 1, confidence_override_threshold: 'B' },
      aggressive: { min_hold_bars: 1, trade_cooldown_bars: 0, confidence_override_threshold: 'C' },
      disabled: { min_hold_bars: 0, trade_cooldown_bars: 0, confidence_override_threshold: null },
      custom: {},
    });
  });

  it('conservative is the default', () => {
    expect(changedSettings(effectiveSettings(WHIPSAW_PRESETS.conservative))).toEqual([]);
  });

  it('disabled keeps its zeros and its null', () => {
    expect(effectiveSettings(WHIPSAW_PRESETS.disabled)).toMatchObject(WHIPSAW_PRESETS.disabled);
  });
});
