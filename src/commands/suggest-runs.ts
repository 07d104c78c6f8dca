import { describeRun } from '../render/run-list.ts';
import { type Choice, fitChoices } from './choices.ts';
import type { DeskPorts } from './ports.ts';

const LATEST = 25;

/** The server's latest runs; with something typed, those that have it in their line, and older ones whose id begins so. */
export async function suggestRuns(
  text: string,
  { only, desk }: { readonly only: 'all' | 'with a result'; readonly desk: Pick<DeskPorts, 'listRuns' | 'findRuns'> },
): Promise<readonly Choice[]> {
  const typed = text.trim().toLowerCase();
  const latest = await desk.listRuns({ offset: 0, limit: LATEST });
  const older = /^[0-9a-f-]{4,36}$/.test(typed) ? await desk.findRuns(typed, LATEST) : [];
  const lines = [...latest, ...older].filter(({ state }) => only === 'all' || state === 'done');
  const choices = lines.map((run) => ({ name: describeRun(run), value: run.id }));
  return fitChoices(choices.filter(({ name, value }) => name.toLowerCase().includes(typed) || value.startsWith(typed)));
}
