import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/engine/bar.ts';
import { REPLAN_TRIGGERS } from '../src/engine/result.ts';
import { readMarket } from './real-markets.ts';
import { type ReadReplan, readReplans } from './replan-reading.ts';
import { type ReplanRun, replanRuns } from './replan-runs.ts';
import { countReplans, listReplans } from './replan-table.ts';
import { firstDifference, firstMisusedPlan, shownUse } from './replan-verdict.ts';

/**
 * Holds the market monitor to a second reading of its rules over the month of the crash of 10 October 2025, whose bars lie in a folder:
 * node bench/replans.ts [folder] [--all]. Lists what asked for a plan and what was suppressed on that day, with --all on every day; ends
 * with 1 and the first difference when the engine and the reading say different things.
 */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { all: { type: 'boolean', default: false } } });
const folder = positionals[0] ?? '../shared/data';
const CRASH_DAY_MS = Date.UTC(2025, 9, 10);

const troubles: string[] = [];
const everything: ReadReplan[] = [];
for await (const run of replanRuns(['BTC-USD', 'ETH-USD'].map((symbol) => readMarket(folder, symbol)))) {
  const read = readReplans(run.watched);
  everything.push(...read);
  print(`\n## ${run.name}\n\n${countReplans(read)}\n`);
  const day = values.all ? read : read.filter(({ timeMs }) => timeMs > CRASH_DAY_MS && timeMs <= CRASH_DAY_MS + DAY_MS);
  const when = values.all ? '' : ' on 10 October';
  list(`Requested${when}`, day.filter(isRequested));
  list(`Suppressed${when}`, day.filter(isSuppressed));
  judge(run, read);
}
troubles.push(...unseen(everything));
print(troubles.length === 0 ? '\nThe engine and the reading say the same in every run.' : `\nFirst difference: ${troubles[0]}`);
process.exitCode = troubles.length === 0 ? 0 : 1;

function judge({ name, result, watched, use }: ReplanRun, read: readonly ReadReplan[]): void {
  const found = firstDifference(result.events, read) ?? firstMisusedPlan(use);
  if (found !== null) {
    troubles.push(`${name}: ${found}`);
    print(`DIFFERENT: ${found}`);
    return;
  }
  const { atAskingClose, onFirstBar } = shownUse(use, watched.barMs);
  print(
    [
      `Same at ${result.equity.timesMs.length} closes: ${read.filter(isRequested).length} requests and ${read.filter(isSuppressed).length} suppressed, each on the bar of its condition.`,
      `${use.answers.length} plans arrived, each used from the next bar on; entries decided at an asking close, by the plan before: ${atAskingClose}; on a plan's first bar, by it: ${onFirstBar}.`,
    ].join('\n'),
  );
}

/** What did not happen was not compared either. */
function unseen(replans: readonly ReadReplan[]): readonly string[] {
  return REPLAN_TRIGGERS.flatMap((type) => {
    const own = replans.filter((each) => each.type === type);
    const wasHeldBack = type === 'scheduled' || own.some(isSuppressed);
    return own.some(isRequested) && wasHeldBack ? [] : [`${type} was not seen both requested and suppressed in these bars`];
  });
}

function isRequested({ outcome }: ReadReplan): boolean {
  return outcome === 'requested';
}

function isSuppressed({ outcome }: ReadReplan): boolean {
  return outcome === 'budget' || outcome === 'interval';
}

function list(title: string, replans: readonly ReadReplan[]): void {
  print(`${title}: ${replans.length}\n${listReplans(replans)}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
