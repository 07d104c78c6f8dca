import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { INDICATOR_NAMES } from '../src/engine/indicators/indicator-names.ts';

const indicators = readFileSync('docs/indicators.md', 'utf8');
const dependencies = readFileSync('docs/dependencies.md', 'utf8');
const packageJson = JSON.parse(readFileSync('package.json', 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;

describe('the documents', () => {
  it('list every indicator a rule may name, and no other', () => {
    const listed = [...indicators.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(listed).toEqual([...INDICATOR_NAMES]);
  });

  it.each(Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }))(
    'name the package %s and why it is here',
    (name) => {
      expect(dependencies).toMatch(new RegExp(`(^|[\\s\`,])${name.replaceAll('/', '\\/')}([\`,.\\s]|$)`, 'm'));
    },
  );
});
