import type { Trigger } from '../engine/plan.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Costs beyond this share of the risk are not sized for: the position of a stop that is next to nothing is as large as the account
 * bears, and loses mostly costs.
 */
const MOST_COST_R = 0.5;

/** Why the stop cannot be traded by, as distances and costs are now; null when it can, or when its distance is not known yet. */
export function stopFault({ symbol, timeframe, side, stop }: Trigger, { symbols, constraints }: Snapshot): string | null {
  const frame = symbols.find((view) => view.symbol === symbol)?.frames.find((view) => view.timeframe === timeframe);
  const atr = frame?.indicators.atr ?? null;
  const close = frame?.close ?? null;
  const atrPct = atr === null || close === null ? null : (atr / close) * 100;
  const distancePct = stop.kind === 'pct' ? stop.pct : atrPct === null ? null : atrPct * stop.multiple;
  if (distancePct === null) return null;

  const said = stop.kind === 'pct' ? `${show(stop.pct)} %` : `${show(stop.multiple)} ATRs, now ${show(distancePct)} % of the price,`;
  if (side === 'long' && distancePct >= 100) {
    return `stop of ${said} lies below a price of 0, where nothing is ever sold; set less than 100 %`;
  }
  const costPct = constraints.round_trip_cost_pct;
  if (costPct <= MOST_COST_R * distancePct) return null;
  const leastPct = roundUp(costPct / MOST_COST_R);
  const inAtrs = stop.kind === 'pct' || atrPct === null || atrPct === 0 ? '' : ` (${show(roundUp(leastPct / atrPct))} ATRs)`;
  const seen = `entering and leaving costs ${show(costPct)} %, which is ${show(costPct / distancePct)} R and more than ${MOST_COST_R} R`;
  return `stop of ${said} is too near: ${seen}; set at least ${show(leastPct)} %${inAtrs}`;
}

/** Whoever sets what is quoted must not be just below it. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Math.ceil(value / unit) * unit;
}

function show(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
