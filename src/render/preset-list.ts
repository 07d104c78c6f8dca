import { pageButtons } from './button.ts';
import { escapeText } from './escape-text.ts';
import { type Message, textMessage } from './message.ts';
import type { ShownPreset } from './preset-card.ts';
import { whoWords } from './setting-words.ts';
import { cut } from './table.ts';

export const PRESETS = 'presets';
export const PRESETS_PER_PAGE = 5;

const DESCRIPTION_CHARACTERS = 100;

type Page = { readonly presets: readonly ShownPreset[]; readonly total: number; readonly page: number; readonly pages: number };

/** One page of the presets there are: those of the group first. */
export function renderPresetList({ presets, total, page, pages }: Page): Message {
  const lines = presets.flatMap((shown) => {
    const { name, description, overrides } = shown.preset;
    const origin = shown.kind === 'own' ? `of this group · ${whoWords(shown.preset.savedBy)}` : 'built-in';
    const count = Object.keys(overrides).length;
    return [
      `**${name}** ${escapeText(cut(description, DESCRIPTION_CHARACTERS))}`,
      `-# ${origin} · ${count} ${count === 1 ? 'parameter' : 'parameters'}`,
    ];
  });
  const first = presets[0]?.preset.name ?? '';
  return {
    ...textMessage(
      [`**Presets** ${total}`, ...lines, `What one turns: \`/preset show name:${first}\` · run it: \`/backtest preset:${first}\``].join(
        '\n',
      ),
    ),
    buttons: pageButtons({ component: PRESETS, args: [], page, pages }),
  };
}
