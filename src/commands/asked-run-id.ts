import { Refusal } from '../engine/refusal.ts';
import type { Work } from '../engine/work.ts';
import { describeComparison } from '../render/comparison-line.ts';
import { describeRun, shortRunId } from '../render/run-list.ts';
import { quote } from './asked-number.ts';
import type { DeskPorts } from './ports.ts';

const FORM = /^[0-9a-f]{4,8}$|^[0-9a-f]{8}-[0-9a-f-]{0,27}$/;
const CANDIDATES = 5;

/** Reads the id of a run, or the beginning of one. */
export function askedRunId(text: string): string {
  const id = text.trim().toLowerCase();
  if (FORM.test(id)) return id;
  throw new Refusal(`id is ${quote(text)}; it must be a run's id or at least 4 characters of its beginning, e.g. id 1a2b3c4d`);
}

/** The one run that is meant, whole id or beginning; another server's is not there. */
export async function findAskedRun(prefix: string, { findRuns }: Pick<DeskPorts, 'findRuns'>): Promise<string> {
  const runs = await findRuns(prefix, CANDIDATES);
  return theOnly(
    prefix,
    'run',
    runs.map((run) => ({ id: run.id, line: describeRun(run) })),
  ).id;
}

export type Shown = Work & { readonly kind: 'run' | 'comparison' };

/** The one run or comparison that is meant. */
export async function findShown(prefix: string, desk: Pick<DeskPorts, 'findRuns' | 'findComparisons'>): Promise<Shown> {
  const [runs, comparisons] = await Promise.all([desk.findRuns(prefix, CANDIDATES), desk.findComparisons(prefix, CANDIDATES)]);
  return theOnly(prefix, 'run or comparison', [
    ...runs.map((run) => ({ kind: 'run' as const, id: run.id, line: describeRun(run) })),
    ...comparisons.map((comparison) => ({ kind: 'comparison' as const, id: comparison.id, line: describeComparison(comparison) })),
  ]);
}

type Candidate = { readonly id: string; readonly line: string };

function theOnly<Each extends Candidate>(prefix: string, what: string, [first, ...others]: readonly Each[]): Each {
  if (first === undefined) throw new Refusal(`There is no ${what} ${quote(prefix)} in this server; /runs list shows those there are`);
  if (others.length === 0) return first;
  const candidates = [first, ...others].map(({ id, line }) => `${commonLength(id, prefix)} (${line})`);
  throw new Refusal(`${quote(prefix)} begins the ids of more than one ${what}; write more of it: ${candidates.join('; ')}`);
}

/** Enough of the id to be told apart from others that begin the same. */
function commonLength(id: string, prefix: string): string {
  return id.slice(0, Math.max(shortRunId(id).length, prefix.length) + 5);
}
