import { DAY_MS } from '../engine/bar.ts';
import type { TokenUsage } from '../engine/plan-record.ts';

/** What a model costs and what it can have read. */
export type ModelFacts = {
  readonly name: string;
  /** USD per million tokens. */
  readonly inputUsd: number;
  readonly cachedInputUsd: number;
  readonly outputUsd: number;
  /** The last day of what it was trained on, the whole of it; ms UTC. */
  readonly knowledgeEndsMs: number;
  /** Whether it thinks before it writes, so that how long may be asked for. */
  readonly reasons: boolean;
};

/** When the table was read, from the model pages of developers.openai.com. */
export const PRICES_AS_OF = '2026-11-22';

export const DEFAULT_MODEL = 'gpt-6.1-terra';

/** Standard prices for prompts of ordinary length. */
export const MODELS: readonly ModelFacts[] = [
  { name: 'gpt-6.1-terra', inputUsd: 1, cachedInputUsd: 0.05, outputUsd: 5, knowledgeEndsMs: Date.UTC(2026, 5, 1), reasons: true },
  { name: 'gpt-6.1-sol', inputUsd: 2, cachedInputUsd: 0.1, outputUsd: 10, knowledgeEndsMs: Date.UTC(2026, 3, 30), reasons: true },
  { name: 'gpt-6-sol', inputUsd: 2, cachedInputUsd: 0.2, outputUsd: 10, knowledgeEndsMs: Date.UTC(2026, 3, 20), reasons: true },
  { name: 'gpt-5-mini', inputUsd: 0.25, cachedInputUsd: 0.025, outputUsd: 2, knowledgeEndsMs: Date.UTC(2024, 4, 31), reasons: true },
  { name: 'gpt-5-nano', inputUsd: 0.05, cachedInputUsd: 0.005, outputUsd: 0.4, knowledgeEndsMs: Date.UTC(2024, 4, 31), reasons: true },
];

const SNAPSHOT_DATE = /^-\d{4}-\d{2}-\d{2}$/;

/** The model's facts, also by the name of one of its dated snapshots; null when it is not in the table. */
export function factsOf(model: string): ModelFacts | null {
  return MODELS.find(({ name }) => model === name || (model.startsWith(name) && SNAPSHOT_DATE.test(model.slice(name.length)))) ?? null;
}

/** USD; null when the price of the model is not known. */
export function priceOf(usage: TokenUsage, model: string): number | null {
  const facts = factsOf(model);
  if (facts === null) return null;
  const fresh = (usage.input - usage.cached_input) * facts.inputUsd;
  return (fresh + usage.cached_input * facts.cachedInputUsd + usage.output * facts.outputUsd) / 1_000_000;
}

/** Whether the model may have read how the period went; an unknown model may have read anything. */
export function mayHaveSeen(model: string, startMs: number): boolean {
  const facts = factsOf(model);
  return facts === null || startMs < facts.knowledgeEndsMs + DAY_MS;
}
