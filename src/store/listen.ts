import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

type Options = {
  readonly databaseUrl: string;
  readonly channels: readonly string[];
  readonly onNotice: (channel: string, payload: string) => void;
  /** Told once when the connection was lost; it is opened again by itself, and whoever listens must look for what it missed. */
  readonly reportError: (error: unknown) => void;
  /** Told once when it is there again. */
  readonly note: (message: string) => void;
};

export type Listening = { readonly close: () => Promise<void> };

const RECONNECT_MS = 1_000;

/** Hears what `pg_notify` announces, on a connection of its own. Notices only wake people up: nothing may depend on one. */
export async function listen(options: Options): Promise<Listening> {
  let isClosed = false;
  let client = await connect(options, reconnect);

  async function reconnect(): Promise<void> {
    while (!isClosed) {
      await sleep(RECONNECT_MS);
      const next = await tryConnect();
      if (next === null) continue;
      if (isClosed) return next.end();
      client = next;
      return options.note('The database is heard again.');
    }
  }

  /** Why it was lost has been told, and every second of it says the same. */
  async function tryConnect(): Promise<pg.Client | null> {
    try {
      return await connect(options, reconnect);
    } catch {
      return null;
    }
  }

  return {
    close: async () => {
      isClosed = true;
      await client.end();
    },
  };
}

async function connect({ databaseUrl, channels, onNotice, reportError }: Options, onLost: () => Promise<void>): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'scalpdesk listen', keepAlive: true });
  let isLost = false;
  await client.connect();
  client.on('error', (error) => {
    if (isLost) return;
    isLost = true;
    reportError(new Error('The database is not heard any more; it is tried again each second.', { cause: error }));
    void onLost();
  });
  client.on('notification', ({ channel, payload }) => onNotice(channel, payload ?? ''));
  for (const channel of channels) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
  return client;
}
