import { PLAN } from '../render/plan-page.ts';
import { askedRunId } from './asked-run-id.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { showPlan } from './show-strategies.ts';

/** ◀ and ▶ of the plans of a run. */
export const planPages: Component = {
  kind: 'press',
  name: PLAN,
  permission: 'viewer',
  press: async ([page, runId], desk) =>
    update(await showPlan({ prefix: askedRunId(runId ?? ''), wanted: { kind: 'number', number: pageOf(page) } }, desk)),
};
