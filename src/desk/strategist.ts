import type { Config } from '../config/config.ts';
import type { Planning } from '../engine/plan-record.ts';
import type { RunSpec } from '../engine/run-spec.ts';
import type { StrategistSpec } from '../engine/strategist-spec.ts';
import { keepPlan, readPlan } from '../store/plan-cache.ts';
import type { Pool } from '../store/pool.ts';
import { DEFAULT_MODEL, mayHaveSeen } from '../strategist/model-prices.ts';
import type { AskForPlan } from '../strategist/planner.ts';
import { loadPrompt, ownPrompt, type Prompt } from '../strategist/prompt.ts';
import { createRulePlanner } from '../strategist/rule-planner.ts';

/** Which language model there is, and how it is reached. */
export type ModelAccess = Pick<Config, 'openaiApiKey' | 'openaiBaseUrl' | 'openaiModel'>;

/** Who plans, with the model settled. */
export type SettledStrategist = StrategistSpec & { readonly model: string | null };

/** A run that is planned twice is planned by the same one: a model as far as there is one, else rules. What is settled stays. */
export function settleStrategist(asked: StrategistSpec, access: ModelAccess): SettledStrategist {
  if (asked.model !== undefined) return { ...asked, model: asked.model };
  const byRules = asked.style === 'rule-based' || (access.openaiApiKey === null && asked.mode !== 'replay');
  return { ...asked, model: byRules ? null : modelOf(access) };
}

/** The model that plans when there is a key. */
export function modelOf({ openaiModel }: ModelAccess): string {
  return openaiModel ?? DEFAULT_MODEL;
}

type PlannerPorts = {
  readonly pool: Pool;
  readonly access: ModelAccess;
  /** Of the run, the comparison or the press that is planned. */
  readonly workId: string;
};

export function openPlanner(strategist: SettledStrategist, { pool, access, workId }: PlannerPorts): AskForPlan {
  const { style, model, mode } = strategist;
  if (model === null) return createRulePlanner(style === 'rule-based' ? 'as asked' : 'no OPENAI_API_KEY');
  const prompt = promptOf(strategist);
  const take = takeOf(strategist, workId);
  let opening: Promise<AskForPlan> | null = null;
  return async (question, signal) => {
    opening ??= open();
    return (await opening)(question, signal);
  };

  /** The client of the language model is loaded by whoever asks one: it takes longer than most commands. */
  async function open(): Promise<AskForPlan> {
    const [{ MODEL_LIMITS }, { createModelPlanner, LAST_PLAN_MS }] = await Promise.all([
      import('../strategist/ask-model.ts'),
      import('../strategist/model-planner.ts'),
    ]);
    return createModelPlanner({
      model: model ?? DEFAULT_MODEL,
      prompt,
      connection: access.openaiApiKey === null ? null : { apiKey: access.openaiApiKey, baseUrl: access.openaiBaseUrl },
      cache: {
        mode: mode === 'replay' ? 'replay' : 'record',
        take,
        readPlan: (key) => readPlan(pool, key),
        keepPlan: (plan) => keepPlan(pool, plan),
      },
      limits: MODEL_LIMITS,
      lastPlanMs: LAST_PLAN_MS,
    });
  }
}

/** So much of an id tells one work from another. */
const WORK_CHARACTERS = 8;
const TAKE_CHARACTERS = 64;

/**
 * Work that asks live has a recording of its own: its answers are all kept, to be replayed by that name, and work that is gone on with
 * after a kill finds what it has paid for.
 */
function takeOf({ mode, take }: StrategistSpec, workId: string): string {
  if (mode !== 'live') return take;
  const id = workId.slice(0, WORK_CHARACTERS);
  return `${take === '' ? 'live' : take.slice(0, TAKE_CHARACTERS - WORK_CHARACTERS - 1)}.${id}`;
}

type Recorded = Pick<Planning, 'records' | 'baseRunId'> & {
  /** Open time of the run's first bar; ms UTC. */
  readonly startMs: number;
};

/** Null where nobody planned the run. */
export function planningOf({ strategist }: Pick<RunSpec, 'strategist'>, { records, baseRunId, startMs }: Recorded): Planning | null {
  if (strategist === undefined || records.length === 0) return null;
  const model = strategist.model ?? null;
  return { records, baseRunId, mayBeSeen: model !== null && mayHaveSeen(model, startMs) };
}

function promptOf({ style, prompt }: StrategistSpec): Prompt {
  return style === 'own' ? ownPrompt(prompt ?? '') : loadPrompt(style);
}
