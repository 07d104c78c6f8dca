import { RUNS } from '../render/run-list.ts';
import { TRADES } from '../render/run-trades.ts';
import { askedRunId } from './asked-run-id.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { showRunList, showTrades } from './show-runs.ts';

/** ◀ and ▶ of the list. */
export const runsPages: Component = {
  kind: 'press',
  name: RUNS,
  permission: 'viewer',
  press: async ([page], desk) => update(await showRunList(pageOf(page), desk)),
};

/** ◀ and ▶ of a run's trades. */
export const tradesPages: Component = {
  kind: 'press',
  name: TRADES,
  permission: 'viewer',
  press: async ([page, runId], desk) => update(await showTrades({ prefix: askedRunId(runId ?? ''), page: pageOf(page) }, desk)),
};
