import type { Timeframe } from '../engine/bar.ts';
import type { Planning } from '../engine/plan-record.ts';
import type { PlanView } from '../engine/plan-views.ts';
import type { RunResult } from '../engine/result.ts';
import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { planEmbed } from './plan-card.ts';
import { marketText, shortRunId } from './run-list.ts';
import { discordTime } from './time-text.ts';

export const PLAN = 'plan';

type PlanPage = {
  readonly runId: string;
  readonly data: RunResult['data'];
  readonly views: readonly PlanView[];
  /** Null where nobody planned the run. */
  readonly planning: Planning | null;
  /** Which of the views; counted from 1. */
  readonly number: number;
};

/** One of the plans of a run. */
export function renderPlanPage({ runId, data, views, planning, number }: PlanPage): Message {
  const view = views[number - 1];
  if (view === undefined) throw new Error(`The run has ${views.length} plans and none of number ${number}.`);
  const title = `Plan ${number} of ${views.length} · ${marketText(data)}${data.simulated ? ' · simulated market' : ''}`;
  const base = planning?.baseRunId ?? null;
  const footer = `run ${shortRunId(runId)}${base === null ? '' : `, which follows the plans of base run ${shortRunId(base)}`}`;
  return {
    ...textMessage(''),
    embeds: [planEmbed({ title, view, mayBeSeen: planning?.mayBeSeen ?? false, footer })],
    buttons: pageButtons({ component: PLAN, args: [runId], page: number, pages: views.length }),
  };
}

/** A plan made just now. */
export type PlanNow = {
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  /** Where the bars come from, for people. */
  readonly source: string;
  readonly simulated: boolean;
  /** The close that it was made at; ms UTC. */
  readonly closeMs: number;
  readonly view: PlanView;
};

/** What the planner would do from the next bar on: nothing trades by it. */
export function renderPlanNow({ view, source, simulated, closeMs, ...market }: PlanNow): Message {
  const title = `Plan from now on · ${marketText(market)}`;
  const bars = `${simulated ? '**Simulated market**, no real prices' : `Real bars · ${source}`}, up to the close of ${discordTime(closeMs)}`;
  return {
    ...textMessage(`${bars}\nNothing trades by it: it is what the strategist would do.`),
    embeds: [planEmbed({ title, view, mayBeSeen: false, footer: 'made just now' })],
  };
}
