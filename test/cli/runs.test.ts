import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importInTerminal, showCoverageInTerminal } from '../../src/cli/candles.ts';
import { showStatusInTerminal } from '../../src/cli/desk.ts';
import { exportRunInTerminal, listRunsInTerminal, showRunInTerminal, showTradesInTerminal, showWhyInTerminal } from '../../src/cli/runs.ts';
import { parseConfig } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { simulateCandles } from '../../src/market/simulated.ts';
import { runAsJson, tradesAsCsv } from '../../src/render/run-export.ts';
import { candlesAsCsv } from '../support/csv.ts';
import { withDatabase } from '../support/database.ts';
import { insertFinishedRun, insertQueuedRun, resultOfAskedRun } from '../support/runs.ts';

const ID = 'aaaa1111-0000-4000-8000-000000000000';
const FOREIGN = 'bbbb1111-0000-4000-8000-000000000000';

describe('runs in the terminal', () => {
  const database = withDatabase();
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scalpdesk-runs-'));
    await insertFinishedRun(database.pool, { id: ID });
    await insertFinishedRun(database.pool, { id: FOREIGN, guildId: '111' });
    for (let count = 0; count < 11; count++) await insertQueuedRun(database.pool);
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** What a command prints. */
  async function printed(
    work: (ports: { openDesk: () => ReturnType<typeof openDesk>; terminal: { stdout: Capture; stderr: Capture } }) => Promise<void>,
  ) {
    const [stdout, stderr] = [capture(), capture()];
    const open = () =>
      openDesk(parseConfig({ DATABASE_URL: database.databaseUrl }), (error) => {
        throw error;
      });
    await work({ openDesk: open, terminal: { stdout, stderr } });
    return stdout.text();
  }
  type Capture = { readonly write: (chunk: string) => boolean; readonly text: () => string };
  function capture(): Capture {
    let text = '';
    return {
      write: (chunk) => {
        text += chunk;
        return true;
      },
      text: () => text,
    };
  }

  it('are listed page by page, its own alone, with what to type next', async () => {
    const first = await printed((ports) => listRunsInTerminal({}, ports));
    const second = await printed((ports) => listRunsInTerminal({ page: '2' }, ports));
    const all = JSON.parse(await printed((ports) => listRunsInTerminal({ json: true }, ports))) as { id: string }[];

    expect(first).toMatch(/^Runs 12 · net return/);
    expect(first).toMatch(/One of them: scalpdesk runs show [0-9a-f]{8}\n$/);
    expect(second).toContain('aaaa1111');
    expect(all).toHaveLength(12);
    expect(all.map(({ id }) => id)).not.toContain(FOREIGN);
  });

  it('are shown with their card, and written into a folder when asked', async () => {
    const out = join(folder, 'again');
    const text = await printed((ports) => showRunInTerminal('aaaa1', { out }, ports));

    expect(text).toContain('run aaaa1111');
    expect(text, 'no markup of Discord is left').not.toMatch(/```|\*\*|<t:|-# /);
    expect((await readdir(out)).sort()).toEqual(['backtest-aaaa1111-trades.csv', 'backtest-aaaa1111.json', 'backtest-aaaa1111.png']);
    expect(JSON.parse(await printed((ports) => showRunInTerminal(ID, { json: true }, ports)))).toEqual(
      JSON.parse(JSON.stringify(runAsJson(ID, resultOfAskedRun()))),
    );
  });

  it('tell their trades and what stood in the way of more', async () => {
    const { trades, blocks } = resultOfAskedRun();

    expect(await printed((ports) => showTradesInTerminal(ID, { page: '2' }, ports))).toContain(`6–10 of ${trades.length}`);
    expect(JSON.parse(await printed((ports) => showTradesInTerminal(ID, { json: true }, ports)))).toEqual(
      JSON.parse(JSON.stringify(trades)),
    );
    expect(await printed((ports) => showWhyInTerminal(ID, {}, ports))).toMatch(/→ raise max_trades_per_day \(is 10; 1 to 100 entries\)/);
    expect(JSON.parse(await printed((ports) => showWhyInTerminal(ID, { json: true }, ports)))).toMatchObject({ blocks });
  });

  it('are exported to stdout or into a file', async () => {
    const csv = tradesAsCsv(resultOfAskedRun().trades);
    const out = join(folder, 'trades.csv');
    await printed((ports) => exportRunInTerminal(ID, { format: 'csv', out }, ports));

    expect(await printed((ports) => exportRunInTerminal(ID, { format: 'csv' }, ports))).toBe(csv);
    expect(await readFile(out, 'utf8')).toBe(csv);
    expect(JSON.parse(await printed((ports) => exportRunInTerminal(ID, {}, ports)))).toMatchObject({ run_id: ID });
    await expect(printed((ports) => exportRunInTerminal(ID, { out: join(folder, 'no', 'such') }, ports))).rejects.toThrow(
      /Cannot write .* --out/,
    );
  });

  it('of servers are not there', async () => {
    await expect(printed((ports) => showRunInTerminal(FOREIGN, {}, ports))).rejects.toThrow('There is no run');
  });

  it.each([
    ['an id that is none', () => showRunInTerminal('latest', {}, notOpened), "it must be a run's id"],
    ['a page that is none', () => listRunsInTerminal({ page: 'two' }, notOpened), 'page is "two"; it must be a whole number'],
    ['a format there is not', () => exportRunInTerminal(ID, { format: 'xml' }, notOpened), 'all: csv, json'],
  ])('are refused for %s before anything is opened', async (_, work, words) => {
    await expect(work()).rejects.toThrow(words);
  });
  const notOpened = {
    openDesk: () => Promise.reject(new Error('This was not to be opened.')),
    terminal: { stdout: capture(), stderr: capture() },
  };

  it('says what is kept and how the desk is', async () => {
    const path = join(folder, 'ada.csv');
    const range = { symbol: 'ADA-USD', startMs: Date.UTC(2025, 9, 1), endMs: Date.UTC(2025, 9, 2), seed: 1 };
    await writeFile(path, candlesAsCsv(simulateCandles({ ...range, timeframe: '1h' })));
    await printed((ports) => importInTerminal([`ADA-USD=${path}`], {}, ports));

    expect(await printed((ports) => showCoverageInTerminal({}, ports))).toContain('ADA-USD 1h           24 bars');
    expect(JSON.parse(await printed((ports) => showCoverageInTerminal({ json: true }, ports)))).toMatchObject([
      { symbol: 'ADA-USD', bars: 24 },
    ]);
    expect(await printed((ports) => showStatusInTerminal({}, ports))).toMatch(/Worker +none/);
    expect(JSON.parse(await printed((ports) => showStatusInTerminal({ json: true }, ports)))).toMatchObject({
      workload: { run: { queued: 11, running: 0 }, fetch: { queued: 0, running: 0 } },
      hasWorker: false,
    });
  });
});
