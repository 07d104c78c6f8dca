import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, chown, lchown, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/engine/refusal.ts';
import { openEmbeddedServer } from '../../src/store/embedded-server.ts';
import { stopPostmaster } from '../../src/store/postmaster.ts';
import { findPostmaster } from '../../src/store/postmaster-pid.ts';
import { startClient } from './embedded-clients.ts';

const isRoot = process.geteuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
const isLinux = process.platform === 'linux';

async function ask(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded server', () => {
  let root: string;
  let dataDir: string;
  let clusterDir: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'embedded-'));
    await chmod(root, 0o755);
    dataDir = join(root, 'desk');
    clusterDir = join(dataDir, 'postgres');
  });
  afterAll(async () => {
    await stopPostmaster(clusterDir);
    await rm(root, { recursive: true });
  });

  const open = (directory = dataDir) => openEmbeddedServer({ dataDir: directory });
  const serverPid = async () => (await findPostmaster(clusterDir))?.pid ?? null;

  it('starts whole when several processes ask for it at once, or are killed while they make it', async () => {
    for (const delayMs of [60, 250, 500, 800]) {
      const hasty = startClient(dataDir);
      await sleep(delayMs);
      await hasty.kill();
    }

    const clients = [startClient(dataDir), startClient(dataDir), startClient(dataDir)];
    const addresses = await Promise.all(clients.map((client) => client.databaseUrl));

    expect(new Set(addresses).size).toBe(1);
    expect(await ask(addresses[0] ?? '', 'select current_database() as name')).toEqual([{ name: 'scalpdesk' }]);
    await Promise.all(clients.map((client) => client.leave()));
    expect(await serverPid()).toBeNull();
  });

  it('is shared, and stopped by the last one out', async () => {
    const [first, second] = [startClient(dataDir), startClient(dataDir)];
    const [address] = await Promise.all([first.databaseUrl, second.databaseUrl]);
    const pid = await serverPid();

    await first.leave();
    expect(await serverPid(), 'the second still uses it').toBe(pid);
    expect(await ask(address, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.leave();

    expect(await serverPid()).toBeNull();
    expect(existsSync(join(clusterDir, 'postmaster.pid')), 'it was shut down in order').toBe(false);
    await expect(ask(address, 'select 1 as one')).rejects.toThrow('ECONNREFUSED');
  });

  it('is shared within a process too, and closed once however often one says so', async () => {
    const [first, second] = [await open(), await open()];

    await first.close();
    await first.close();
    expect(await ask(second.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.close();

    expect(await serverPid()).toBeNull();
  });

  it('is adopted from a client that was killed, and stopped by the one that adopted it', async () => {
    const killed = startClient(dataDir);
    const address = await killed.databaseUrl;
    const pid = await serverPid();
    await killed.kill();

    const heir = await open();

    expect([heir.databaseUrl, await serverPid()]).toEqual([address, pid]);
    await heir.close();
    expect(await serverPid()).toBeNull();
  });

  it('keeps what was committed, and its address, when it is killed itself and started again', async () => {
    const survivor = startClient(dataDir);
    const address = await survivor.databaseUrl;
    await ask(address, 'create table kept as select 7 as seven');
    const pid = await serverPid();
    process.kill(pid ?? 0, 'SIGKILL');
    await sleep(50);

    const again = await open();

    expect(again.databaseUrl).toBe(address);
    expect(await serverPid()).not.toBe(pid);
    expect(await ask(address, 'select * from kept')).toEqual([{ seven: 7 }]);
    await again.close();
    expect(await ask(address, 'select * from kept'), 'the survivor has not left').toEqual([{ seven: 7 }]);
    await survivor.leave();
    expect(await serverPid()).toBeNull();
  });

  it('starts beside another program that has got the pid of a server that crashed', async () => {
    const crashed = startClient(dataDir);
    await crashed.databaseUrl;
    process.kill((await serverPid()) ?? 0, 'SIGKILL');
    await crashed.kill();
    const file = join(clusterDir, 'postmaster.pid');
    const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
    const stranger = spawn('/bin/sleep', ['60'], isRoot ? nobody : {});
    await writeFile(file, [stranger.pid, ...rest].join('\n'));

    const server = await open();

    expect(await ask(server.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.close();
    expect(stranger.exitCode, 'a dead stranger would have been no obstacle').toBeNull();
    stranger.kill();
  });

  it('survives Ctrl-C in the terminal of its client', async () => {
    const client = startClient(dataDir, { detached: true });
    const address = await client.databaseUrl;
    const pid = await serverPid();

    process.kill(-(client.child.pid ?? 0), 'SIGINT');
    await once(client.child, 'close');

    expect(await serverPid()).toBe(pid);
    expect(await ask(address, 'select 1 as one')).toEqual([{ one: 1 }]);
    await (await open()).close();
    expect(await serverPid()).toBeNull();
  });

  it('does not keep a client alive that has nothing else to do', async () => {
    const client = startClient(dataDir, { abandon: true });
    await client.databaseUrl;

    const [exitCode] = await once(client.child, 'close');

    expect(exitCode).toBe(0);
    await (await open()).close();
    expect(await serverPid()).toBeNull();
  });

  it('takes another port when somebody has taken its own', async () => {
    const before = await open();
    await before.close();
    const squatter = createServer().listen(Number(new URL(before.databaseUrl).port), '127.0.0.1');
    await once(squatter, 'listening');

    const after = await open();

    expect(new URL(after.databaseUrl).port).not.toBe(new URL(before.databaseUrl).port);
    expect(await ask(after.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await after.close();
    squatter.close();
  });

  it('speaks UTF-8, sorts by code point, lives in UTC and lets nobody in without the password', async () => {
    const server = await open();
    const stranger = new URL(server.databaseUrl);
    stranger.password = 'guess';

    const settings = await ask(
      server.databaseUrl,
      `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone, current_setting('listen_addresses') as addresses,
              datcollate as collation, (select bool_and(auth_method = 'scram-sha-256') from pg_hba_file_rules) as scram
         from pg_database where datname = current_database()`,
    );

    expect(settings).toEqual([{ encoding: 'UTF8', zone: 'UTC', addresses: '127.0.0.1', collation: 'C', scram: true }]);
    await expect(ask(stranger.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    await server.close();
  });

  it('writes through to the disk unless told otherwise', async () => {
    const settings = `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages`;

    const fast = await openEmbeddedServer({ dataDir, durable: false });
    expect(await ask(fast.databaseUrl, settings)).toEqual([{ fsync: 'off', commit: 'off', pages: 'off' }]);
    await fast.close();
    const real = await open();
    expect(await ask(real.databaseUrl, settings)).toEqual([{ fsync: 'on', commit: 'on', pages: 'on' }]);
    await real.close();
  });

  it.runIf(isLinux)('runs as whoever started it, and as nobody when that is root', async () => {
    const server = await open();

    const { uid } = await stat(`/proc/${await serverPid()}`);

    expect(uid).toBe(isRoot ? nobody.uid : process.geteuid?.());
    await server.close();
  });

  it.runIf(isRoot && canEveryoneRead())('works for an ordinary user, by default in that user’s home', async () => {
    const home = join(root, 'home');
    await mkdir(home);
    await chown(home, nobody.uid, nobody.gid);

    const client = startClient('', { ...nobody, env: { HOME: home } });
    const address = await client.databaseUrl;

    expect(await ask(address, 'select 1 as one')).toEqual([{ one: 1 }]);
    const userCluster = join(home, '.local/share/scalpdesk/postgres');
    expect((await findPostmaster(userCluster))?.isReady).toBe(true);
    await client.leave();
    expect(await findPostmaster(userCluster)).toBeNull();
  });

  describe('refuses', () => {
    it('a directory that others may write', async () => {
      const shared = join(root, 'shared');
      await mkdir(shared);
      await chmod(shared, 0o777);

      await expect(open(shared)).rejects.toThrow(`The data directory "${shared}" is not a directory that belongs to you`);
    });

    it('a file in the place of the directory', async () => {
      await writeFile(join(root, 'file'), '');

      await expect(open(join(root, 'file'))).rejects.toThrow(Refusal);
      await expect(open(join(root, 'file', 'below'))).rejects.toThrow('cannot be made (EEXIST). Set SCALPDESK_DATA_DIR');
    });

    it.runIf(isRoot)('a directory, or a link to one, that somebody else made', async () => {
      const theirs = join(root, 'theirs');
      await mkdir(theirs);
      await chown(theirs, nobody.uid, nobody.gid);
      const link = join(root, 'link');
      await mkdir(join(root, 'ours'));
      await symlink(join(root, 'ours'), link);
      await lchown(link, nobody.uid, nobody.gid);

      await expect(open(theirs)).rejects.toThrow(Refusal);
      await expect(open(link)).rejects.toThrow(Refusal);
    });

    it.runIf(isRoot)('a directory that nobody cannot reach', async () => {
      const closed = join(root, 'closed');
      await mkdir(closed, { mode: 0o700 });

      await expect(open(join(closed, 'desk'))).rejects.toThrow('is closed to the account "nobody" (uid 65534)');
    });

    it('data of another PostgreSQL, naming both', async () => {
      const file = join(clusterDir, 'PG_VERSION');
      const version = await readFile(file, 'utf8');
      await writeFile(file, '9\n');

      await expect(open()).rejects.toThrow(/were written by PostgreSQL 9, this program brings postgres \(PostgreSQL\) \d+/);
      await writeFile(file, version);
    });

    it('data whose password is lost', async () => {
      const file = join(dataDir, 'password');
      await rename(file, `${file}.lost`);

      await expect(open()).rejects.toThrow(`their password in "${file}" is not`);
      await rename(`${file}.lost`, file);
    });
  });

  it('says what its log says when it cannot start', async () => {
    const file = join(clusterDir, 'global/pg_control');
    await rename(file, `${file}.gone`);

    await expect(open()).rejects.toThrow(/could not find the database system|pg_control/);
    await rename(`${file}.gone`, file);
    await (await open()).close();
  });
});

/** Whether an ordinary user can read this checkout and run its Node: not when it lies under /root. */
function canEveryoneRead(): boolean {
  for (const start of [process.cwd(), process.execPath]) {
    for (let path = start; path !== dirname(path); path = dirname(path)) {
      try {
        accessSync(path, constants.R_OK);
      } catch {
        return false;
      }
    }
  }
  return true;
}
