import { describeComparison } from '../render/comparison-line.ts';
import { describeRun, type RunLine } from '../render/run-list.ts';
import { type Choice, fitChoices } from './choices.ts';
import type { DeskPorts } from './ports.ts';

const LATEST = 25;

/** The server's latest finished runs; with something typed, those that have it in their line, and older ones whose id begins so. */
export async function suggestRuns(text: string, desk: Pick<DeskPorts, 'listRuns' | 'findRuns'>): Promise<readonly Choice[]> {
  const runs = await readRuns(text, desk);
  return choicesFor(
    text,
    runs.filter(({ state }) => state === 'done').map((run) => ({ line: describeRun(run), ...run })),
  );
}

/** Everything that can be shown: runs in any state and comparisons, the newest first. */
export async function suggestShown(
  text: string,
  desk: Pick<DeskPorts, 'listRuns' | 'findRuns' | 'findComparisons'>,
): Promise<readonly Choice[]> {
  const [runs, comparisons] = await Promise.all([
    readRuns(text, desk),
    desk.findComparisons(isIdLike(text) ? text.trim().toLowerCase() : '', LATEST),
  ]);
  const lines = [
    ...runs.map((run) => ({ line: describeRun(run), ...run })),
    ...comparisons.map((comparison) => ({ line: describeComparison(comparison), ...comparison })),
  ];
  return choicesFor(
    text,
    lines.sort((one, other) => other.createdAtMs - one.createdAtMs),
  );
}

type Line = { readonly id: string; readonly line: string };

function choicesFor(text: string, lines: readonly Line[]): readonly Choice[] {
  const typed = text.trim().toLowerCase();
  const choices = lines.map(({ id, line }) => ({ name: line, value: id }));
  return fitChoices(choices.filter(({ name, value }) => name.toLowerCase().includes(typed) || value.startsWith(typed)));
}

async function readRuns(text: string, desk: Pick<DeskPorts, 'listRuns' | 'findRuns'>): Promise<readonly RunLine[]> {
  const latest = await desk.listRuns({ offset: 0, limit: LATEST });
  return isIdLike(text) ? [...latest, ...(await desk.findRuns(text.trim().toLowerCase(), LATEST))] : latest;
}

function isIdLike(text: string): boolean {
  return /^[0-9a-f-]{4,36}$/.test(text.trim().toLowerCase());
}
