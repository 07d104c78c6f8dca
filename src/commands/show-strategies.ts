import { nearestName } from '../engine/nearest-name.ts';
import type { Planning } from '../engine/plan-record.ts';
import { type PlanView, planNumberAt, planViews } from '../engine/plan-views.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';
import type { Message } from '../render/message.ts';
import { renderPlanPage } from '../render/plan-page.ts';
import { renderStrategies, renderStrategy, type StrategyText, strategyName } from '../render/strategy-list.ts';
import { quote } from './asked-number.ts';
import { askedTime } from './asked-time.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts, KnownRun } from './ports.ts';
import { readResult } from './show-runs.ts';

/** Which plan of a run: its number counted from 1, or the one in force at a time; null is the last. */
export type WantedPlan = { readonly kind: 'number'; readonly number: number } | { readonly kind: 'time'; readonly timeMs: number } | null;

export function showStrategies({ listStrategies }: Pick<DeskPorts, 'listStrategies'>): Message {
  return renderStrategies(listStrategies());
}

/** By `kind:id`, or by the id alone: a built-in plan before a prompt of the same name. */
export function showStrategy(name: string, { readStrategies }: Pick<DeskPorts, 'readStrategies'>): Message {
  return renderStrategy(findStrategy(name.trim(), readStrategies()));
}

function findStrategy(name: string, strategies: readonly StrategyText[]): StrategyText {
  const found = strategies.find((each) => strategyName(each) === name) ?? strategies.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const names = strategies.map(strategyName);
  throw new Refusal(`There is no strategy ${quote(name)}; the nearest is ${nearestName(name, names)} (all: ${names.join(', ')})`);
}

export function askedPlan(at: string | null): WantedPlan {
  if (at === null) return null;
  return /^\d{1,4}$/.test(at.trim()) ? { kind: 'number', number: Number(at) } : { kind: 'time', timeMs: askedTime('at', at) };
}

type PlanPorts = Pick<DeskPorts, 'findRuns' | 'listRuns' | 'readRun' | 'readPlanning'>;

type AskedPlans = {
  readonly run: KnownRun;
  readonly result: RunResult;
  readonly planning: Planning | null;
  readonly views: readonly PlanView[];
};

/** Everything that a run was planned with; without an id that of the newest run that has a result. */
export async function readPlans(prefix: string | null, desk: PlanPorts): Promise<AskedPlans> {
  const { run, result } = await readResult(prefix ?? (await newestDone(desk)), desk);
  const planning = await desk.readPlanning(run.id);
  return { run, result, planning, views: planViews(result, planning?.records ?? []) };
}

/** One plan of it. */
export async function showPlan(
  { prefix, wanted }: { readonly prefix: string | null; readonly wanted: WantedPlan },
  desk: PlanPorts,
): Promise<Message> {
  const { run, result, planning, views } = await readPlans(prefix, desk);
  const number = wanted === null ? views.length : wanted.kind === 'time' ? planNumberAt(views, wanted.timeMs) : wanted.number;
  // Plans do not go away, but a number may be typed.
  const { page } = slicePage(number, views.length, 1);
  return renderPlanPage({ runId: run.id, data: result.data, views, planning, number: page });
}

const LOOKED_THROUGH = 50;

async function newestDone({ listRuns }: PlanPorts): Promise<string> {
  const done = (await listRuns({ offset: 0, limit: LOOKED_THROUGH })).find(({ state }) => state === 'done');
  if (done !== undefined) return done.id;
  throw new Refusal('There is no run with a plan to show yet; type /backtest strategist:rule-based for the first one');
}
