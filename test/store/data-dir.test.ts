import { describe, expect, it } from 'vitest';
import { defaultDataDir } from '../../src/store/data-dir.ts';

describe('defaultDataDir', () => {
  it.each([
    [{ home: '/home/me', xdgDataHome: null, isRoot: false }, '/home/me/.local/share/scalpdesk'],
    [{ home: '/home/me', xdgDataHome: '/data/me', isRoot: false }, '/data/me/scalpdesk'],
    [{ home: '/home/me', xdgDataHome: 'data', isRoot: false }, '/home/me/.local/share/scalpdesk'],
    [{ home: '/root', xdgDataHome: '/root/.data', isRoot: true }, '/var/lib/scalpdesk'],
  ])('of %o is %s', (place, expected) => expect(defaultDataDir(place)).toBe(expected));
});
