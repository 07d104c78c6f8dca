import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyBug, refuseStaleBugs } from './apply-bug.ts';
import { type Bug, readBugs } from './bug.ts';
import { copyRepository } from './copy-repository.ts';
import { runTests, type TestOutcome } from './run-tests.ts';

/** Each of them keeps a processor busy. */
const AT_ONCE = 2;

type Judged = { readonly bug: Bug; readonly outcome: TestOutcome; readonly seconds: number };

/**
 * Puts one deliberate bug at a time into a copy of the sources and wants a test of the engine to turn red. First the
 * tests must be green without any. Names on the command line choose among the bugs; --all counts every red test instead
 * of stopping at the first.
 *
 * To add a bug: make the mistake in src, then `git diff src > mutate/what-is-wrong.patch` and take it back with
 * `git checkout`. Above the diff write one sentence that says what is wrong, and a line `Tests:` with the files
 * that can see it, the fewest and quickest that do. Run `npm run mutate what-is-wrong`. A bug that survives is a missing test.
 */
const { values, positionals } = parseArgs({ options: { all: { type: 'boolean', default: false } }, allowPositionals: true });
const until = values.all ? 'end' : 'first-red';
const repository = dirname(import.meta.dirname);
const bugs = await readBugs(repository, positionals);
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());

const workshop = await mkdtemp(join(await realpath(tmpdir()), 'scalpdesk-mutate-'));
try {
  const original = join(workshop, 'original');
  await copyRepository(repository, original);
  await refuseStaleBugs(bugs, original, stopping.signal);
  await wantGreen(original);
  const judged = await judgeAll(original);
  report(judged);
} finally {
  await rm(workshop, { recursive: true, force: true, maxRetries: 5 });
}

/** A bug shows nothing where a test is red without it. */
async function wantGreen(original: string): Promise<void> {
  const testFiles = [...new Set(bugs.flatMap((bug) => bug.testFiles))];
  const outcome = await runTests(original, { testFiles, until: 'end', workers: AT_ONCE, signal: stopping.signal });
  if (outcome.kind === 'green') {
    process.stdout.write(`Without a bug ${outcome.passed} tests are green.\n\n`);
    return;
  }
  const seen = outcome.kind === 'red' ? outcome.failed.join('\n') : outcome.reason;
  throw new Error(`The tests must be green before a bug can turn one red. Without any bug:\n${seen}`);
}

/** A few at a time, each in a copy of its own; told one by one as they end. */
async function judgeAll(original: string): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const waiting = bugs.values();
  const longest = Math.max(...bugs.map(({ name }) => name.length));
  process.stdout.write(
    `| ${'bug'.padEnd(longest)} | tests red | seconds | the first |\n|${'-'.repeat(longest + 2)}|----------:|--------:|---|\n`,
  );

  await Promise.all(Array.from({ length: AT_ONCE }, judgeWaiting));
  return judged;

  async function judgeWaiting(): Promise<void> {
    for (const bug of waiting) {
      const one = await judge(original, bug);
      judged.push(one);
      process.stdout.write(formatRow(one, longest));
    }
  }
}

async function judge(original: string, bug: Bug): Promise<Judged> {
  const startMs = performance.now();
  const copy = join(workshop, bug.name);
  await copyRepository(original, copy);
  await applyBug(bug, copy, stopping.signal);
  const outcome = await runTests(copy, { testFiles: bug.testFiles, until, workers: 1, signal: stopping.signal });
  await rm(copy, { recursive: true });
  return { bug, outcome, seconds: (performance.now() - startMs) / 1_000 };
}

function formatRow({ bug, outcome, seconds }: Judged, longest: number): string {
  const red = outcome.kind === 'red' ? outcome.failed.length : 0;
  return `| ${bug.name.padEnd(longest)} | ${String(red).padStart(9)} | ${seconds.toFixed(1).padStart(7)} | ${describe(outcome)} |\n`;
}

function describe(outcome: TestOutcome): string {
  switch (outcome.kind) {
    case 'green':
      return 'NONE: it survives';
    case 'red':
      return outcome.failed[0];
    case 'broken':
      return `NONE: ${outcome.reason}`;
  }
}

function report(judged: readonly Judged[]): void {
  const names = (kind: TestOutcome['kind']) => judged.filter(({ outcome }) => outcome.kind === kind).map(({ bug }) => bug.name);
  const survived = names('green').join(', ');
  const broken = names('broken').join(', ');
  process.stdout.write(`\n${names('red').length} of ${judged.length} bugs turn a test red.\n`);
  if (survived !== '') process.stderr.write(`No test sees ${survived}: write the one that is missing and name its file in the patch.\n`);
  if (broken !== '') process.stderr.write(`No test could judge ${broken}: a patch must leave code that runs, and runs wrong.\n`);
  if (survived !== '' || broken !== '') process.exitCode = 1;
}
