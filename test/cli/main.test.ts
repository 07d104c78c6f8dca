import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PARAMETERS } from '../../src/engine/parameters.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { candlesAsCsv, fundingAsCsv } from '../support/csv.ts';
import { withDatabase } from '../support/database.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

const START_MS = Date.UTC(2025, 9, 1);
const END_MS = Date.UTC(2025, 9, 6);

type Outcome = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
type JsonRun = RunResult & { readonly run_id: string };

describe('the terminal', () => {
  const database = withDatabase();
  let folder = '';

  /** The program as a person starts it, on a database of its own. */
  const scalpdesk = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    new Promise<Outcome>((resolve) => {
      const options = {
        env: {
          PATH: process.env.PATH,
          ...COMPILE_CACHE,
          HOME: folder,
          DATABASE_URL: database.databaseUrl,
          EXCHANGE_BASE_URL: NO_EXCHANGE,
          ...env,
        },
        maxBuffer: 1e8,
      };
      execFile(process.execPath, ['src/cli/main.ts', ...args], options, (error, stdout, stderr) => {
        resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scalpdesk-cli-'));
    const range = { symbol: 'BTC-USD', startMs: START_MS, endMs: END_MS, seed: 5 };
    await writeFile(join(folder, 'btc.csv.gz'), gzipSync(candlesAsCsv(simulateCandles({ ...range, timeframe: '5m' }))));
    await writeFile(join(folder, 'funding.csv'), fundingAsCsv(simulateFunding(range)));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('prints the registry', async () => {
    const { stdout, exitCode } = await scalpdesk(['parameters', '--json']);

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(PARAMETERS)));
  });

  it('runs a whole file as one JSON object on stdout and nothing else, and charges the funding it is given', async () => {
    const files = ['--candles', `BTC-USD=${join(folder, 'btc.csv.gz')}`];
    const plain = await scalpdesk(['backtest', '--preset', 'scalper-5m', ...files, '--json']);
    const charged = await scalpdesk([
      'backtest',
      '--preset',
      'scalper-5m',
      ...files,
      '--funding',
      `BTC-USD=${join(folder, 'funding.csv')}`,
      '--json',
    ]);

    expect(plain.stderr).toBe('');
    const run = JSON.parse(plain.stdout) as JsonRun;
    expect(run.data).toMatchObject({
      source: 'btc.csv.gz',
      simulated: false,
      bars: 5 * 288,
      start: START_MS,
      end: END_MS,
      warm_up_bars: 0,
    });
    expect(run.summary.total_trades).toBeGreaterThan(10);
    const accounted =
      run.summary.initial_cash +
      run.trades.reduce((sum, { pnl }) => sum + pnl, 0) +
      run.open_positions.reduce((sum, { unrealised_pnl, fees, funding }) => sum + unrealised_pnl - fees - funding, 0);
    expect(accounted / run.summary.final_equity).toBeCloseTo(1, 9);
    expect(run.summary.funding).toBe(0);
    expect(run.remarks).toContain('funding not charged (BTC-USD)');
    const withFunding = JSON.parse(charged.stdout) as JsonRun;
    expect(withFunding.summary.funding).not.toBe(0);
    expect(withFunding.input_hash).not.toBe(run.input_hash);
  });

  it('gives the same hashes every time, and writes the picture, the trades and the JSON where it is told', async () => {
    const args = ['backtest', '--preset', 'scalper-5m', '--candles', `BTC-USD=${join(folder, 'btc.csv.gz')}`, '--out', join(folder, 'out')];
    const { stdout, stderr, exitCode } = await scalpdesk(args);
    const again = await scalpdesk([...args, '--json']);

    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^[+−]?\d+\.\d % net, \d+ trades, max drawdown/);
    const hash = /result (\w{8})/.exec(stdout)?.[1];
    expect((JSON.parse(again.stdout) as JsonRun).result_hash.slice(0, 8)).toBe(hash);
    const written = await readdir(join(folder, 'out'));
    expect(written.map((name) => name.replace(/[0-9a-f]{8}/, 'ID')).sort()).toEqual(
      ['backtest-ID-trades.csv', 'backtest-ID.json', 'backtest-ID.png'].flatMap((name) => [name, name]).sort(),
    );
    const png = await readFile(join(folder, 'out', written.find((name) => name.endsWith('.png')) ?? ''));
    expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
  });

  it('runs on the reference indicators when told to: the same trades under an input hash of its own', async () => {
    const args = ['backtest', '--preset', 'scalper-5m', '--candles', `BTC-USD=${join(folder, 'btc.csv.gz')}`, '--json'];
    const [own, reference] = (await Promise.all([scalpdesk(args), scalpdesk([...args, '--indicators', 'reference'])])).map(
      ({ stdout }) => JSON.parse(stdout) as JsonRun,
    );

    const times = (run: JsonRun | undefined) => run?.trades.map(({ entry_time, exit_time }) => [entry_time, exit_time]);
    expect(times(reference)).toEqual(times(own));
    expect(times(own)?.length).toBeGreaterThan(10);
    expect(reference?.input_hash).not.toBe(own?.input_hash);
    expect(reference?.remarks).toContain('indicators from trading-signals');
  });

  it('starts the simulated market from its seed and says so', async () => {
    const { stdout } = await scalpdesk([
      'backtest',
      '--preset',
      'scalper-5m',
      '--seed',
      '7',
      '--start',
      '2025-10-01',
      '--end',
      '2025-10-02',
      '--json',
    ]);

    const run = JSON.parse(stdout) as JsonRun;
    expect(run.data).toMatchObject({ source: 'simulated, seed 7', simulated: true, bars: 288, funding_not_charged: [] });
    expect(run.data.warm_up_bars, 'a simulated market has all the history a plan wants').toBeGreaterThanOrEqual(
      run.data.warm_up_bars_wanted,
    );
  });

  it.each([
    [['backtest', '--preset', 'scalper-6m'], 'the nearest is scalper-5m'],
    [['backtest', '--max-position-risk-pct', '40'], 'max_position_risk_pct is "40"; it must be a number from 1 to 10'],
    [['backtest', '--set', 'min_hold_bar=1'], 'the nearest is min_hold_bars'],
    [['backtest', '--leverage', '3', '--set', 'max_portfolio_exposure_pct=200'], 'keep one of the two'],
    [['backtest', '--candles', 'BTC-USD'], 'is not SYMBOL=FILE'],
    [['backtest', '--candles', 'BTC-USD=/nowhere.csv'], 'there is no such file'],
    [['backtest', '--funding', 'BTC-USD=x.csv'], '--funding needs --candles'],
    [['backtest', '--plan', '/nowhere.json'], 'Cannot read the plan'],
    [['backtest', '--indicators', 'refrence'], '--indicators refrence is not known; the nearest is reference (all: kernels, reference)'],
    [['backtest', '--bogus'], "unknown option '--bogus'"],
    [['bogus'], "unknown command 'bogus'"],
    [['start'], 'DISCORD_TOKEN is not set'],
    [['runs', 'show', 'ffffffff'], 'There is no run or comparison "ffffffff" in this server; scalpdesk runs list shows'],
  ])('refuses %j with exit code 2 and words on stderr alone', async (args, words) => {
    const { exitCode, stdout, stderr } = await scalpdesk(args);

    expect(stderr).toContain(words);
    expect(stderr, 'a refusal is no crash').not.toContain('    at ');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('names a bad environment variable without echoing a secret', async () => {
    const { exitCode, stderr } = await scalpdesk(['migrate'], { DATABASE_URL: 'mysql://desk:hunter2@db/x' });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('DATABASE_URL');
    expect(stderr).not.toContain('hunter2');
  });

  it('imports files that later backtests of the symbol run on', async () => {
    const pair = (name: string) => `ETH-USD=${join(folder, name)}`;
    const imported = await scalpdesk(['candles', 'import', pair('btc.csv.gz'), '--funding', pair('funding.csv')]);
    const { stdout } = await scalpdesk(['backtest', '--preset', 'scalper-5m', '--pair', 'ETH-USD', '--json']);

    expect(imported.stdout).toContain(`ETH-USD: ${5 * 288} bars of 5m from `);
    const run = JSON.parse(stdout) as JsonRun;
    expect(run.data).toMatchObject({ source: 'btc.csv.gz', simulated: false, bars: 3 * 288, end: END_MS, funding_not_charged: [] });
    expect(run.data.warm_up_bars, 'days leave earlier bars to warm up').toBe(run.data.warm_up_bars_wanted);
  });

  it('brings a database up to date', async () => {
    const { exitCode, stdout } = await scalpdesk(['migrate']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'The database is up to date.\n' });
  });
});
