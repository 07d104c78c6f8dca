import { hashJson } from '../engine/hash.ts';
import { Refusal } from '../engine/refusal.ts';
import { askModel, type ModelConnection, type ModelLimits, type Patience, readAnswer, startPatience } from './ask-model.ts';
import { type Judgement, judgePlan } from './judge-plan.ts';
import { costOf } from './model-cost.ts';
import { isOfModel, type ModelReading } from './model-reading.ts';
import { type ModelQuestion, modelRequest } from './model-request.ts';
import { cutText } from './model-words.ts';
import { type Answered, answerThrough, type PlanCache } from './plan-cache.ts';
import type { AskForPlan, PlanAnswer, PlanQuestion } from './planner.ts';
import type { Prompt } from './prompt.ts';
import { planFromProposal } from './proposal-schema.ts';
import { type ServerWatch, watchServer } from './server-watch.ts';
import { snapshotText } from './snapshot.ts';
import { waitingPlan } from './waiting-plan.ts';

export type ModelPlannerOptions = {
  /** A snapshot by its full name, so that the same name stays the same model. */
  readonly model: string;
  readonly prompt: Prompt;
  /** Null in a replay, which asks nobody. */
  readonly connection: ModelConnection | null;
  readonly cache: PlanCache;
  readonly limits: ModelLimits;
  /** A plan of this age is not followed any more when no new one is to be had; ms. */
  readonly lastPlanMs: number;
};

/** How long a plan may outlive the failure of its successors. */
export const LAST_PLAN_MS = 24 * 3_600_000;

/**
 * Asks a model for the plans of one run. What it answers is data: it is validated, its idle rules are dropped, and it is asked once more
 * when something is wrong. When nothing usable comes, the plan in force goes on while it is young, and then nothing is entered. A server
 * that fails time and again is left alone.
 */
export function createModelPlanner(options: ModelPlannerOptions): AskForPlan {
  const { model, prompt, cache, limits } = options;
  const watch = watchServer();
  return async (question, signal) => {
    const asker = { ...options, watch, patience: startPatience(limits, signal) };
    const asking = { model, prompt: prompt.text, scope: question.scope, snapshotText: snapshotText(question.snapshot) };
    const first = await askAndJudge(asker, question, { ...asking, repair: null });
    watch.note(first.reading);
    const second =
      first.text === null || first.problems.length === 0
        ? null
        : await askAndJudge(asker, question, { ...asking, repair: { text: first.text, problems: first.problems } });

    const best = second === null || isBetter(first, second) ? first : second;
    const about = {
      planner: `${model}, ${prompt.id} ${prompt.hash.slice(0, 8)}${cache.take === '' ? '' : `, take ${cache.take}`}`,
      troubles: [...first.problems, ...(second?.problems ?? []).map((problem) => `Asked again: ${problem}`)],
      cost: costOf(
        [first, second].flatMap((judged) => judged?.answered ?? []),
        model,
      ),
    };
    if (best.validated === null) return { ...about, ...withoutPlan(question, options.lastPlanMs), findings: [] };
    return { ...about, plan: best.validated, origin: 'model', keepMs: null, findings: best.findings };
  };
}

type Asker = ModelPlannerOptions & { readonly watch: ServerWatch; readonly patience: Patience };

type Judged = Judgement & {
  readonly reading: ModelReading;
  /** What the model wrote, to be quoted to it; null when asking again would not help. */
  readonly text: string | null;
  /** Null when nobody was asked and nothing is on record. */
  readonly answered: Answered | null;
};

async function askAndJudge(asker: Asker, question: PlanQuestion, asking: ModelQuestion): Promise<Judged> {
  const { connection, cache, prompt, watch, patience } = asker;
  const request = modelRequest(asking);
  const answered = await answerThrough(
    cache,
    { request, promptHash: prompt.hash },
    {
      givenUp: watch.givenUp(),
      ask: () => {
        if (connection === null) throw new Refusal('There is no OPENAI_API_KEY; set it, or replay a run that is on record');
        return askModel(request, connection, patience);
      },
      isUsable: async (answer) => isOfModel(await readAnswer(request, answer)),
    },
  );
  if (typeof answered === 'string')
    return { ...withoutJudgement(answered), reading: { kind: 'unserved', reason: answered }, answered: null };
  const reading = await readAnswer(request, answered.answer);
  return { ...judge(reading, question), reading, answered };
}

function judge(reading: ModelReading, question: PlanQuestion): Judgement & Pick<Judged, 'text'> {
  switch (reading.kind) {
    case 'unserved':
    case 'unusable':
    case 'declined':
      return withoutJudgement(reading.reason);
    case 'malformed':
      return { validated: null, findings: [], problems: reading.problems, text: reading.text };
    case 'proposal':
      return { ...judgePlan(planFromProposal(withShortRationale(reading.proposal)), question), text: reading.text };
  }
}

function withoutJudgement(reason: string): Judgement & Pick<Judged, 'text'> {
  return { validated: null, findings: [], problems: [reason], text: null };
}

const RATIONALE_CHARACTERS = 1_500;

/** A model that says too much has a plan all the same. */
function withShortRationale<P extends { readonly rationale: string }>(proposal: P): P {
  return { ...proposal, rationale: cutText(proposal.rationale, RATIONALE_CHARACTERS) };
}

/** A plan beats none, and of two plans the one with fewer faults; the second of equals. */
function isBetter(first: Judged, second: Judged): boolean {
  if (second.validated === null) return true;
  return first.validated !== null && first.problems.length < second.problems.length;
}

function withoutPlan({ inForce }: PlanQuestion, lastPlanMs: number): Pick<PlanAnswer, 'plan' | 'origin' | 'keepMs'> {
  const waiting = waitingPlan(inForce?.plan ?? null);
  // What only stands in for a plan is not one that could go on.
  const keepMs = inForce === null || hashJson(inForce.plan) === hashJson(waiting) ? 0 : lastPlanMs - inForce.ageMs;
  if (keepMs > 0) return { plan: null, origin: 'kept', keepMs };
  return { plan: { plan: waiting, dropped: [] }, origin: 'none', keepMs: null };
}
