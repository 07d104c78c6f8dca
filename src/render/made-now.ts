import type { SettingChange } from '../engine/guild-view.ts';
import { changesText, type Maker } from './setting-changes.ts';

/** What somebody's command has changed. */
export type MadeNow = Maker & { readonly changes: readonly SettingChange[] };

/** Beside the card that shows how it is now. */
const CHARACTERS = 900;

/** Who changed what from what to what; said too when it was so already. */
export function madeNowText({ changes, ...maker }: MadeNow): string {
  return changes.length === 0 ? 'Nothing changed: it was so already.' : changesText(changes, maker, CHARACTERS);
}
