import { TIMEFRAME_MS, type Timeframe } from './bar.ts';
import { warmUpBars } from './indicators/compute-columns.ts';
import type { ColumnName } from './indicators/indicator-names.ts';
import { resolvePeriods } from './indicators/periods.ts';
import type { Plan } from './plan.ts';
import { parseRule } from './rules/parse-rule.ts';
import { type ColumnReference, referencedColumns } from './rules/referenced-columns.ts';
import type { Settings } from './settings.ts';

/** Every column the plan reads for one symbol, with how far back it looks. */
export function planColumns(plan: Plan, symbol: string, baseTimeframe: Timeframe): readonly ColumnReference[] {
  const ofTriggers = plan.triggers
    .filter((trigger) => trigger.symbol === symbol)
    .flatMap((trigger) => [
      current('close', trigger.timeframe),
      ...(trigger.stop.kind === 'atr' ? [current('atr', trigger.timeframe)] : []),
      ...referencedColumns(parseRule(trigger.entry), trigger.timeframe),
      ...(trigger.exit === null ? [] : referencedColumns(parseRule(trigger.exit), trigger.timeframe)),
    ]);
  const ofEmergency = plan.emergency_exit === null ? [] : referencedColumns(parseRule(plan.emergency_exit), baseTimeframe);
  return [current('close', baseTimeframe), ...ofTriggers, ...ofEmergency];
}

function current(name: ColumnName, timeframe: Timeframe): ColumnReference {
  return { name, timeframe, lookbackBars: 0 };
}

/** What the market monitor reads on the base timeframe. */
function monitorColumns(settings: Settings, baseTimeframe: Timeframe): readonly ColumnReference[] {
  const lookbackBars = settings.volatility_spike_lookback_bars;
  return [
    ...(settings.volatility_spike_enabled ? [{ name: 'atr', timeframe: baseTimeframe, lookbackBars } as const] : []),
    ...(settings.support_break_enabled ? [current('donchian_low', baseTimeframe)] : []),
    ...(settings.resistance_break_enabled ? [current('donchian_high', baseTimeframe)] : []),
  ];
}

/** Open time of the first bar that must be loaded so that every column of plan and monitor is known at the first decision. */
export function warmUpStartMs(plan: Plan, symbol: string, baseTimeframe: Timeframe, startMs: number, settings: Settings): number {
  const firstCloseMs = startMs + TIMEFRAME_MS[baseTimeframe];
  const periods = resolvePeriods(settings);
  const columns = [...planColumns(plan, symbol, baseTimeframe), ...monitorColumns(settings, baseTimeframe)];
  return columns.reduce((earliestMs, { name, timeframe, lookbackBars }) => {
    const barMs = TIMEFRAME_MS[timeframe];
    const barsWanted = warmUpBars(name, periods) + lookbackBars;
    const boundaryMs = Math.floor(firstCloseMs / barMs) * barMs;
    return Math.min(earliestMs, boundaryMs - barsWanted * barMs);
  }, startMs);
}
