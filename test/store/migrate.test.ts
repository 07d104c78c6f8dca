import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/engine/refusal.ts';
import { migrate } from '../../src/store/migrate.ts';
import { withEmptyDatabase } from '../support/database.ts';

const files = await readdir('migrations');
const names = files.map((file) => parse(file).name).sort();
const created = (await Promise.all(files.map((file) => readFile(join('migrations', file), 'utf8')))).flatMap((sql) =>
  [...sql.matchAll(/^create table (\w+)/gm)].map(([, table]) => table),
);

describe('migrate', () => {
  const fresh = withEmptyDatabase();
  const contested = withEmptyDatabase();
  const half = withEmptyDatabase();
  const broken = withEmptyDatabase();
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'migrations-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const tables = async ({ pool }: typeof fresh) =>
    (await pool.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)).rows.map(({ tablename }) => tablename);

  it('makes every table of an empty database, and has nothing to do the second time', async () => {
    expect(await migrate(fresh.databaseUrl)).toEqual(names);
    expect(await tables(fresh)).toEqual([...created, 'migrations'].sort());
    expect(await migrate(fresh.databaseUrl)).toEqual([]);
  });

  it('is done once when several processes start together', async () => {
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(contested.databaseUrl)));

    expect(applied.flat()).toEqual(names);
  });

  it('goes on from half of the migrations', async () => {
    const first = join(dir, 'first');
    await cp('migrations', first, { recursive: true, filter: (path) => !/00(0[2-9]|[1-9]\d)_/.test(path) });
    expect(await migrate(half.databaseUrl, first)).toEqual(names.slice(0, 1));

    expect(await migrate(half.databaseUrl)).toEqual(names.slice(1));
  });

  it('keeps nothing of a migration that breaks, keeps those before it, and takes it up again', async () => {
    const bad = join(dir, 'bad');
    await cp('migrations', bad, { recursive: true });
    await writeFile(join(bad, '9000_notes.sql'), 'create table notes (text text); select 1 / 0;');
    await expect(migrate(broken.databaseUrl, bad)).rejects.toThrow('division by zero');
    expect(await tables(broken)).not.toContain('notes');

    await writeFile(join(bad, '9000_notes.sql'), 'create table notes (text text);');
    expect(await migrate(broken.databaseUrl, bad)).toEqual(['9000_notes']);
  });

  it('refuses a database that is newer than the program, naming both', async () => {
    await migrate(fresh.databaseUrl);
    await fresh.pool.query(`insert into migrations (name, run_on) values ('0099_sessions', now())`);

    const outcome = migrate(fresh.databaseUrl);

    await expect(outcome).rejects.toThrow(Refusal);
    await expect(outcome).rejects.toThrow(`it has had the migration 0099_sessions, and the last one known here is ${names.at(-1)}.`);
  });
});
