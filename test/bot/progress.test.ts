import { DiscordAPIError } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { createProgress, type FollowedReply, type ProgressPorts, type WorkEnd } from '../../src/bot/progress.ts';

const RUN_ID = 'run-1';
const WORK = { kind: 'run', id: RUN_ID } as const;
const MINUTE_MS = 60_000;

/** Time that passes when told to. */
function createClock() {
  let nowMs = 1_000_000;
  let timers: { readonly atMs: number; readonly work: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    nowMs: () => nowMs,
    setTimer: (work: () => void, delayMs: number) => {
      const timer = { atMs: nowMs + delayMs, work };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    waiting: () => timers.length,
    pass: async (ms: number) => {
      const untilMs = nowMs + ms;
      await settle();
      for (;;) {
        const next = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((one, other) => one.atMs - other.atMs)[0];
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.work();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

function apiError(code: number, status: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: `error ${code}` }, code, status, 'PATCH', 'http://127.0.0.1', {
    files: undefined,
    body: undefined,
  });
}

describe('the progress of a run', () => {
  let clock: ReturnType<typeof createClock>;
  let tellProgress: Parameters<ProgressPorts['onProgress']>[0];
  let tellEnd: Parameters<ProgressPorts['onEnd']>[0];
  let stored: WorkEnd | null | Promise<null>;
  let position: number | null;
  let lastWords: string[];
  let edits: { readonly atMs: number; readonly line: string }[];
  let errors: unknown[];
  let progress: ReturnType<typeof createProgress>;
  let listeners: number;

  beforeEach(() => {
    clock = createClock();
    stored = null;
    position = null;
    lastWords = [];
    edits = [];
    errors = [];
    listeners = 0;
    const stop = () => {
      listeners -= 1;
    };
    progress = createProgress({
      onProgress: (listener) => {
        tellProgress = listener;
        listeners += 1;
        return stop;
      },
      onEnd: (listener) => {
        tellEnd = listener;
        listeners += 1;
        return stop;
      },
      findEnd: async () => stored,
      findQueuePosition: async () => position,
      onLastWord: async ({ id }) => void lastWords.push(id),
      nowMs: clock.nowMs,
      setTimer: clock.setTimer,
      reportError: (error) => errors.push(error),
    });
  });

  /** Follows a run whose edits are noted; `edit` may go wrong, once for each entry. */
  async function follow(failures: unknown[] = [], changes: Partial<FollowedReply> = {}): Promise<number> {
    const startMs = clock.nowMs();
    progress.follow({
      work: WORK,
      heading: 'Backtest',
      repliedAtMs: startMs,
      startedAtMs: null,
      isQueueAway: false,
      edit: async ({ content }) => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        edits.push({ atMs: clock.nowMs() - startMs, line: content.split('\n')[1] ?? '' });
      },
      ...changes,
    });
    await clock.pass(0);
    return startMs;
  }
  const tell = (fraction: number, stage = 'running') => tellProgress({ work: WORK, fraction, stage });

  it('shows the queue at once, then a bar at most every two seconds, then the end', async () => {
    await follow();

    for (let step = 1; step <= 50; step++) {
      await clock.pass(100);
      tell(step / 50);
    }
    tellEnd({ work: WORK, end: { kind: 'done' } });
    await clock.pass(MINUTE_MS);

    expect(edits).toEqual([
      { atMs: 0, line: 'Queued; it starts when a worker is free.' },
      { atMs: 2_000, line: '`███░░░░░░░` 38 % · running · 2 s' },
      { atMs: 4_000, line: '`███████░░░` 78 % · running · 4 s' },
      { atMs: 6_000, line: 'Done in 5 s; the result is below.' },
    ]);
    expect(clock.waiting(), 'nothing is left to do').toBe(0);
  });

  it('edits only when the percent or the stage moved', async () => {
    await follow();
    tell(0.5, 'loading');
    await clock.pass(5_000);
    tell(0.501, 'loading');
    await clock.pass(5_000);
    tell(0.501, 'running');
    await clock.pass(5_000);

    expect(edits.map(({ line }) => line)).toEqual([
      'Queued; it starts when a worker is free.',
      '`█████░░░░░` 50 % · loading · 0 s',
      '`█████░░░░░` 50 % · running · 10 s',
    ]);
  });

  it('lands the newest state when edits are slow, and queues none in between', async () => {
    const slow: { readonly line: string; readonly done: () => void }[] = [];
    await follow([], { edit: ({ content }) => new Promise((done) => slow.push({ line: content.split('\n')[1] ?? '', done })) });

    for (const percent of [10, 20, 30]) {
      tell(percent / 100);
      await clock.pass(3_000);
    }
    tellEnd({ work: WORK, end: { kind: 'refused', reason: 'no bars' } });
    await clock.pass(3_000);
    expect(slow, 'one edit is under way, the others wait in one state').toHaveLength(1);
    slow[0]?.done();
    await clock.pass(3_000);

    expect(slow.map(({ line }) => line)).toEqual(['Queued; it starts when a worker is free.', 'Refused: no bars']);
  });

  it('finds an end that nobody told of: at the start, every four seconds in the queue and every ten while it runs', async () => {
    await follow();
    await clock.pass(4_000);
    tell(0.5);
    stored = { kind: 'failed', reference: 'ab12' };
    await clock.pass(3_999);
    expect(edits).toHaveLength(2);
    await clock.pass(1);

    expect(edits.at(-1)).toEqual({ atMs: 8_000, line: 'Something broke on our side. Reference: `ab12`' });
  });

  it('shows how many stand before it, and edits when that moves', async () => {
    position = 3;
    await follow();
    await clock.pass(8_000);
    position = 1;
    await clock.pass(8_000);
    tell(0.1);
    await clock.pass(8_000);

    expect(edits.map(({ line }) => line)).toEqual([
      'Queued: 2 before it.',
      'Queued: next, it starts when a worker is free.',
      '`█░░░░░░░░░` 10 % · running · 16 s',
    ]);
  });

  it('says the first word within half a second although the database does not answer', async () => {
    stored = new Promise<null>(() => undefined);
    await follow();
    await clock.pass(500);

    expect(edits).toEqual([{ atMs: 500, line: 'Queued; it starts when a worker is free.' }]);
  });

  it('offers to cancel while the run is under way, and not after its end', async () => {
    const buttons: unknown[] = [];
    await follow([], { edit: async (message) => void buttons.push(message.buttons) });
    tell(0.5);
    await clock.pass(5_000);
    tellEnd({ work: WORK, end: { kind: 'cancelled', by: '42' } });
    await clock.pass(5_000);

    const cancel = [{ customId: 'v1:cancel:run-1', label: 'Cancel run', style: 'danger', disabled: false }];
    expect(buttons).toEqual([cancel, cancel, []]);
    expect(lastWords).toEqual([RUN_ID]);
  });

  it('counts from when the run began for one that is taken over', async () => {
    await follow([], { startedAtMs: clock.nowMs() - MINUTE_MS });
    tellEnd({ work: WORK, end: { kind: 'done' } });
    await clock.pass(5_000);

    expect(edits.at(-1)?.line).toBe('Done in 1 min 0 s; the result is below.');
  });

  it('shows only the end when the run was over before the reply was there', async () => {
    stored = { kind: 'done' };
    await follow();
    await clock.pass(MINUTE_MS);

    expect(edits.at(-1)?.line).toBe('Done in less than a second; the result is below.');
    expect(clock.waiting()).toBe(0);
  });

  it('takes no state after the end and none of other runs', async () => {
    await follow();
    tellProgress({ work: { kind: 'run', id: 'run-2' }, fraction: 0.5, stage: 'running' });
    tellEnd({ work: WORK, end: { kind: 'done' } });
    tell(0.9);
    await clock.pass(MINUTE_MS);

    expect(edits.map(({ line }) => line)).toEqual([
      'Queued; it starts when a worker is free.',
      'Done in less than a second; the result is below.',
    ]);
  });

  it.each([
    ['the reply was deleted', 10008, 404],
    ['the token is dead', 50027, 401],
  ])('gives up quietly when %s', async (_, code, status) => {
    await follow([apiError(code, status)]);
    tell(0.5);
    await clock.pass(MINUTE_MS);

    expect({ edits, errors, waiting: clock.waiting() }).toEqual({ edits: [], errors: [], waiting: 0 });
  });

  it('tries again after other errors and reports the first', async () => {
    const [first, second] = [new Error('500'), new Error('500 again')];
    await follow([first, second]);
    tellEnd({ work: WORK, end: { kind: 'done' } });
    await clock.pass(10_000);

    expect(edits).toEqual([{ atMs: 4_000, line: 'Done in less than a second; the result is below.' }]);
    expect(errors).toEqual([first]);
  });

  it('says before the token dies that the result will come by itself', async () => {
    await follow();
    for (let minute = 1; minute <= 20; minute++) {
      tell(minute / 100);
      await clock.pass(MINUTE_MS);
    }
    tellEnd({ work: WORK, end: { kind: 'done' } });
    await clock.pass(MINUTE_MS);

    const last = edits.at(-1);
    expect(last?.line).toMatch(/^Still running after 14 min \d s; the result will be posted below when it is there\.$/);
    expect(last?.atMs).toBeLessThan(15 * MINUTE_MS);
    expect(clock.waiting()).toBe(0);
  });

  it('stops at the end of the token even while edits fail', async () => {
    await follow(Array.from({ length: 1_000 }, () => new Error('500')));
    await clock.pass(20 * MINUTE_MS);

    expect({ edits, waiting: clock.waiting() }).toEqual({ edits: [], waiting: 0 });
  });

  it('does not tell of an edit that fails because it was closed', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    await follow([], { edit: () => promise });

    void progress.close();
    reject(new Error('connection refused'));
    await clock.pass(MINUTE_MS);

    expect({ errors, lastWords, waiting: clock.waiting() }, 'another process goes on with it').toEqual({
      errors: [],
      lastWords: [],
      waiting: 0,
    });
  });

  it('says that the queue is away until the run begins, and never that somebody stands before it', async () => {
    position = 3;
    await follow([], { isQueueAway: true });
    await clock.pass(MINUTE_MS);
    tell(0.1);
    await clock.pass(5_000);

    expect(edits.map(({ line }) => line)).toEqual([
      'The queue is unavailable at the moment. This is kept and starts by itself when the queue is back; Cancel stops it.',
      '`█░░░░░░░░░` 10 % · running · 1 min 0 s',
    ]);
  });

  it('is closed when the last question it asked is answered: whoever closes it closes the database next', async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    stored = promise;
    await follow();
    let isClosed = false;

    const closed = progress.close().then(() => {
      isClosed = true;
    });
    await clock.pass(MINUTE_MS);
    expect(isClosed).toBe(false);
    resolve(null);

    await closed;
    expect({ errors, waiting: clock.waiting() }).toEqual({ errors: [], waiting: 0 });
  });

  it('leaves the last word to the next process when it is closed in the middle of an edit', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    stored = { kind: 'done' };
    await follow([], { edit: () => promise });

    await progress.close();
    resolve();
    await clock.pass(MINUTE_MS);

    expect(lastWords).toEqual([]);
  });

  it('leaves no timer and no listener behind when it is closed', async () => {
    await follow();
    tell(0.3);

    await progress.close();

    expect({ listeners, waiting: clock.waiting() }).toEqual({ listeners: 0, waiting: 0 });
  });
});
