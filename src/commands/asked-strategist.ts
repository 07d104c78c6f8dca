import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { OWN_PROMPT_CHARACTERS, PLANNING_MODES, STRATEGIST_STYLES, type StrategistSpec, TAKE } from '../engine/strategist-spec.ts';
import { quote } from './asked-number.ts';

/** Who is to plan, as a person says it; null is "not said". */
export type StrategistAsk = {
  readonly style: string | null;
  /** A style of the person's own, in plain words. */
  readonly prompt: string | null;
  /** Names a recording. */
  readonly take: string | null;
  readonly mode: string | null;
};

export const NO_STRATEGIST: StrategistAsk = { style: null, prompt: null, take: null, mode: null };

const DEFAULT_STYLE = 'aggressive_active';

/** Null where nobody is to plan: the run follows one plan. */
export function askedStrategist({ style, prompt, take, mode }: StrategistAsk): StrategistSpec | null {
  if (style === null && prompt === null) {
    if (take === null && mode === null) return null;
    throw new Refusal('A recording is named, but no strategist that could make or replay it; name one, e.g. strategist aggressive_active');
  }
  if (style !== null && prompt !== null) {
    throw new Refusal(`strategist ${quote(style)} and a prompt of your own are both given; keep one of the two`);
  }
  return {
    ...(prompt === null ? { style: askedStyle(style ?? DEFAULT_STYLE), prompt: null } : { style: 'own', prompt: askedPrompt(prompt) }),
    take: askedTake(take ?? ''),
    mode: askedMode(mode ?? 'record'),
  };
}

export function askedStyle(text: string): (typeof STRATEGIST_STYLES)[number] {
  const style = STRATEGIST_STYLES.find((known) => known === text);
  if (style !== undefined) return style;
  throw new Refusal(
    `There is no strategist ${quote(text)}; the nearest is ${nearestName(text, STRATEGIST_STYLES)} (all: ${STRATEGIST_STYLES.join(', ')})`,
  );
}

/** Control characters other than the ends of lines and tabs, as in a file that is no text. */
const UNSENDABLE = /(?![\n\r\t])\p{Cc}|\p{Cs}/u;

function askedPrompt(text: string): string {
  const prompt = text.trim();
  if (prompt === '') throw new Refusal('The prompt is empty; write how the strategist should trade, in plain sentences');
  const oddAt = prompt.search(UNSENDABLE);
  if (oddAt >= 0) {
    const code = prompt.charCodeAt(oddAt).toString(16).padStart(4, '0');
    throw new Refusal(`The prompt holds U+${code} after ${oddAt} characters, which is no text; write it as plain text in UTF-8`);
  }
  if (prompt.length <= OWN_PROMPT_CHARACTERS) return prompt;
  throw new Refusal(
    `The prompt has ${prompt.length} characters; write at most ${OWN_PROMPT_CHARACTERS}: the rules of the desk are added to it`,
  );
}

function askedTake(text: string): string {
  if (TAKE.test(text)) return text;
  throw new Refusal(`A recording cannot be called ${quote(text)}; use up to 64 letters, digits, -, _ or ., e.g. scalper-test`);
}

function askedMode(text: string): StrategistSpec['mode'] {
  const mode = PLANNING_MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new Refusal(
    `There is no mode ${quote(text)}; the nearest is ${nearestName(text, PLANNING_MODES)} (all: ${PLANNING_MODES.join(', ')})`,
  );
}
