import type { FaultRun } from './faults-run.ts';
import { isInTime, type Verdict } from './faults-verdict.ts';

const COLUMNS = [
  'backend',
  'fault',
  'moments',
  'in time',
  'not acknowledged',
  'turned away',
  'runs',
  'hashes',
  'messages',
  'repeats',
  'thinking',
  'slowest recovery',
];

/** One row a fault. */
export function tabulate(runs: readonly FaultRun[]): string {
  const rows = runs.map(({ backend, fault, verdicts, reference }) => [
    backend,
    fault,
    String(verdicts.length),
    countOf(verdicts, isInTime),
    countOf(verdicts, ({ unheard }) => unheard),
    countOf(verdicts, ({ turnedAway }) => turnedAway),
    sumOf(verdicts, ({ runs: made }) => made),
    hashesOf(verdicts, reference),
    sumOf(verdicts, ({ messages }) => messages),
    sumOf(verdicts, ({ repeats }) => repeats),
    countOf(verdicts, ({ thinking }) => thinking),
    slowestOf(verdicts),
  ]);
  const lines = [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

const countOf = (verdicts: readonly Verdict[], fits: (verdict: Verdict) => boolean): string => String(verdicts.filter(fits).length);

const sumOf = (verdicts: readonly Verdict[], read: (verdict: Verdict) => number): string =>
  String(verdicts.reduce((sum, verdict) => sum + read(verdict), 0));

function hashesOf(verdicts: readonly Verdict[], reference: string): string {
  const hashes = new Set([reference, ...verdicts.flatMap((verdict) => verdict.hashes)]);
  return `${hashes.size} (${[...hashes].map((hash) => hash.slice(0, 8)).join(', ')})`;
}

function slowestOf(verdicts: readonly Verdict[]): string {
  const recoveriesMs = verdicts.flatMap(({ recoveryMs }) => recoveryMs ?? []);
  return recoveriesMs.length === 0 ? '' : `${(Math.max(...recoveriesMs) / 1_000).toFixed(1)} s`;
}
