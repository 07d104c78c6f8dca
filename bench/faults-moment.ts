import { setTimeout as sleep } from 'node:timers/promises';
import type { Press } from '../src/playground/press.ts';
import type { MessageView } from '../src/playground/view.ts';
import type { Stand } from './faults-stand.ts';

/** A press in a channel of its own, and when the fault struck it. */
export type Moment = { readonly press: Press; readonly channelId: string; readonly struckAtMs: number };

/** What people and the database see of a moment. */
export type Seen = {
  readonly acknowledged: boolean;
  readonly runs: readonly RunSeen[];
  /** The messages about ends, each a post of its own, oldest first. */
  readonly posts: readonly MessageView[];
  /** The bot's answer to the press. */
  readonly reply: MessageView | null;
};

export type RunSeen = {
  readonly state: string;
  readonly hash: string | null;
  readonly unsentMessages: number;
  readonly finishedAtMs: number | null;
};

/** A fixed range, so that every run is the same run. */
const RUN = { preset: 'scalper-5m', timeframe: '1m', days: 60, end: '2024-03-01' };
/** The lease of a message that a killed bot was sending is 60 s, and the next bot may be killed while it sends it again. */
const SETTLE_WITHIN_MS = 150_000;
const LOOK_EVERY_MS = 100;
/** Discord takes no first answer after 3 s. */
const UNHEARD_AFTER_MS = 4_000;

export const nowMs = (): number => performance.timeOrigin + performance.now();

export async function pressBacktest({ playground }: Stand): Promise<Omit<Moment, 'struckAtMs'>> {
  const channelId = playground.addChannel({ name: 'moment' });
  return { channelId, press: await playground.slash({ command: 'backtest', options: RUN, channelId }) };
}

/** Waits until nothing more is to come of the moment; false when that takes too long. */
export async function settles(stand: Stand, moment: Moment): Promise<boolean> {
  const deadlineMs = nowMs() + SETTLE_WITHIN_MS;
  while (nowMs() < deadlineMs && stand.accidents.length === 0) {
    // While the database is away there is nothing to see.
    const seen = await look(stand, moment).catch(() => null);
    if (seen !== null && isSettled(seen, moment)) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}

function isSettled({ acknowledged, runs, posts, reply }: Seen, { struckAtMs }: Moment): boolean {
  if (!acknowledged) return nowMs() - struckAtMs > UNHEARD_AFTER_MS;
  if (reply === null || !isFinal(reply)) return false;
  return (
    runs.every(({ state, unsentMessages }) => state !== 'queued' && state !== 'running' && unsentMessages === 0) &&
    posts.length >= runs.length
  );
}

/** A reply that shows how far a run is has a button to cancel it. */
export const isFinal = ({ loading, components }: Pick<MessageView, 'loading' | 'components'>): boolean =>
  !loading && components.length === 0;

/** Whether a reply says itself how it ended, rather than where the result is. */
export const isLastWord = (reply: MessageView): boolean => isFinal(reply) && !reply.content.includes('the result is below');

export async function look({ playground, pool }: Stand, { press, channelId }: Omit<Moment, 'struckAtMs'>): Promise<Seen> {
  const { rows: runs } = await pool.query<RunSeen>(
    `select state, result_hash as "hash", (extract(epoch from finished_at) * 1000)::float8 as "finishedAtMs",
            (select count(*)::integer from outbox where run_id = runs.id and outbox.state in ('pending', 'sending')) as "unsentMessages"
       from runs
      where channel_id = $1`,
    [channelId],
  );
  return {
    acknowledged: press.acknowledgedAfterMs() !== null,
    runs,
    posts: playground.channel(channelId).messages.filter(({ answers }) => answers === null),
    reply: press.reply(),
  };
}
