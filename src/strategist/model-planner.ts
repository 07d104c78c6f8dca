import type { Plan } from '../engine/plan.ts';
import type { PlanCost, RuleFinding, TokenUsage } from '../engine/plan-record.ts';
import { Refusal } from '../engine/refusal.ts';
import { type ValidatedPlan, validatePlan } from '../engine/validate-plan.ts';
import { askModel, type ModelConnection, type ModelLimits, type Patience, readAnswer, startPatience } from './ask-model.ts';
import { priceOf } from './model-prices.ts';
import { type ModelReading, NO_TOKENS, readUsage, tidy } from './model-reading.ts';
import { type ModelQuestion, modelRequest } from './model-request.ts';
import { answerThrough, type PlanCache } from './plan-cache.ts';
import type { AskForPlan, PlanAnswer, PlanQuestion } from './planner.ts';
import type { Prompt } from './prompt.ts';
import { planFromProposal } from './proposal-schema.ts';
import { snapshotText } from './snapshot.ts';

export type ModelPlannerOptions = {
  /** A snapshot by its full name, so that the same name stays the same model. */
  readonly model: string;
  readonly prompt: Prompt;
  /** Null in a replay, which asks nobody. */
  readonly connection: ModelConnection | null;
  readonly cache: PlanCache;
  readonly limits: ModelLimits;
  /** A plan older than this is not followed on when no new one is to be had; ms. */
  readonly lastPlanMs: number;
};

/** How long a plan may outlive the failure of its successors. */
export const LAST_PLAN_MS = 24 * 3_600_000;

/**
 * Asks a model for plans. What it answers is data: it is validated, its idle rules are dropped, and it is asked once more when
 * something is wrong. When nothing usable comes, the plan in force goes on while it is young, and then nothing is entered.
 */
export function createModelPlanner(options: ModelPlannerOptions): AskForPlan {
  const { model, prompt, limits } = options;
  return async (question, signal) => {
    const patience = startPatience(limits, signal);
    const asking = { model, prompt: prompt.text, scope: question.scope, snapshotText: snapshotText(question.snapshot) };
    const first = await askAndJudge(options, question, { ...asking, repair: null }, patience);
    const second =
      first.text === null || first.problems.length === 0
        ? null
        : await askAndJudge(options, question, { ...asking, repair: { text: first.text, problems: first.problems } }, patience);

    const best = second === null || isBetter(first, second) ? first : second;
    const troubles = [...first.problems, ...(second?.problems ?? []).map((problem) => `Asked again: ${problem}`)];
    const about = {
      planner: `${model}, ${prompt.id} ${prompt.hash.slice(0, 8)}`,
      troubles,
      cost: sumCosts([first, ...(second === null ? [] : [second])], model),
    };
    if (best.validated === null) return { ...about, ...withoutPlan(question, options.lastPlanMs), findings: [] };
    return { ...about, plan: best.validated, origin: 'model', findings: best.findings };
  };
}

type Judged = {
  /** Null when it cannot be used. */
  readonly validated: ValidatedPlan | null;
  readonly findings: readonly RuleFinding[];
  readonly problems: readonly string[];
  /** What the model wrote, to be quoted to it; null when asking again would not help. */
  readonly text: string | null;
  readonly usage: TokenUsage;
  readonly asked: boolean;
};

async function askAndJudge(
  options: ModelPlannerOptions,
  question: PlanQuestion,
  asking: ModelQuestion,
  patience: Patience,
): Promise<Judged> {
  const { connection, cache, prompt } = options;
  const request = modelRequest(asking);
  const { answer, asked } = await answerThrough(cache, { request, promptHash: prompt.hash }, () => {
    if (connection === null) throw new Refusal('There is no OPENAI_API_KEY; set it, or replay a run that is on record');
    return askModel(request, connection, patience);
  });
  return { ...judge(await readAnswer(request, answer), question), usage: readUsage(answer.body), asked };
}

type Judgement = Pick<Judged, 'validated' | 'findings' | 'problems' | 'text'>;

function judge(reading: ModelReading, question: PlanQuestion): Judgement {
  switch (reading.kind) {
    case 'failed':
      return { validated: null, findings: [], problems: [reading.reason], text: null };
    case 'malformed':
      return { validated: null, findings: [], problems: reading.problems, text: reading.text };
    case 'proposal':
      return { ...judgePlan(planFromProposal(tidyRationale(reading.proposal)), question), text: reading.text };
  }
}

function judgePlan(proposed: unknown, { scope, inspect }: PlanQuestion): Omit<Judgement, 'text'> {
  try {
    const { plan, dropped } = validatePlan(proposed, scope);
    const findings = inspect(plan);
    const emergency = findings.find(({ rule, finding }) => rule === 'emergency_exit' && finding === 'always');
    if (emergency !== undefined) throw new Refusal(`The plan is not usable: emergency_exit ${whyAlways(emergency)}`);
    const always = findings.filter(({ finding }) => finding === 'always');
    const alive = plan.triggers.filter(({ id }) => !always.some(({ trigger_id }) => trigger_id === id));
    const allDropped = [...dropped, ...always.map((found) => ({ id: found.trigger_id, reason: `${found.rule} ${whyAlways(found)}` }))];
    const validated = { plan: { ...plan, triggers: alive }, dropped: allDropped };
    const problems = allDropped.map(({ id, reason }) => `trigger ${id ?? 'without a usable id'}: ${tidy(reason)}`);
    if (alive.length > 0 || (plan.stance === 'wait' && problems.length === 0)) return { validated, findings, problems };
    return {
      validated: null,
      findings,
      problems: [...problems, 'No trigger is left; when nothing should be entered, say so with stance wait'],
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { validated: null, findings: [], problems: [tidy(error.message, 1_000)] };
  }
}

function whyAlways({ bars, text }: RuleFinding): string {
  return `is true on each of the last ${bars} bars, so that it says nothing: ${tidy(text, 120)}`;
}

/** Words of a model are shown to people: one paragraph, without characters that do not show. */
function tidyRationale<P extends { readonly rationale: string }>(proposal: P): P {
  return { ...proposal, rationale: tidy(proposal.rationale, 1_500) };
}

/** A plan beats none, and of two plans the one with fewer faults; the second of equals. */
function isBetter(first: Judged, second: Judged): boolean {
  if (second.validated === null) return true;
  return first.validated !== null && first.problems.length < second.problems.length;
}

function withoutPlan({ inForce }: PlanQuestion, lastPlanMs: number): Pick<PlanAnswer, 'plan' | 'origin'> {
  if (inForce !== null && inForce.ageMs <= lastPlanMs) return { plan: null, origin: 'kept' };
  const plan: Plan = {
    regime: 'mixed',
    stance: 'wait',
    rationale: 'No usable plan was to be had, so nothing is entered. Open positions keep their stops, targets and exits.',
    triggers: [],
    emergency_exit: inForce?.plan.emergency_exit ?? null,
    levels: inForce?.plan.levels ?? null,
  };
  return { plan: { plan, dropped: [] }, origin: 'none' };
}

function sumCosts(judged: readonly Judged[], model: string): PlanCost {
  const usage = judged.reduce(
    (sum, { usage: each }) => ({
      input: sum.input + each.input,
      cached_input: sum.cached_input + each.cached_input,
      output: sum.output + each.output,
      reasoning: sum.reasoning + each.reasoning,
    }),
    NO_TOKENS,
  );
  return { usage, usd: priceOf(usage, model), calls: judged.filter(({ asked }) => asked).length };
}
