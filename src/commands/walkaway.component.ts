import { WALK_AWAYS } from '../render/walkaway-history.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { showWalkAways } from './show-walkaway.ts';

/** ◀ and ▶ of the days that were walked away from. */
export const walkAwayPages: Component = {
  kind: 'press',
  name: WALK_AWAYS,
  permission: 'viewer',
  press: async ([page], desk) => update(await showWalkAways(pageOf(page), desk)),
};
