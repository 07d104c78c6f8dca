import type { Timeframe } from './bar.ts';
import type { MarketColumns } from './market-columns.ts';
import type { Settings } from './settings.ts';

/** The columns that the market monitor reads on the base timeframe, per symbol; those of switched-off conditions are missing. */
export type MonitorProgram = {
  /** Whether any condition is on that the market decides, and not the schedule alone. */
  readonly isReactive: boolean;
  readonly atr: readonly Float64Array[];
  readonly donchianLow: readonly Float64Array[];
  readonly donchianHigh: readonly Float64Array[];
};

export function compileMonitor(settings: Settings, timeframe: Timeframe, columns: readonly MarketColumns[]): MonitorProgram {
  const of = (isWanted: boolean, name: 'atr' | 'donchian_low' | 'donchian_high') =>
    isWanted ? columns.map(({ column }) => column(name, timeframe)) : [];
  return {
    isReactive:
      settings.volatility_spike_enabled ||
      settings.drawdown_replan_enabled ||
      settings.support_break_enabled ||
      settings.resistance_break_enabled,
    atr: of(settings.volatility_spike_enabled, 'atr'),
    donchianLow: of(settings.support_break_enabled, 'donchian_low'),
    donchianHigh: of(settings.resistance_break_enabled, 'donchian_high'),
  };
}
