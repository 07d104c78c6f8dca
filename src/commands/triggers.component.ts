import { ANY_TRIGGER, REPLANS } from '../render/triggers-history.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { askedTrigger, showReplans } from './show-triggers.ts';

/** ◀ and ▶ of what asked for new plans, of one trigger or of all. */
export const replanPages: Component = {
  kind: 'press',
  name: REPLANS,
  permission: 'viewer',
  press: async ([page, name], desk) => {
    const trigger = askedTrigger(name === undefined || name === ANY_TRIGGER ? null : name);
    return update(await showReplans({ trigger, page: pageOf(page) }, desk));
  },
};
