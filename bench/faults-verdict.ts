import type { Fault } from './faults-list.ts';
import { isLastWord, type Moment, type Seen } from './faults-moment.ts';

/** What became of one moment, counted. */
export type Verdict = {
  /** When the fault struck, counted from the press. */
  readonly afterMs: number;
  /** When what the fault was to disturb was over, counted from the press; null when it never was. */
  readonly overAfterMs: number | null;
  /** Nobody acknowledged the press, so Discord itself said that it failed. */
  readonly unheard: boolean;
  /** The press was answered with a word to try again, and no run came of it. */
  readonly turnedAway: boolean;
  readonly runs: number;
  readonly hashes: readonly string[];
  /** Messages about the end, those marked as a possible repeat not counted. */
  readonly messages: number;
  readonly repeats: number;
  readonly thinking: boolean;
  /** From the fault to the message about the end; null when it was there before, or never came. */
  readonly recoveryMs: number | null;
  readonly violations: readonly string[];
};

type Case = {
  readonly moment: Moment;
  readonly until: Fault['until'];
  readonly seen: Seen;
  readonly settled: boolean;
  readonly reference: string;
};

export function judge({ moment, until, seen, settled, reference }: Case): Verdict {
  const { acknowledged, runs, posts, reply } = seen;
  const hashes = runs.flatMap(({ hash }) => hash ?? []);
  const repeats = posts.slice(1).filter(({ content }) => content.includes('possible repeat')).length;
  // A reply that has the last word is a message about the end, too.
  const words = [...posts.map(({ createdAtMs }) => createdAtMs), ...(reply !== null && isLastWord(reply) ? [reply.atMs] : [])];
  const messages = words.length - repeats;
  const toldAtMs = words.length === 0 ? null : Math.min(...words);
  const thinking = acknowledged && (reply === null || reply.loading);
  const overAtMs = until === 'run' ? (runs[0]?.finishedAtMs ?? null) : toldAtMs;
  const states = runs.map(({ state }) => state);

  const violations = [
    ...(settled ? [] : [`it did not settle; the runs are ${states.join(', ') || 'none'}, the reply is ${quote(reply)}`]),
    ...(thinking ? [`the reply was left thinking with ${runs.length} runs`] : []),
    ...(runs.length > 1 ? [`one press made ${runs.length} runs`] : []),
    ...(!acknowledged && runs.length > 0 ? ['a press that nobody acknowledged made a run'] : []),
    ...(states.some((state) => state !== 'done') ? [`the run is ${states.join(', ')}`] : []),
    ...(hashes.some((hash) => hash !== reference) ? [`the result is ${hashes.join(', ')}, undisturbed it is ${reference}`] : []),
    ...(messages !== (acknowledged ? 1 : 0) ? [`${messages} messages tell of the end; the reply is ${quote(reply)}`] : []),
  ];
  return {
    afterMs: moment.struckAtMs - moment.press.createdAtMs,
    overAfterMs: overAtMs === null ? null : overAtMs - moment.press.createdAtMs,
    unheard: !acknowledged,
    turnedAway: acknowledged && runs.length === 0 && !thinking,
    runs: runs.length,
    hashes,
    messages,
    repeats,
    thinking,
    recoveryMs: toldAtMs === null || toldAtMs <= moment.struckAtMs ? null : toldAtMs - moment.struckAtMs,
    violations,
  };
}

/** Whether there was still something to disturb. */
export const isInTime = ({ afterMs, overAfterMs }: Verdict): boolean => overAfterMs === null || afterMs < overAfterMs;

function quote(reply: Seen['reply']): string {
  if (reply === null) return 'not there';
  return reply.loading ? 'still thinking' : JSON.stringify(reply.content.split('\n').at(-1));
}
