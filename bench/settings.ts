import { PARAMETERS, type ParameterName } from '../src/engine/parameters.ts';
import type { Playground } from '../src/playground/playground.ts';
import type { Press } from '../src/playground/press.ts';
import { writeAudit } from '../src/store/audit.ts';
import type { Pool } from '../src/store/pool.ts';
import { transact } from '../src/store/transaction.ts';
import { openBenchDatabase, quantile, startBenchDesk } from './desk-process.ts';
import type { Figure } from './measure.ts';

const PEOPLE = 50;
const ROUNDS = 6;
const PATIENCE_MS = 60_000;

/** Fifty people change the settings of one group at once, on the desk as a group runs it. */
export async function measureSettings(): Promise<readonly Figure[]> {
  await using opened = new AsyncDisposableStack();
  const { databaseUrl, pool } = await openBenchDatabase(opened);
  const playground = await startBenchDesk(opened, databaseUrl);
  const people = Array.from({ length: PEOPLE }, (_, person) => playground.addMember({ name: `person ${person}` }));

  // The first round opens the pool's connections and compiles what it uses.
  await setAtOnce(playground, people, 0);
  const timesMs: number[] = [];
  const commitsMs: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    timesMs.push(...(await setAtOnce(playground, people, round)));
    commitsMs.push(await commitOneByOne(pool));
  }
  await refuseLost(pool, (ROUNDS + 1) * PEOPLE);

  const floorMs = quantile(commitsMs, 0.5);
  const reference = `${PEOPLE} commits one after another`;
  const beside = (name: string, value: number): Figure => ({ name, value, unit: 'ms', reference, ratio: value / floorMs });
  return [
    { name: reference, value: floorMs, unit: 'ms', reference: null, ratio: null },
    beside(`/settings set to visible confirmation, ${PEOPLE} people at once, median`, quantile(timesMs, 0.5)),
    beside(`/settings set to visible confirmation, ${PEOPLE} people at once, p99 (goal < 500)`, quantile(timesMs, 0.99)),
  ];
}

/** What as many changes would cost at least if each had a transaction of its own; a busy machine makes it longer just as them. */
async function commitOneByOne(pool: Pool): Promise<number> {
  const startMs = performance.now();
  for (let commit = 0; commit < PEOPLE; commit++) {
    await transact(pool, (tx) => writeAudit(tx, 'bench', { userId: 'bench', action: 'settings-changed', told: String(commit) }));
  }
  return performance.now() - startMs;
}

const NUMBERS = PARAMETERS.flatMap((parameter) => ('step' in parameter ? [parameter] : []));

async function setAtOnce(playground: Playground, people: readonly string[], round: number): Promise<readonly number[]> {
  const presses = await Promise.all(
    people.map((user, person) => {
      const { name, value } = changeOf(person, round);
      return playground.slash({ command: 'settings set', options: { name, value: String(value) }, user });
    }),
  );
  return Promise.all(presses.map(confirmedAfterMs));
}

/** Two or three people share a parameter, each with a value that neither they nor the round before had. */
function changeOf(person: number, round: number): { readonly name: ParameterName; readonly value: number } {
  const { name, min, step } = NUMBERS[person % NUMBERS.length] as (typeof NUMBERS)[number];
  const steps = Math.floor(person / NUMBERS.length) + 3 * (round % 2);
  return { name, value: Number((min + steps * step).toFixed(2)) };
}

/** From the press to words that are more than "thinking". */
async function confirmedAfterMs(press: Press): Promise<number> {
  const { revisions } = await press.waitForReply(({ loading }) => !loading, PATIENCE_MS);
  const confirmed = revisions.find(({ loading }) => !loading);
  return (confirmed?.atMs ?? Number.NaN) - press.createdAtMs;
}

/** What confirms without changing would be fast too. */
async function refuseLost(pool: Pool, wanted: number): Promise<void> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from setting_changes');
  if (rows[0]?.count !== wanted) throw new Error(`${wanted} changes were confirmed, ${rows[0]?.count} are stored`);
}
