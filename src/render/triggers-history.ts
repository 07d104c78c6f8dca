import type { PlanCause } from '../engine/plan-record.ts';
import { REPLAN_TRIGGERS, type ReplanTrigger } from '../engine/result.ts';
import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { fixed, orNotAvailable, price } from './number-text.ts';
import { type OfRun, ofRunText } from './of-run.ts';
import { discordTime } from './time-text.ts';

/** A plan that the monitor of a backtest asked for, or would have asked for. */
export type ReplanLine = OfRun & {
  readonly atMs: number;
  readonly trigger: ReplanTrigger;
  /** Null where it is about all symbols. */
  readonly symbol: string | null;
  readonly details: Readonly<Record<string, number>>;
  /** Why it was held back; null when it was asked for. */
  readonly heldBackBy: 'budget' | 'interval' | null;
};

/** How often a trigger fired in all backtests. */
export type ReplanCount = { readonly trigger: ReplanTrigger; readonly requested: number; readonly suppressed: number };

type ReplanPage = {
  readonly replans: readonly ReplanLine[];
  readonly counts: readonly ReplanCount[];
  /** The one that is shown; null for all. */
  readonly trigger: ReplanTrigger | null;
  readonly page: number;
  readonly pages: number;
};

export const REPLANS = 'replans';

/** The third part of the pages' custom ids where every trigger is shown. */
export const ANY_TRIGGER = 'any';

/** One page of what asked for new plans in backtests, with its numbers. */
export function renderReplans({ replans, counts, trigger, page, pages }: ReplanPage): Message {
  const shown = counts.filter((count) => trigger === null || count.trigger === trigger);
  if (shown.length === 0) {
    const what = trigger === null ? 'No trigger has' : `The trigger ${triggerWords(trigger)} has not`;
    return textMessage(`${what} fired in a backtest yet. \`/triggers show\` says which are on.`);
  }
  const asked = shown.reduce((sum, { requested }) => sum + requested, 0);
  const heldBack = shown.reduce((sum, { suppressed }) => sum + suppressed, 0);
  const byTrigger = REPLAN_TRIGGERS.flatMap((name) => {
    const count = shown.find((candidate) => candidate.trigger === name);
    return count === undefined ? [] : [`${triggerWords(name)} ${fixed(count.requested + count.suppressed, 0)}`];
  });
  return {
    ...textMessage(
      [
        `**Triggers** asked ${fixed(asked, 0)} × for a new plan, ${fixed(heldBack, 0)} × held back · of all backtests, newest first`,
        `-# ${byTrigger.join(', ')}`,
        ...replans.map(describe),
      ].join('\n'),
    ),
    buttons: pageButtons({ component: REPLANS, args: [trigger ?? ANY_TRIGGER], page, pages }),
  };
}

export function triggerWords(trigger: ReplanTrigger): string {
  return trigger.replaceAll('_', ' ');
}

const HELD_BACK = {
  budget: 'held back: the budget of the day was used up',
  interval: 'held back: too soon after the last plan',
} as const;

function describe(replan: ReplanLine): string {
  const { atMs, trigger, symbol, heldBackBy } = replan;
  return [
    `- **${triggerWords(trigger)}**${symbol === null ? '' : ` ${symbol}`}: ${detailsText(replan)}`,
    ...(heldBackBy === null ? [] : [`  ${HELD_BACK[heldBackBy]}`]),
    `  ${discordTime(atMs)} · ${ofRunText(replan)}`,
  ].join('\n');
}

/** Why a plan was asked for: `support break BTC-USD, closed at 99.5, below 100`. */
export function requestWords(request: PlanCause): string {
  if (request.trigger_type === 'expired') {
    return `no usable answer came, and the plan before was ${fixed(request.trigger_details.age_hours, 1)} hours old`;
  }
  const { trigger_type: trigger, symbol, trigger_details: details } = request;
  return `${triggerWords(trigger)}${symbol === null ? '' : ` ${symbol}`}, ${detailsText({ trigger, details })}`;
}

/** The numbers of that very close, in words. */
function detailsText({ trigger, details }: Pick<ReplanLine, 'trigger' | 'details'>): string {
  const of = (name: string, show: (value: number) => string) => orNotAvailable(details[name] ?? null, show);
  switch (trigger) {
    case 'volatility_spike':
      return `ATR ${of('atr', price)} is ${of('ratio', (ratio) => fixed(ratio, 2))} × its mean ${of('mean_atr', price)}`;
    case 'drawdown':
      return `equity ${of('equity', money)} is ${of('drawdown_pct', (pct) => fixed(pct, 2))} % below its peak ${of('peak_equity', money)}`;
    case 'support_break':
      return `closed at ${of('close', price)}, below ${of('level', price)}`;
    case 'resistance_break':
      return `closed at ${of('close', price)}, above ${of('level', price)}`;
    case 'scheduled':
      return `${of('hour', (hour) => String(hour).padStart(2, '0'))}:00 UTC`;
  }
}

function money(value: number): string {
  return fixed(value, 2);
}
