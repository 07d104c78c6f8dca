import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';

/** How often each property is tried: 200 times within the suite, or as the environment asks: CI asks for 1,000, a night for 100,000. */
export const PROPERTY_CASES = casesFrom(process.env.PROPERTY_CASES ?? '200');

/** Long enough for so many cases on a machine that does much else; ms. */
export const PROPERTY_TIMEOUT_MS = 60_000 + PROPERTY_CASES * 120;

/** Counts what the cases of a property came across. */
export type Note = (what: string, by?: number) => void;

export type Seen = ReadonlyMap<string, number>;

/** So many cases go by before the event loop may turn: a test runner that hears nothing for a minute gives up. */
const CASES_PER_TURN = 250;

/** Tries the property on the same cases every time, and tells what they came across. */
export async function forCases<Case>(cases: fc.Arbitrary<Case>, seed: number, check: (each: Case, note: Note) => void): Promise<Seen> {
  const seen = new Map<string, number>();
  const note: Note = (what, by = 1) => seen.set(what, (seen.get(what) ?? 0) + by);
  let count = 0;
  const property = fc.asyncProperty(cases, async (each) => {
    if (++count % CASES_PER_TURN === 0) await nextTurn();
    check(each, note);
  });
  await fc.assert(property, { seed, numRuns: PROPERTY_CASES });
  return seen;
}

/** A property that saw nothing of what it is about has shown nothing: at least so much of each in a thousand cases, a third as often in fewer. */
export function expectSeen(seen: Seen, leastPerThousand: Readonly<Record<string, number>>): void {
  for (const [what, least] of Object.entries(leastPerThousand)) {
    const share = PROPERTY_CASES < 1_000 ? 1 / 3 : 1;
    expect(seen.get(what) ?? 0, `${what} seen`).toBeGreaterThanOrEqual(Math.floor((share * least * PROPERTY_CASES) / 1_000));
  }
}

/** Equal to the bit. The difference is worked out only when there is one: most cases have none. */
export function expectSame(seen: unknown, wanted: unknown, what: string): void {
  if (isDeepStrictEqual(seen, wanted)) return;
  expect(seen, what).toStrictEqual(wanted);
  throw new Error(`${what} differ in what a comparison does not show, e.g. 0 and −0.`);
}

function casesFrom(text: string): number {
  const cases = Number(text);
  if (Number.isInteger(cases) && cases > 0) return cases;
  throw new Error(`PROPERTY_CASES is "${text}"; it must be a whole number above 0, e.g. PROPERTY_CASES=100000`);
}
