import { PRESETS } from '../render/preset-list.ts';
import { type Component, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { showPresetList } from './show-presets.ts';

/** ◀ and ▶ of the list. */
export const presetPages: Component = {
  kind: 'press',
  name: PRESETS,
  permission: 'viewer',
  press: async ([page], desk) => update(await showPresetList(pageOf(page), desk)),
};
