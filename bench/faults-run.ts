import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, hashText } from '../src/market/random.ts';
import type { Fault } from './faults-list.ts';
import { look, type Moment, nowMs, pressBacktest, settles } from './faults-moment.ts';
import { type Backend, openStand, type Stand } from './faults-stand.ts';
import { isInTime, judge, type Verdict } from './faults-verdict.ts';

export type FaultRun = {
  readonly backend: Backend;
  readonly fault: string;
  readonly verdicts: readonly Verdict[];
  /** Of an undisturbed run. */
  readonly reference: string;
  readonly violations: readonly string[];
};

type Wanted = {
  readonly backend: Backend;
  readonly fault: Fault;
  readonly moments: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** Shortly after the end there is still something to write down about it. */
const BEYOND = 1.1;
/** After the last end, a second message about it would have come by then. */
const REPEAT_WITHIN_MS = 3_000;
/** So many times as many moments are tried, at most, until enough of them were in time. */
const MOST_TRIES = 3;
const LOGS = 'out/faults';

/** Lets one fault strike a desk of its own at random moments of a press, and looks at what became of each. */
export async function runFault({ backend, fault, moments, seed, signal }: Wanted): Promise<FaultRun> {
  await using opened = new AsyncDisposableStack();
  const stand = await openStand({ backend, signal }, opened);
  // The first press makes the candles and warms everything up; the second is as long as all that follow.
  await pressUndisturbed(stand);
  const { reference, runMs, cardMs } = await pressUndisturbed(stand);
  const { uniform } = createRandom(seed, hashText(`${backend} ${fault.name}`));
  const looked = async ({ moment, settled }: Struck) =>
    judge({ moment, until: fault.until, settled, seen: await look(stand, moment), reference });

  let withinMs = fault.until === 'run' ? runMs : cardMs;
  let hits = 0;
  const struck: Struck[] = [];
  while (hits < moments && struck.length < MOST_TRIES * moments && stand.accidents.length === 0) {
    const batch: Moment[] = [];
    while (batch.length < fault.together) batch.push(await strikeMoment(stand, fault, uniform() * withinMs * BEYOND));
    for (const moment of batch) {
      const latest = { moment, settled: await settles(stand, moment) };
      struck.push(latest);
      const verdict = await looked(latest);
      if (isInTime(verdict)) hits += 1;
      // What was over before the fault shows how long it takes by now.
      else withinMs = Math.min(withinMs, verdict.overAfterMs ?? withinMs);
    }
  }
  await sleep(REPEAT_WITHIN_MS);

  const verdicts: Verdict[] = [];
  for (const one of struck) verdicts.push(await looked(one));
  const found = verdicts.flatMap(({ violations, afterMs }, index) =>
    violations.map((violation) => `moment ${index + 1}, ${Math.round(afterMs)} ms after the press: ${violation}`),
  );
  const violations = [...stand.accidents, ...found, ...(hits < moments ? [`only ${hits} moments were in time`] : [])];
  if (violations.length > 0) violations.push(`the logs are in ${await keepLogs(stand, `${backend} ${fault.name}`)}`);
  return { backend, fault: fault.name, verdicts, reference, violations };
}

type Struck = { readonly moment: Moment; readonly settled: boolean };

async function strikeMoment(stand: Stand, fault: Fault, delayMs: number): Promise<Moment> {
  const pressed = await pressBacktest(stand);
  await sleep(delayMs);
  const struckAtMs = nowMs();
  await fault.strike(stand);
  return { ...pressed, struckAtMs };
}

type Undisturbed = { readonly reference: string; readonly runMs: number; readonly cardMs: number };

async function pressUndisturbed(stand: Stand): Promise<Undisturbed> {
  const pressed = await pressBacktest(stand);
  await settles(stand, { ...pressed, struckAtMs: nowMs() });
  const { runs, posts } = await look(stand, pressed);
  const [run, post] = [runs[0], posts[0]];
  if (run === undefined || run.hash === null || run.finishedAtMs === null || post === undefined) {
    throw new Error(`An undisturbed run has no card:\n${stand.bot.log()}${stand.worker.log()}`);
  }
  const { createdAtMs } = pressed.press;
  return { reference: run.hash, runMs: run.finishedAtMs - createdAtMs, cardMs: post.createdAtMs - createdAtMs };
}

async function keepLogs({ bot, worker }: Stand, name: string): Promise<string> {
  await mkdir(LOGS, { recursive: true });
  const file = `${LOGS}/${name.replaceAll(' ', '-')}.log`;
  await writeFile(file, bot.log() + worker.log());
  return file;
}
