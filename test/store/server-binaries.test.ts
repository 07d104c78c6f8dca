import { chmod, cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findServerAccount, runAs } from '../../src/store/server-account.ts';
import { findBinaries, findShipped } from '../../src/store/server-binaries.ts';

describe('findBinaries', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'binaries-'));
    await chmod(root, 0o711);
  });
  afterAll(() => rm(root, { recursive: true }));

  it('copies an install that is closed or lacks its links, once, and mends it', async () => {
    const account = await findServerAccount();
    const shipped = await findShipped();
    const native = join(root, 'closed', 'native');
    await cp(shipped.native, native, { recursive: true, verbatimSymlinks: true });
    const links: { target: string }[] = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
    for (const { target } of links) await rm(join(native, '..', target));
    await chmod(join(root, 'closed'), 0o700);

    const binDir = await findBinaries({ ...shipped, native }, root, account);
    const { ino } = await stat(join(binDir, 'postgres'));

    expect(links.length, 'an install without links to lose proves nothing').toBeGreaterThan(0);
    expect(binDir).toBe(join(root, `postgres-${shipped.version}`, 'bin'));
    expect(await runAs(account, join(binDir, 'postgres'), ['--version'])).toMatch(/^postgres \(PostgreSQL\) \d+/);
    expect(await findBinaries({ ...shipped, native }, root, account)).toBe(binDir);
    expect((await stat(join(binDir, 'postgres'))).ino, 'the copy is made once').toBe(ino);
    expect((await readdir(root)).sort()).toEqual(['closed', basename(join(binDir, '..'))]);
  });

  it('refuses binaries that do not run here and says why', async () => {
    const outcome = findBinaries({ native: join(root, 'missing'), version: '0' }, root, await findServerAccount());

    await expect(outcome).rejects.toThrow();
  });
});
