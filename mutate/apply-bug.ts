import type { Bug } from './bug.ts';
import { runProcess } from './run-process.ts';

const APPLY_WITHIN_MS = 60_000;

/** Finds out, before anything takes long, which patches no longer fit the sources; all of them are named. */
export async function refuseStaleBugs(bugs: readonly Bug[], sources: string, signal: AbortSignal): Promise<void> {
  const problems: string[] = [];
  for (const { name, patch } of bugs) {
    const complaint = await gitApply(['--check', patch], sources, signal);
    if (complaint !== null) problems.push(`mutate/${name}.patch\n${complaint}`);
  }
  if (problems.length === 0) return;
  throw new Error(
    `These patches no longer apply. Make each mistake in src as it is now and put its diff below the head of the patch; remove a patch whose code is gone.\n${problems.join('\n')}`,
  );
}

export async function applyBug({ name, patch }: Bug, copy: string, signal: AbortSignal): Promise<void> {
  const complaint = await gitApply([patch], copy, signal);
  if (complaint !== null) throw new Error(`mutate/${name}.patch applied a moment ago and does not now: ${complaint}`);
}

async function gitApply(args: readonly string[], copy: string, signal: AbortSignal): Promise<string | null> {
  // The copy is no repository of git, and none that lies above it or that the environment names is meant.
  const { code, output } = await runProcess('git', ['--git-dir=none', 'apply', ...args], { cwd: copy, timeoutMs: APPLY_WITHIN_MS, signal });
  return code === 0 ? null : output;
}
