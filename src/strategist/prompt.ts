import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { INDICATOR_MEANINGS, INDICATOR_NAMES } from '../engine/indicators/indicator-names.ts';
import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { OWN_PROMPT_CHARACTERS } from '../engine/strategist-spec.ts';

/** What a model is told before it sees a market; the hash is its version. */
export type Prompt = { readonly id: string; readonly text: string; readonly hash: string };

const FILES: Readonly<Record<string, string>> = {
  aggressive_active: 'aggressive-active.md',
  conservative: 'conservative.md',
  mean_reversion: 'mean-reversion.md',
};

export const PROMPT_IDS: readonly string[] = Object.keys(FILES);

/** The rules of the desk and, after them, one of the styles that come with it. */
export function loadPrompt(id: string): Prompt {
  const file = Object.hasOwn(FILES, id) ? FILES[id] : undefined;
  if (file === undefined) {
    throw new Refusal(`There is no prompt "${id}"; the nearest is ${nearestName(id, PROMPT_IDS)} (all: ${PROMPT_IDS.join(', ')})`);
  }
  return promptWith(id, readStrategyFile(file));
}

/** The rules of the desk and, after them, a style of somebody's own. */
export function ownPrompt(text: string): Prompt {
  const style = text.trim();
  if (style === '') throw new Refusal('The prompt is empty; write how the strategist should trade, in plain sentences');
  if (style.length > OWN_PROMPT_CHARACTERS) {
    throw new Refusal(
      `The prompt has ${style.length} characters; write at most ${OWN_PROMPT_CHARACTERS}: the rules of the desk are added to it`,
    );
  }
  return promptWith('own', style);
}

function promptWith(id: string, style: string): Prompt {
  const rules = readStrategyFile('desk-rules.md').replace('{{INDICATORS}}', () => listIndicators());
  const text = `${rules}\n${style.trim()}\n`;
  return { id, text, hash: createHash('sha256').update(text).digest('hex') };
}

function readStrategyFile(name: string): string {
  return readFileSync(new URL(`./strategies/${name}`, import.meta.url), 'utf8');
}

/** From the engine's own list, so that what is taught is what is understood. */
function listIndicators(): string {
  return INDICATOR_NAMES.map((name) => `- \`${name}\`: ${INDICATOR_MEANINGS[name]}`).join('\n');
}
