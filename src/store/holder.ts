import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { HOLDER_LOCKS } from './gone-holders.ts';

/** Under which number a process holds rows. */
export type Held = {
  readonly number: number;
  /** Aborted when the connection is lost: others may soon take over what we hold, so from then on we leave it alone. */
  readonly lost: AbortSignal;
};

export type Holder = {
  /** Null while nobody could tell that we live: what is taken then is ours for its lease alone. */
  readonly held: () => Held | null;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly databaseUrl: string;
  /** Told once when the connection was lost; it is opened again by itself. */
  readonly reportError: (error: unknown) => void;
  /** Told once when it is there again. */
  readonly note: (message: string) => void;
};

const RECONNECT_MS = 250;
const CONNECT_MS = 5_000;
/** A cut network is noticed here before the server gives our lock away: a beat and its answer are shorter than the server's patience. */
const BEAT_MS = 5_000;
const ANSWER_MS = 10_000;
const SERVER_KEEPALIVE = { tcp_keepalives_idle: '15', tcp_keepalives_interval: '5', tcp_keepalives_count: '3' } as const;

/** Shows the other processes that this one lives, by a lock that goes with its connection. */
export async function openHolder({ databaseUrl, reportError, note }: Options): Promise<Holder> {
  let isClosed = false;
  let line: Line | null = null;
  const { number } = follow(await openLine(databaseUrl, null));

  function follow(opened: Line): Line {
    line = opened;
    opened.lost.addEventListener('abort', () => {
      line = null;
      if (isClosed) return;
      reportError(new Error('Others cannot see any more that this process lives; it is tried again.', { cause: opened.lost.reason }));
      void reopen();
    });
    return opened;
  }

  /** Under the same number, so that what it holds stays held. Why it was lost has been told, and every attempt says the same. */
  async function reopen(): Promise<void> {
    while (!isClosed) {
      const next = await openLine(databaseUrl, number).catch(() => null);
      if (next === null) await sleep(RECONNECT_MS);
      else if (isClosed) return next.close();
      else {
        follow(next);
        return note('Others see again that this process lives.');
      }
    }
  }

  return {
    held: () => line,
    close: async () => {
      isClosed = true;
      await line?.close();
    },
  };
}

type Line = Held & { readonly close: () => Promise<void> };

/** Without a number it draws a new one. */
async function openLine(databaseUrl: string, wanted: number | null): Promise<Line> {
  const losing = new AbortController();
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'scalpdesk holder',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  });
  client.on('error', (error) => losing.abort(error));
  client.on('end', () => losing.abort(new Error('The connection ended.')));
  await client.connect();
  let number: number;
  try {
    number = await lock(client, wanted);
    // It may have been lost together with the answer, when nobody listened yet.
    losing.signal.throwIfAborted();
  } catch (error) {
    // A dead connection never says that it has ended.
    void client.end();
    throw error;
  }

  const beat = setInterval(() => void client.query('select').catch((error) => losing.abort(error)), BEAT_MS);
  losing.signal.addEventListener('abort', () => {
    clearInterval(beat);
    // With a beat that has no answer it does not wait for the server.
    void client.end();
  });
  return { number, lost: losing.signal, close: () => client.end() };
}

async function lock(client: pg.Client, wanted: number | null): Promise<number> {
  for (const [name, value] of Object.entries(SERVER_KEEPALIVE)) await client.query(`select set_config($1, $2, false)`, [name, value]);
  if (wanted !== null) {
    // The server may not have noticed yet that our last connection is gone; until it has, what we hold stays held.
    if (!(await tryLock(client, wanted))) throw new Error(`The lock of holder ${wanted} is still taken.`);
    return wanted;
  }
  for (;;) {
    const number = await draw(client);
    // A sequence that was restored from a backup, or began anew, gives numbers that somebody may have.
    if (await tryLock(client, number)) return number;
  }
}

async function tryLock(client: pg.Client, number: number): Promise<boolean> {
  const { rows } = await client.query<{ is_locked: boolean }>(`select pg_try_advisory_lock($1, $2) as is_locked`, [HOLDER_LOCKS, number]);
  return rows[0]?.is_locked === true;
}

async function draw(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ number: number }>(`select nextval('holders')::integer as number`);
  if (rows[0] === undefined) throw new Error('The sequence of holders gave no number.');
  return rows[0].number;
}
