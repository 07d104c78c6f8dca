import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';
import type { Message } from '../render/message.ts';
import { renderProgress } from '../render/progress.ts';
import { renderRunList, shortRunId } from '../render/run-list.ts';
import { renderTrades, TRADES_PER_PAGE } from '../render/run-trades.ts';
import { renderWhy } from '../render/run-why.ts';
import { findAskedRun, findShown } from './asked-run-id.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts, KnownRun } from './ports.ts';

const RUNS_PER_PAGE = 10;

/** Answers about runs, the same in Discord and in the terminal. Ids may be beginnings of ids. */
export async function showRunList(wantedPage: number, desk: Pick<DeskPorts, 'countRuns' | 'listRuns' | 'readGuild'>): Promise<Message> {
  const [total, { setup }] = await Promise.all([desk.countRuns(), desk.readGuild()]);
  const { page, pages, ...slice } = slicePage(wantedPage, total, RUNS_PER_PAGE);
  return renderRunList({ runs: await desk.listRuns(slice), total, page, pages, timeZone: setup.timeZone });
}

type Reading = Pick<DeskPorts, 'findRuns' | 'readRun'>;

type Showing = Pick<DeskPorts, 'findRuns' | 'findComparisons' | 'readWork' | 'composeCard' | 'composeComparison'>;

/** The card of a run or of a comparison, and its picture; of one that is under way or ended without a result, where it is. */
export async function showRun(prefix: string, desk: Showing): Promise<Message> {
  const work = await findShown(prefix, desk);
  const known = await desk.readWork(work);
  if (known === null) throw new Refusal(`The ${work.kind} ${shortRunId(work.id)} is gone; /runs list shows the runs there are`);
  if (known.state !== 'done') return renderProgress({ work, heading: known.heading }, known.progress);
  return work.kind === 'run' ? desk.composeCard(work.id) : desk.composeComparison(work.id);
}

export async function showTrades(
  { prefix, page: wanted }: { readonly prefix: string; readonly page: number },
  desk: Reading & Pick<DeskPorts, 'readGuild'>,
): Promise<Message> {
  const [{ run, result }, { setup }] = await Promise.all([readResult(prefix, desk), desk.readGuild()]);
  const { page, pages } = slicePage(wanted, result.trades.length, TRADES_PER_PAGE);
  return renderTrades({ runId: run.id, result, page, pages, timeZone: setup.timeZone });
}

export async function showWhy(prefix: string, desk: Reading & Pick<DeskPorts, 'askRules'>): Promise<Message> {
  const { run, result } = await readResult(prefix, desk);
  return renderWhy(run.id, result, await desk.askRules(run.id));
}

/** The run and its result; a run that has none is refused with where it is. */
export async function readResult(prefix: string, desk: Reading): Promise<{ readonly run: KnownRun; readonly result: RunResult }> {
  const run = await readAskedRun(prefix, desk);
  if (run.result !== null) return { run, result: run.result };
  const wait = run.state === 'queued' || run.state === 'running' ? 'wait for its result' : `/runs show id:${shortRunId(run.id)} says why`;
  throw new Refusal(`Run ${shortRunId(run.id)} is ${run.state} and has no result; ${wait}, or choose another with /runs list`);
}

async function readAskedRun(prefix: string, desk: Reading): Promise<KnownRun> {
  const id = await findAskedRun(prefix, desk);
  const run = await desk.readRun(id);
  if (run === null) throw new Refusal(`Run ${shortRunId(id)} is gone; /runs list shows those there are`);
  return run;
}
