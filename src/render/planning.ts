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
    ...withoutAnswer(records),
    `planner: ${escapeText(first?.planner ?? 'nobody')}`,
    ...(baseRunId === null ? [] : [`it follows the plans of base run \`${shortRunId(baseRunId)}\`, made and paid for once`]),
    countsText(records),
    ...(cost === null ? [] : [costText(cost)]),
    ...(mayBeSeen ? [`${MAY_BE_SEEN}: it was trained on later days than the first bar`] : []),
  ].join('\n');
}

/** `5,000 tokens in (4,000 cached), 600 out · 0.0042 USD, of it 0.0021 paid this time · 1 call · prices of 2026-11-22`. */
export function costText({ usage, usd, paidUsd, pricesAsOf, calls }: PlanCost): string {
  const paid = calls === 0 || paidUsd === null || paidUsd === usd ? '' : `, of it ${short(paidUsd, 4)} paid this time`;
  return [
    `${fixed(usage.input, 0)} tokens in (${fixed(usage.cached_input, 0)} cached), ${fixed(usage.output, 0)} out`,
    usd === null ? 'price not known' : `${short(usd, 4)} USD${paid}`,
    calls === 0 ? 'all of it on record: nothing was paid this time' : `${fixed(calls, 0)} ${calls === 1 ? 'call' : 'calls'}`,
    ...(pricesAsOf === null ? [] : [`prices of ${pricesAsOf}`]),
  ].join(' · ');
}

const REASON_CHARACTERS = 120;

/** A run that was hardly planned must not look like one that was; none where every plan came. */
function withoutAnswer(records: readonly PlanRecord[]): readonly string[] {
  const asked = records.filter(isAnswered);
  const failed = asked.filter(({ origin }) => origin === 'kept' || origin === 'none');
  const [first] = failed;
  if (first === undefined) return [];
  const reason = first.troubles[0] ?? 'no reason given';
  const said = reason.length <= REASON_CHARACTERS ? reason : `${reason.slice(0, REASON_CHARACTERS).toWellFormed()}…`;
  const count = `${fixed(failed.length, 0)} of ${fixed(asked.length, 0)} ${asked.length === 1 ? 'plan' : 'plans'}`;
  return [`**No usable answer for ${count}**; first: ${escapeText(said)}`];
}

/** Of a plan that only became too old nobody was asked. */
function isAnswered({ request }: PlanRecord): boolean {
  return request?.trigger_type !== 'expired';
}

function countsText(records: readonly PlanRecord[]): string {
  const asked = records.filter(isAnswered);
  const expired = records.length - asked.length;
  const later = asked.slice(1);
  const scheduled = later.filter(({ request }) => request?.trigger_type === 'scheduled').length;
  const byMarket = later.length - scheduled;
  const kept = asked.filter(({ origin }) => origin === 'kept').length;
  const none = asked.filter(({ origin }) => origin === 'none').length;
  return [
    'the first plan',
    `${fixed(scheduled, 0)} scheduled`,
    `${fixed(byMarket, 0)} asked for by the market`,
    ...(kept === 0 ? [] : [`${fixed(kept, 0)} × no usable answer, the plan before went on`]),
    ...(none === 0 ? [] : [`${fixed(none, 0)} × no usable answer, no entries`]),
    ...(expired === 0 ? [] : [`${fixed(expired, 0)} × the plan that went on became too old, no entries since`]),
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
    usd: sumKnown(costs.map(({ usd }) => usd)),
    paidUsd: sumKnown(costs.map(({ paidUsd }) => paidUsd)),
    pricesAsOf: costs[0]?.pricesAsOf ?? null,
    calls: sum(({ calls }) => calls),
  };
}

/** Null where one of them is not known. */
function sumKnown(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce((total, amount) => (total === null || amount === null ? null : total + amount), 0);
}
