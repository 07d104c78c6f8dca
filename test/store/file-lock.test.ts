import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryLock, waitForLock } from '../../src/store/file-lock.ts';

const HOLDER = `
  const { tryLock } = await import(process.argv[1]);
  if (tryLock(process.argv[2], process.argv[3]) === null) process.exit(1);
  process.stdout.write('held');
  setInterval(() => {}, 1_000);
`;

describe('a file lock', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'locks-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function holdElsewhere(file: string, kind: 'shared' | 'exclusive') {
    const module = new URL('../../src/store/file-lock.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, module, file, kind]);
    await once(child.stdout, 'data');
    return async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    };
  }

  it('held for itself keeps everybody else out until it is released', () => {
    const file = join(dir, 'one');
    const lock = tryLock(file, 'exclusive');

    expect([lock === null, tryLock(file, 'exclusive'), tryLock(file, 'shared')]).toEqual([false, null, null]);
    lock?.release();
    expect(tryLock(file, 'exclusive')?.release).toBeTypeOf('function');
  });

  it('that is shared can be had by many, and for itself only by the last', () => {
    const file = join(dir, 'many');
    const [first, second] = [tryLock(file, 'shared'), tryLock(file, 'shared')];

    first?.release();
    first?.release();
    expect(tryLock(file, 'exclusive')).toBeNull();
    second?.release();
    expect(tryLock(file, 'exclusive')).not.toBeNull();
  });

  it.each(['shared', 'exclusive'] as const)('of a process that is killed is free again (%s)', async (kind) => {
    const file = join(dir, `killed-${kind}`);
    const kill = await holdElsewhere(file, kind);

    expect(tryLock(file, 'exclusive')).toBeNull();
    await kill();
    expect(tryLock(file, 'exclusive')).not.toBeNull();
  });

  it('is waited for, and not for ever', async () => {
    const file = join(dir, 'wait');
    const lock = tryLock(file, 'exclusive');
    expect(await waitForLock(file, 'exclusive', 30)).toBeNull();

    const waiting = waitForLock(file, 'exclusive', 10_000);
    lock?.release();

    expect(await waiting).not.toBeNull();
  });
});
