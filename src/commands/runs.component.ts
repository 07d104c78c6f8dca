import { PLAYBACK } from '../render/playback.ts';
import { RUNS } from '../render/run-list.ts';
import { TRADES } from '../render/run-trades.ts';
import { askedRunId } from './asked-run-id.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { barOf, showPlayback } from './run-again.ts';
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

/** Every button of a playback: the run and the bar that it leads to stand in it. */
export const playbackSteps: Component = {
  kind: 'press',
  name: PLAYBACK,
  permission: 'viewer',
  press: async ([runId, bar], desk) => update(await showPlayback({ prefix: askedRunId(runId ?? ''), wanted: barOf(bar) }, desk)),
};
