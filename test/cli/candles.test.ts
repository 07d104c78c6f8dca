import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FetchFlags, fetchInTerminal } from '../../src/cli/candles.ts';
import { parseConfig } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { DAY_MS, type Timeframe } from '../../src/engine/bar.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { simulateCandles } from '../../src/market/simulated.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { withDatabase } from '../support/database.ts';
import { type LoopbackExchange, openLoopbackExchange } from '../support/loopback-exchange.ts';

const START_MS = Date.UTC(2025, 9, 1);
const MARKET = { symbol: 'BTC-USD', startMs: START_MS, endMs: START_MS + 20 * DAY_MS, seed: 5 };
const FLAGS: FetchFlags = { symbol: 'btc-usd', timeframe: '5m', start: '2025-10-02', end: '2025-10-04' };

describe('candles fetch in the terminal', () => {
  const database = withDatabase();
  let loopback: LoopbackExchange;
  let env: Record<string, string>;

  beforeAll(async () => {
    const candlesOf = (timeframe: Timeframe) => simulateCandles({ ...MARKET, timeframe });
    loopback = await openLoopbackExchange({ candlesOf, nowMs: () => Date.now() });
    env = { DATABASE_URL: database.databaseUrl, EXCHANGE_BASE_URL: loopback.url };
  });
  afterAll(() => loopback.close());
  beforeEach(() => database.pool.query('truncate candles, fetched_ranges'));

  /** What it says to somebody who watches. */
  async function fetched(changes: Partial<FetchFlags> = {}) {
    const said = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof said) => ({
      isTTY: true,
      write: (text: string) => {
        said[name] += text;
        return true;
      },
    });
    const open = () =>
      openDesk(parseConfig(env), (error) => {
        throw error;
      });
    const ports = {
      openDesk: open,
      exchange: 'coinbase',
      nowMs: () => Date.UTC(2025, 10, 1),
      terminal: { stdout: stream('stdout'), stderr: stream('stderr') },
    };
    await fetchInTerminal({ ...FLAGS, ...changes }, ports);
    return said;
  }
  const scalpdesk = (args: readonly string[]) =>
    new Promise<{ readonly exitCode: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
      const options = { env: { PATH: process.env.PATH, ...COMPILE_CACHE, ...env } };
      execFile(process.execPath, ['src/cli/main.ts', 'candles', 'fetch', ...args], options, (error, stdout, stderr) => {
        resolve({ exitCode: error?.code ?? 0, stdout, stderr });
      });
    });

  it('says what came in the words of Discord, and how far it is to whoever watches', async () => {
    const { stdout, stderr } = await fetched();
    const again = await fetched();

    expect(stdout).toMatch(/^Fetched BTC-USD 5m: 576 new bars\nCoinbase Advanced spot BTC\/USD.*\n$/);
    expect(stderr).toMatch(/\r█+░* \d+ % fetching/);
    expect(stderr.endsWith('\r\u001b[K'), 'the line is empty in the end').toBe(true);
    expect(again.stdout).toContain('Fetched BTC-USD 5m: all bars were kept already');
  });

  it('prints the fetch as JSON', async () => {
    const { stdout } = await fetched({ json: true });

    expect(JSON.parse(stdout)).toMatchObject({ state: 'done', exchange: 'coinbase', symbol: 'BTC-USD', timeframe: '5m', newBars: 576 });
  });

  it.each([
    [{ symbol: 'BTC' }, '"BTC" is no market; it must be BASE-QUOTE, e.g. BTC-USD'],
    [{ timeframe: '7m' }, 'There is no timeframe "7m"'],
    [{ days: '3' }, 'days 3 and start 2025-10-02 are both given; keep start, or keep days'],
    [{ end: '2025-12-01' }, 'end is 2025-12-01T00:00, which is not past'],
    [{ symbol: 'NOPE-USD' }, 'NOPE-USD'],
    [{ exchange: 'coinbse' }, '"coinbse" is not an exchange we know. Did you mean coinbase?'],
  ])('refuses %j with what to type instead', async (changes, words) => {
    const refused = await fetched(changes).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toHaveProperty('message', expect.stringContaining(words));
  });

  it('is a command of the program: the answer alone on stdout, a refusal on stderr and 2', async () => {
    const range = ['--exchange', 'coinbase', '--symbol', 'BTC-USD', '--start', '2025-10-02', '--end', '2025-10-03'];
    const done = await scalpdesk([...range, '--timeframe', '1h']);
    const refused = await scalpdesk([...range, '--timeframe', '2h']);

    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toContain('Fetched BTC-USD 1h: 24 new bars');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('There is no timeframe "2h"');
  });
});
