import { type EngineEvent, REPLAN_TRIGGERS } from '../engine/result.ts';
import { escapeText } from './escape-text.ts';
import { fixed, price, signed } from './number-text.ts';

/** What happened in a bar of a run, as a line for people. */
export function eventWords(event: EngineEvent): string {
  const { kind } = event;
  switch (kind) {
    case 'opened':
      return `**opened** ${text(event.side)} ${text(event.symbol)} at ${of(event.price, price)} by \`${text(event.trigger_id)}\`${capWords(event.cap)}`;
    case 'closed':
      return `**closed** ${text(event.side)} ${text(event.symbol)} at ${of(event.price, price)}: ${words(event.reason)}, ${outcome(event)}`;
    case 'liquidated':
      return `**liquidated** ${text(event.side)} ${text(event.symbol)}: its margin is gone, ${outcome(event)}`;
    case 'funding':
      return `funding ${of(event.paid, (paid) => (paid < 0 ? `received ${fixed(-paid, 2)}` : `paid ${fixed(paid, 2)}`))} on ${text(event.symbol)}`;
    case 'daily_loss':
      return `**daily loss** reached at ${of(event.daily_return_pct, percent)}: no entries for the rest of the day`;
    case 'walk_away':
      return `**walked away** at ${of(event.daily_return_pct, percent)}: ${words(event.trigger)}, ${event.action === 'manage' ? 'positions are managed on' : 'positions are closed'}`;
    case 'walk_away_counterfactual':
      return `the day was walked away from at ${of(event.stopped_at_pct, percent)} and ended at ${of(event.day_ended_pct, percent)}; carrying on would have ended at ${of(event.would_have_ended_pct, percent)}`;
    case 'halted':
      return `**halted**: ${words(event.cause)}; nothing opens any more`;
    case 'replan_requested':
      return `asked for a new plan: ${triggerText(event)}`;
    case 'replan_suppressed':
      return `would have asked for a new plan (${triggerText(event)}), held back by the ${words(event.reason)}`;
    case 'replanned':
      return `**new plan** from this bar on${typeof event.dropped === 'number' && event.dropped > 0 ? `, ${event.dropped} of its triggers dropped` : ''}`;
    case 'plan_failed':
      return `**no new plan**: ${escapeText(text(event.reason).slice(0, 200))}`;
    default:
      return words(kind);
  }
}

function triggerText({ trigger_type, symbol }: EngineEvent): string {
  const trigger = REPLAN_TRIGGERS.find((name) => name === trigger_type);
  return `${words(trigger ?? 'unknown')}${typeof symbol === 'string' ? ` ${symbol}` : ''}`;
}

function capWords(cap: unknown): string {
  return typeof cap === 'string' && cap !== 'none' ? `, cut by its ${words(cap)}` : '';
}

function outcome({ pnl, r }: EngineEvent): string {
  return `**${of(pnl, (value) => signed(value, 2))}** (${of(r, (value) => signed(value, 2))} R)`;
}

const percent = (value: number) => `${signed(value, 2)} %`;

function of(value: unknown, show: (value: number) => string): string {
  return typeof value === 'number' ? show(value) : 'n/a';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'n/a';
}

function words(value: unknown): string {
  return text(value).replaceAll('_', ' ');
}
