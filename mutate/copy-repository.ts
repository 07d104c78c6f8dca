import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What the tests of the engine need to run: sources, tests, and the files that say how to read them. */
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** A copy in which src and test may be changed; the packages are shared by a link. */
export async function copyRepository(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of COPIED) await cp(join(from, name), join(to, name), { recursive: true });
  await symlink(join(from, 'node_modules'), join(to, 'node_modules'), 'junction');
}
