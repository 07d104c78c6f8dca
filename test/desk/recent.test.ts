import { describe, expect, it } from 'vitest';
import { openRecent } from '../../src/desk/recent.ts';

const recent = () => openRecent<number>({ most: 2, size: 10, sizeOf: (value) => value });

/** Which of the keys has to be made when it is asked for once more. */
async function isMadeAnew({ get }: ReturnType<typeof recent>, key: string): Promise<boolean> {
  let made = false;
  await get(key, async () => {
    made = true;
    return 1;
  });
  return made;
}

describe('openRecent', () => {
  it('makes a value once, also for those who ask while it is being made', async () => {
    const { get } = recent();
    let made = 0;
    const make = async () => ++made;

    expect(await Promise.all([get('a', make), get('a', make)])).toEqual([1, 1]);
  });

  it('lets go of what was asked for longest ago when there are too many', async () => {
    const kept = recent();
    for (const key of ['a', 'b', 'a', 'c']) await kept.get(key, async () => 1);

    expect(await isMadeAnew(kept, 'a')).toBe(false);
    expect(await isMadeAnew(kept, 'b')).toBe(true);
  });

  it('lets go of what is too large together, and keeps the last however large it is', async () => {
    const kept = recent();
    await kept.get('a', async () => 4);
    await kept.get('b', async () => 400);

    expect(await isMadeAnew(kept, 'b')).toBe(false);
    expect(await isMadeAnew(kept, 'a')).toBe(true);
  });

  it('makes anew what could not be made', async () => {
    const kept = recent();
    const failing = kept.get('a', () => Promise.reject(new Error('no bars')));

    await expect(failing).rejects.toThrow('no bars');
    expect(await isMadeAnew(kept, 'a')).toBe(true);
  });
});
