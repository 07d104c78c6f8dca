import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { openEmbeddedServer } from '../../src/store/embedded-server.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPool, type Pool } from '../../src/store/pool.ts';

export type TestDatabase = { readonly databaseUrl: string; readonly pool: Pool };

const TEMPLATE = 'scalpdesk_template';
const TEMPLATE_LOCK = 1;

/** A database of its own, with every table, for the tests of a file or of one `describe`: call it there, use it inside tests and hooks. */
export function withDatabase(): TestDatabase {
  return withFreshDatabase(createFromTemplate);
}

/** The same without any table. */
export function withEmptyDatabase(): TestDatabase {
  return withFreshDatabase((client, name) => client.query(`create database ${name} template template0`));
}

type Create = (client: pg.Client, name: string) => Promise<unknown>;

function withFreshDatabase(create: Create): TestDatabase {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  let opened: TestDatabase | null = null;

  beforeAll(async () => {
    const serverUrl = await startServer();
    await asOwner(serverUrl, (client) => create(client, name));
    const databaseUrl = withName(serverUrl, name);
    opened = { databaseUrl, pool: openPool({ databaseUrl, applicationName: 'test', reportError: ignoreDisconnect }) };
  });

  afterAll(async () => {
    if (opened === null) return;
    await opened.pool.end();
    await asOwner(opened.databaseUrl, (client) => client.query(`drop database ${name} with (force)`));
  });

  const get = (): TestDatabase => {
    if (opened === null) throw new Error('The database is there inside tests and hooks, not before.');
    return opened;
  };
  return {
    get databaseUrl() {
      return get().databaseUrl;
    },
    get pool() {
      return get().pool;
    },
  };
}

/** Starts the server of this run or joins it. It is never left: the end of the run stops it for all. */
async function startServer(): Promise<string> {
  const { databaseUrl } = await openEmbeddedServer({ dataDir: inject('databaseDir'), durable: false });
  return databaseUrl;
}

/** Migrating once and copying the outcome is faster than migrating for every file. */
async function createFromTemplate(client: pg.Client, name: string): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [TEMPLATE]);
  if (rowCount === 0) {
    await client.query(`drop database if exists ${TEMPLATE}`);
    await client.query(`create database ${TEMPLATE} template template0`);
    await migrate(`postgres://${client.user}:${client.password}@${client.host}:${client.port}/${TEMPLATE}`);
    await client.query(`alter database ${TEMPLATE} is_template true`);
  }
  await client.query(`create database ${name} template ${TEMPLATE}`);
}

async function asOwner(databaseUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: withName(databaseUrl, 'postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withName(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Tests that break connections assert it themselves. */
function ignoreDisconnect(): void {}
