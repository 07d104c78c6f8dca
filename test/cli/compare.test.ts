import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { withDatabase } from '../support/database.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

type Outcome = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

describe('scalpdesk compare', () => {
  const database = withDatabase();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scalpdesk-compare-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const scalpdesk = (...args: readonly string[]) =>
    new Promise<Outcome>((resolve) => {
      const env = {
        PATH: process.env.PATH,
        ...COMPILE_CACHE,
        HOME: folder,
        DATABASE_URL: database.databaseUrl,
        EXCHANGE_BASE_URL: NO_EXCHANGE,
      };
      execFile(process.execPath, ['src/cli/main.ts', ...args], { env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  const range = ['--preset', 'scalper-5m', '--seed', '7', '--start', '2025-10-01', '--end', '2025-10-03'];

  it('prints one JSON object whose variants are runs, and writes what it is told to', async () => {
    const { stdout, stderr } = await scalpdesk(
      'compare',
      ...range,
      '--leverage',
      '1,3',
      '--labels',
      'None,Three',
      '--json',
      '--out',
      folder,
    );

    const comparison = JSON.parse(stdout) as Record<string, unknown> & {
      variant_run_ids: string[];
      summary: Record<string, (number | null)[]>;
    };
    expect(Object.keys(comparison)).toEqual(['comparison_id', 'base_run_id', 'variant_run_ids', 'labels', 'summary', 'ladder', 'notes']);
    expect(comparison.labels).toEqual(['None', 'Three']);
    expect(comparison.summary.equity_return_pct).toHaveLength(2);
    expect(stderr).toContain('wrote ');
    expect(
      (await readdir(folder))
        .map((name) => name.replace(/[0-9a-f]{8}/, 'ID'))
        .filter((name) => name.startsWith('compare'))
        .sort(),
    ).toEqual(['compare-ID.csv', 'compare-ID.json', 'compare-ID.png']);

    const shown = await scalpdesk('runs', 'show', comparison.variant_run_ids[1] ?? '', '--json');
    const run = JSON.parse(shown.stdout) as { summary: Record<string, number>; settings: Record<string, number> };
    expect(run.settings.max_portfolio_exposure_pct).toBe(300);
    expect(run.summary.equity_return_pct).toBe(comparison.summary.equity_return_pct?.[1]);
    const again = await scalpdesk('runs', 'show', String(comparison.comparison_id).slice(0, 8), '--json');
    expect(JSON.parse(again.stdout)).toEqual(comparison);
  });

  it.each([
    [[], 'Nothing is varied'],
    [['--leverage', '1,2', '--max-portfolio-exposure-pct', '200'], 'max_portfolio_exposure_pct is set to one value and varied'],
    [['--vary', 'min_hold_bars=1,2', 'trade_cooldown_bars=1,2', '--leverage', '1,2'], '3 parameters are varied'],
  ])('refuses %j with exit code 2 and words on stderr alone', async (args, words) => {
    const { exitCode, stdout, stderr } = await scalpdesk('compare', ...args);

    expect(stderr).toContain(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
