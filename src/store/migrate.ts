import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Refusal } from '../engine/refusal.ts';

const MIGRATIONS_DIR = fileURLToPath(new URL('../../migrations', import.meta.url));
const MIGRATIONS_TABLE = 'migrations';

/** Any number, as long as it is the same for every process; shared with nothing else in the database. */
const LOCK_ID = 736_361_703;

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Brings the schema up to what this program knows and returns the names of the migrations that took. Processes that start at
 * once wait for each other; each migration is whole or absent, so one that was interrupted is simply tried again.
 */
export async function migrate(databaseUrl: string, migrationsDir: string = MIGRATIONS_DIR): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'scalpdesk migrate', connectionTimeoutMillis: 10_000 });
  // A lost connection is told to the query that waits for it; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();

  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_ID]);
    const known = (await readdir(migrationsDir)).map((file) => parse(file).name).sort();
    const taken = await takenMigrations(client);
    refuseNewerSchema(taken, known);
    if (known.every((name) => taken.includes(name))) return [];
    // Loaded where it is needed: most processes find everything done.
    const { runner } = await import('node-pg-migrate');
    const applied = await runner({
      dbClient: client,
      dir: migrationsDir,
      migrationsTable: MIGRATIONS_TABLE,
      direction: 'up',
      singleTransaction: false,
      noLock: true,
      logger: silent,
    });
    return applied.map(({ name }) => name);
  } finally {
    // The lock goes with the session.
    await client.end();
  }
}

async function takenMigrations(client: pg.Client): Promise<readonly string[]> {
  const { rows: tables } = await client.query(`select to_regclass($1) is not null as "isThere"`, [MIGRATIONS_TABLE]);
  if (!tables[0]?.isThere) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by name`);
  return rows.map(({ name }) => name);
}

function refuseNewerSchema(taken: readonly string[], known: readonly string[]): void {
  const unknown = taken.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Refusal(
    `The database is newer than this program: it has had the migration ${unknown.join(', ')}, and the last one known here is ${known.at(-1) ?? 'none'}. Start the newer release, or set DATABASE_URL or SCALPDESK_DATA_DIR to another database.`,
  );
}
