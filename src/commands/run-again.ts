import { Refusal } from '../engine/refusal.ts';
import type { Verification } from '../engine/verify-run.ts';
import type { Message } from '../render/message.ts';
import { renderVerified } from '../render/run-verified.ts';
import { askedTime } from './asked-time.ts';
import type { DeskPorts, KnownRun, WantedBar } from './ports.ts';
import { readResult } from './show-runs.ts';

type Reading = Pick<DeskPorts, 'findRuns' | 'readRun'>;

/** Executes a run again and says whether it is what it was. */
export async function verifyAskedRun(
  prefix: string,
  desk: Reading & Pick<DeskPorts, 'verifyRun'>,
): Promise<{ readonly run: KnownRun; readonly verification: Verification; readonly message: Message }> {
  const { run, result } = await readResult(prefix, desk);
  const verification = await desk.verifyRun(run.id);
  return { run, verification, message: renderVerified({ runId: run.id, result, verification }) };
}

/** One bar of a run; null is the first at which something happened. */
export async function showPlayback(
  { prefix, wanted }: { readonly prefix: string; readonly wanted: WantedBar },
  desk: Reading & Pick<DeskPorts, 'composePlayback'>,
): Promise<Message> {
  const { run } = await readResult(prefix, desk);
  return desk.composePlayback(run.id, wanted);
}

/** From a time as it was typed. */
export function askedBar(at: string | null): WantedBar {
  return at === null ? null : { kind: 'time', timeMs: askedTime('at', at) };
}

/** The bar that a button leads to; custom ids are input like any other. */
export function barOf(text: string | undefined): WantedBar {
  if (text !== undefined && /^\d{1,8}$/.test(text)) return { kind: 'bar', bar: Number(text) };
  throw new Refusal(`The button asks for bar "${text ?? ''}", which is none; give /runs playback again`);
}
