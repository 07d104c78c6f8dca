import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FAULTS } from './faults-list.ts';
import { type FaultRun, runFault } from './faults-run.ts';
import { BACKENDS } from './faults-stand.ts';
import { tabulate } from './faults-table.ts';
import { findRedisMissing } from './redis-server.ts';

/**
 * Lets every fault strike the real desk at random moments between a press and its card. Whatever happens: one run with the result of an
 * undisturbed one, one message about its end (a second only when it is marked as a possible repeat), and no reply left thinking.
 */
const { values } = parseArgs({
  options: {
    moments: { type: 'string', default: '20' },
    backend: { type: 'string', default: 'both' },
    seed: { type: 'string', default: '1' },
  },
});
const request = z
  .object({
    moments: z.coerce.number().int().min(1).max(1_000).describe('Moments at which each fault strikes; 1–1 000'),
    backend: z.enum([...BACKENDS, 'both']).describe('Where the queue is kept'),
    seed: z.coerce.number().int().min(0).describe('Decides the moments'),
  })
  .safeParse(values);
if (!request.success) {
  process.stderr.write(`${z.prettifyError(request.error)}\n`);
  process.exit(2);
}
const asked = request.data;

/** Desks that run side by side: each mostly waits for a lock or a lease to end. */
const DESKS = 6;

const missing = findRedisMissing();
if (missing !== null && asked.backend !== 'postgres') {
  if (asked.backend === 'redis' || process.env.CI === 'true') throw new Error(`The faults cannot strike Redis: ${missing}`);
  process.stdout.write(`On PostgreSQL alone: ${missing}\n`);
}
const backends = BACKENDS.filter((backend) =>
  asked.backend === 'both' ? backend === 'postgres' || missing === null : backend === asked.backend,
);
const wanted = FAULTS.flatMap((fault) => fault.backends.filter((on) => backends.includes(on)).map((backend) => ({ backend, fault })));

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const startedMs = performance.now();
const waiting = [...wanted];
const runs: FaultRun[] = [];
const violations: string[] = [];
await Promise.all(Array.from({ length: DESKS }, runWaiting));

const order = wanted.map(({ backend, fault }) => `${backend} ${fault.name}`);
const sorted = runs.toSorted(
  (one, other) => order.indexOf(`${one.backend} ${one.fault}`) - order.indexOf(`${other.backend} ${other.fault}`),
);
process.stdout.write(`\n${tabulate(sorted)}\n\n${runs.length} faults in ${Math.round((performance.now() - startedMs) / 1_000)} s\n`);
if (new Set(sorted.map(({ reference }) => reference)).size > 1) violations.push('undisturbed runs differ from desk to desk');
if (stopping.signal.aborted) violations.push('stopped before the end');
if (violations.length > 0) {
  process.stdout.write(`\nViolations:\n${violations.map((violation) => `- ${violation}`).join('\n')}\n`);
  process.exitCode = 1;
}

/** Takes one fault after the other. What cannot be tried leaves the others alone, so that every desk is closed again. */
async function runWaiting(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined && !stopping.signal.aborted; next = waiting.shift()) {
    const name = `${next.backend}, ${next.fault.name}`;
    try {
      const run = await runFault({ ...next, moments: asked.moments, seed: asked.seed, signal: stopping.signal });
      runs.push(run);
      violations.push(...run.violations.map((violation) => `${name}: ${violation}`));
      process.stdout.write(`${name}: ${run.violations.length === 0 ? 'as it should be' : 'violated'}\n`);
    } catch (error) {
      violations.push(`${name}: could not be tried: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
