import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runProcess } from './run-process.ts';

/** What the tests said, or why they could not say anything. */
export type TestOutcome =
  | { readonly kind: 'green'; readonly passed: number }
  | { readonly kind: 'red'; readonly failed: readonly [string, ...string[]] }
  | { readonly kind: 'broken'; readonly reason: string };

export type Testing = {
  readonly testFiles: readonly string[];
  /** Whether the first red test ends the run. */
  readonly until: 'first-red' | 'end';
  readonly workers: number;
  readonly signal: AbortSignal;
};

const reportSchema = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({ message: z.string(), assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

const REPORT = 'report.json';
const RUN_WITHIN_MS = 600_000;
/** A test that is only slow must not count as red. */
const TEST_WITHIN_MS = 300_000;

/** Runs test files of a copy of the repository. Only a test that ran and failed is red: one that cannot be loaded shows nothing. */
export async function runTests(copy: string, { testFiles, until, workers, signal }: Testing): Promise<TestOutcome> {
  const args = [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...testFiles,
    '--reporter=json',
    `--outputFile=${REPORT}`,
    `--maxWorkers=${workers}`,
    `--testTimeout=${TEST_WITHIN_MS}`,
    // Both caches would lie in the packages that all copies share.
    '--cache=false',
    '--fsModuleCache=false',
    ...(until === 'first-red' ? ['--bail=1'] : []),
  ];
  const { code, output } = await runProcess(process.execPath, args, { cwd: copy, timeoutMs: RUN_WITHIN_MS, signal });
  if (code === null) return { kind: 'broken', reason: `the tests did not end within ${RUN_WITHIN_MS / 1_000} s` };
  if (!existsSync(join(copy, REPORT))) return { kind: 'broken', reason: `the tests did not run: ${output}` };
  const { numPassedTests, testResults } = reportSchema.parse(JSON.parse(await readFile(join(copy, REPORT), 'utf8')));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const [first, ...rest] = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  if (first !== undefined) return { kind: 'red', failed: [first, ...rest] };
  if (code === 0) return { kind: 'green', passed: numPassedTests };
  const [problem = output] = testResults.map(({ message }) => message).filter((message) => message !== '');
  return { kind: 'broken', reason: `no test failed, but not all could run: ${problem.split('\n', 1)[0]}` };
}
