import type { ModelLimits } from '../../src/strategist/ask-model.ts';
import { createModelPlanner, LAST_PLAN_MS } from '../../src/strategist/model-planner.ts';
import type { KeptPlan, PlanCache } from '../../src/strategist/plan-cache.ts';
import type { AskForPlan } from '../../src/strategist/planner.ts';
import { loadPrompt } from '../../src/strategist/prompt.ts';
import { type LoopbackOpenAi, messageOf, type ScriptedAnswer } from '../support/loopback-openai.ts';
import { GOOD_PROPOSAL } from './sample.ts';

export const KEY = 'sk-test-0123456789abcdef';
export const PATIENT: ModelLimits = { tryMs: 15_000, overallMs: 25_000, retries: 1 };
export const HASTY: ModelLimits = { tryMs: 200, overallMs: 5_000, retries: 1 };

export type Memory = PlanCache & { readonly kept: Map<string, KeptPlan> };

export function memory(mode: PlanCache['mode'], kept = new Map<string, KeptPlan>(), take = ''): Memory {
  return {
    mode,
    take,
    kept,
    readPlan: async (key) => kept.get(key) ?? null,
    keepPlan: async (plan) => {
      if (kept.get(plan.key)?.isUsable !== true) kept.set(plan.key, plan);
      return kept.get(plan.key)?.answer ?? plan.answer;
    },
  };
}

export const text = (value: unknown): ScriptedAnswer => ({ kind: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) });
export const [GOOD] = GOOD_PROPOSAL.triggers;
export const withTrigger = (changes: Readonly<Record<string, unknown>>) => text({ ...GOOD_PROPOSAL, triggers: [{ ...GOOD, ...changes }] });
export const json = JSON.stringify(GOOD_PROPOSAL);
export const status = (
  code: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = { 'retry-after-ms': '1' },
): ScriptedAnswer => ({
  kind: 'body',
  status: code,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
});
export const error = (message: string, code: string | null = null) => ({ error: { message, type: 'x', param: null, code } });

export const failed = (message: string): ScriptedAnswer => ({
  kind: 'body',
  status: 200,
  body: JSON.stringify({ status: 'failed', error: { code: 'server_error', message }, output: [] }),
});
export const output = (content: readonly unknown[]): ScriptedAnswer => ({ kind: 'parts', output: [{ type: 'message', content }] });
export const whole = (plan: string) => JSON.stringify({ status: 'completed', output: [messageOf(plan)] });

type Planner = { readonly cache?: PlanCache; readonly limits?: ModelLimits; readonly model?: string; readonly baseUrl?: string };

/** A planner whose model is the server. */
export function plannerOn(
  server: LoopbackOpenAi,
  { cache = memory('record'), limits = PATIENT, model = 'gpt-6.1-terra', baseUrl }: Planner = {},
): AskForPlan {
  return createModelPlanner({
    model,
    prompt: loadPrompt('aggressive_active'),
    connection: { apiKey: KEY, baseUrl: baseUrl ?? server.baseUrl },
    cache,
    limits,
    lastPlanMs: LAST_PLAN_MS,
  });
}
