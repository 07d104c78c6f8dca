import type { PlanCost, Planning, PlanRecord } from '../engine/plan-record.ts';
import { escapeText } from './escape-text.ts';
import { fixed, short } from './number-text.ts';
import { shortRunId } from './run-list.ts';

export const MAY_BE_SEEN = '**Model may have seen this period**';

/** Who planned a run, how often, and what it cost; a line each. */
export function planningText({ records, mayBeSeen, baseRunId }: Planning): string {
  const [first] = records;
  const cost = sumCosts(records);
  return [
    `planner: ${escapeText(first?.planner ?? 'nobody')}`,
    ...(baseRunId === null ? [] : [`it follows the plans of base run \`${shortRunId(baseRunId)}\`, made and paid for once`]),
    countsText(records),
    ...(cost === null ? [] : [costText(cost)]),
    ...(mayBeSeen ? [`${MAY_BE_SEEN}: it was trained on later days than the first bar`] : []),
  ].join('\n');
}

/** `5,000 tokens in (4,000 cached), 600 out · 0.0042 USD · 1 call`. */
export function costText({ usage, usd, calls }: PlanCost): string {
  return [
    `${fixed(usage.input, 0)} tokens in (${fixed(usage.cached_input, 0)} cached), ${fixed(usage.output, 0)} out`,
    usd === null ? 'price not known' : `${short(usd, 4)} USD`,
    calls === 0 ? 'all of it on record: nothing was paid this time' : `${fixed(calls, 0)} ${calls === 1 ? 'call' : 'calls'}`,
  ].join(' · ');
}

function countsText(records: readonly PlanRecord[]): string {
  const later = records.slice(1);
  const scheduled = later.filter(({ request }) => request?.trigger_type === 'scheduled').length;
  const byMarket = later.length - scheduled;
  const kept = records.filter(({ origin }) => origin === 'kept').length;
  const none = records.filter(({ origin }) => origin === 'none').length;
  return [
    'the first plan',
    `${fixed(scheduled, 0)} scheduled`,
    `${fixed(byMarket, 0)} asked for by the market`,
    ...(kept === 0 ? [] : [`${fixed(kept, 0)} × no usable answer, the plan before went on`]),
    ...(none === 0 ? [] : [`${fixed(none, 0)} × no usable answer, no entries`]),
  ].join(', ');
}

/** Null where nothing was paid for. */
function sumCosts(records: readonly PlanRecord[]): PlanCost | null {
  const costs = records.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  if (costs.length === 0) return null;
  const sum = (of: (cost: PlanCost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  return {
    usage: {
      input: sum(({ usage }) => usage.input),
      cached_input: sum(({ usage }) => usage.cached_input),
      output: sum(({ usage }) => usage.output),
      reasoning: sum(({ usage }) => usage.reasoning),
    },
    usd: costs.some(({ usd }) => usd === null) ? null : sum(({ usd }) => usd ?? 0),
    calls: sum(({ calls }) => calls),
  };
}
