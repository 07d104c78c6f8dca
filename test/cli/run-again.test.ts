import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playRunInTerminal, verifyRunInTerminal } from '../../src/cli/run-again.ts';
import { parseConfig } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { simulateFunding } from '../../src/market/simulated.ts';
import { saveFunding } from '../../src/store/funding.ts';
import { transact } from '../../src/store/transaction.ts';
import { withDatabase } from '../support/database.ts';
import { insertFinishedRun } from '../support/runs.ts';

const ID = 'aaaa1111-0000-4000-8000-000000000000';
const START_MS = Date.UTC(2025, 9, 1);

describe('a run executed again, in the terminal', () => {
  const database = withDatabase();
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scalpdesk-again-'));
    const range = { symbol: 'BTC-USD', startMs: START_MS, endMs: START_MS + 3 * DAY_MS, seed: 1 };
    await transact(database.pool, (tx) => saveFunding(tx, { source: 'simulated:1', symbol: 'BTC-USD', funding: simulateFunding(range) }));
    await insertFinishedRun(database.pool, { id: ID });
  });

  afterAll(() => rm(folder, { recursive: true }));

  function terminal() {
    const [out, err] = [[] as string[], [] as string[]];
    const open = () =>
      openDesk(parseConfig({ DATABASE_URL: database.databaseUrl }), (error) => {
        throw error;
      });
    return {
      ports: {
        openDesk: open,
        terminal: { stdout: { write: (text: string) => out.push(text) > 0 }, stderr: { write: (text: string) => err.push(text) > 0 } },
      },
      out: () => out.join(''),
      err: () => err.join(''),
    };
  }

  it('is identical as long as nobody touched it, and refused once it is not', async () => {
    const [before, after] = [terminal(), terminal()];
    await verifyRunInTerminal('aaaa1111', {}, before.ports);
    await database.pool.query(`update runs set request = jsonb_set(request, '{settings,min_hold_bars}', '9') where id = $1`, [ID]);
    const verifying = verifyRunInTerminal('aaaa1111', { json: true }, after.ports);

    await expect(verifying).rejects.toThrow('Run aaaa1111 is not what it was: settings');
    expect(before.out()).toMatch(/^Identical · run aaaa1111/);
    expect(JSON.parse(after.out())).toMatchObject({ run_id: ID, isIdentical: false });
  });

  it('is played at a bar that is asked for, with its picture as a file', async () => {
    const at = terminal();
    await playRunInTerminal('aaaa1111', { at: '2025-10-02', out: folder }, at.ports);

    expect(at.out()).toContain('2025-10-02 00:00 UTC · bar 289 of 864');
    expect(await readdir(folder)).toEqual(['playback-aaaa1111-288.png']);
    expect(at.err()).toContain('playback-aaaa1111-288.png');
  });
});
