import type { Trigger } from '../engine/plan.ts';
import type { PlanMarket } from '../engine/plan-record.ts';
import { fixed, short } from './number-text.ts';
import { ruleWords } from './rule-words.ts';

/** A way into a trade and out of it as people say it: a line each. Without a market, distances in ATRs stay what they are. */
export function triggerLines(trigger: Trigger, market: PlanMarket | null): readonly string[] {
  const { id, symbol, timeframe, side, grade, category, entry, exit } = trigger;
  return [
    `**${side === 'long' ? 'Long' : 'Short'} ${symbol}** ${timeframe} · grade ${grade} · ${category.replaceAll('_', ' ')} · \`${id}\``,
    ...bulleted('enter when', ruleWords(entry)),
    ...(exit === null ? [] : bulleted('leave when', ruleWords(exit))),
    `- ${distancesText(trigger, market)}`,
  ];
}

export function stopText(stop: Trigger['stop']): string {
  return stop.kind === 'atr' ? `${short(stop.multiple, 4)} ATRs` : `${short(stop.pct, 4)} %`;
}

export function targetText(target: Trigger['target']): string {
  if (target === null) return 'none';
  return target.kind === 'r' ? `${short(target.multiple, 4)} × the stop` : `${short(target.pct, 4)} %`;
}

function distancesText({ symbol, timeframe, stop, target }: Trigger, market: PlanMarket | null): string {
  const atrPct = market?.frames.find((frame) => frame.symbol === symbol && frame.timeframe === timeframe)?.atr_pct ?? null;
  const stopPct = stop.kind === 'pct' ? stop.pct : atrPct === null ? null : atrPct * stop.multiple;
  const targetPct = target === null ? null : target.kind === 'pct' ? target.pct : stopPct === null ? null : stopPct * target.multiple;
  const about = (pct: number | null, isSaid: boolean) => (pct === null || isSaid ? '' : ` (then ${fixed(pct, 2)} %)`);
  return [
    `stop ${stopText(stop)}${about(stopPct, stop.kind === 'pct')}`,
    target === null ? 'no target' : `target ${targetText(target)}${about(targetPct, target.kind === 'pct')}`,
    `reward:risk ${rewardToRisk(target, { stopPct, targetPct, costPct: market?.round_trip_cost_pct ?? null })}`,
  ].join(' · ');
}

type Distances = { readonly stopPct: number | null; readonly targetPct: number | null; readonly costPct: number | null };

/** Before and after the costs of going in and out. A target in percent beside a stop in unknown ATRs is known only at the entry. */
function rewardToRisk(target: Trigger['target'], { stopPct, targetPct, costPct }: Distances): string {
  if (target === null) return 'open';
  const ratio = target.kind === 'r' ? target.multiple : stopPct === null ? null : target.pct / stopPct;
  if (ratio === null) return 'known at the entry';
  if (stopPct === null || targetPct === null || costPct === null) return fixed(ratio, 1);
  return `${fixed(ratio, 1)}, after costs ${fixed((targetPct - costPct) / (stopPct + costPct), 1)}`;
}

/** One condition beside its word, more of them below each other. */
function bulleted(word: string, conditions: readonly string[]): readonly string[] {
  if (conditions.length === 1) return [`- ${word} ${conditions[0] ?? ''}`];
  return [`- ${word} all of:`, ...conditions.map((condition) => `  - ${condition}`)];
}
