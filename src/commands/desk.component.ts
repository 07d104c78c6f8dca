import { AUDIT } from '../render/audit.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { showAudit } from './show-audit.ts';

/** ◀ and ▶ of who did what. */
export const auditPages: Component = {
  kind: 'press',
  name: AUDIT,
  permission: 'admin',
  press: async ([page], desk) => update(await showAudit(pageOf(page), desk)),
};
