import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A deliberate bug: a patch of src whose head says what it breaks and which test files can see it. */
export type Bug = {
  readonly name: string;
  readonly patch: string;
  readonly testFiles: readonly [string, ...string[]];
};

const BUGS = 'mutate';
const SUFFIX = '.patch';

/** The bugs of those names, or all of them when none is named. Paths are relative to the repository. */
export async function readBugs(repository: string, names: readonly string[]): Promise<readonly Bug[]> {
  const files = (await readdir(join(repository, BUGS))).filter((file) => file.endsWith(SUFFIX)).sort();
  const known = files.map((file) => basename(file, SUFFIX));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no bug called "${unknown}"; there is: ${known.join(', ')}`);
  const wanted = names.length === 0 ? known : known.filter((name) => names.includes(name));
  return Promise.all(wanted.map((name) => readBug(repository, name)));
}

async function readBug(repository: string, name: string): Promise<Bug> {
  const file = `${BUGS}/${name}${SUFFIX}`;
  const text = await readFile(join(repository, file), 'utf8');
  const head = text.slice(0, text.search(/^--- /m));
  const [, listed = ''] = /^Tests: (.+)$/m.exec(head) ?? [];
  const [first, ...rest] = listed.split(/\s+/).filter((path) => path !== '');
  if (first === undefined)
    throw new Error(`${file} does not say which tests can see it; write a line "Tests: test/engine/…" before its first ---`);
  const testFiles = [first, ...rest] as const;
  const missing = testFiles.find((path) => !existsSync(join(repository, path)));
  if (missing !== undefined)
    throw new Error(`${file} names the test file ${missing}, which does not exist; name the one that can see the bug now`);
  return { name, patch: join(repository, file), testFiles };
}
