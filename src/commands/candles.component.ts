import { COVERAGE } from '../render/coverage.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { showCoverage } from './show-candles.ts';

/** ◀ and ▶ of what is kept. */
export const coveragePages: Component = {
  kind: 'press',
  name: COVERAGE,
  permission: 'viewer',
  press: async ([page], desk) => update(await showCoverage(pageOf(page), desk)),
};
