import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from '../engine/result.ts';
import type { FinishedComparison } from '../render/compare.ts';
import { compareCsv } from '../render/compare-csv.ts';
import type { Message } from '../render/message.ts';
import { comparisonAsJson, runAsJson, tradesAsCsv } from '../render/run-export.ts';

/** Writes a run's picture, trades (CSV) and whole result (JSON) into a folder, and returns their paths. */
export async function writeRunFiles(folder: string, runId: string, result: RunResult, { files }: Message): Promise<readonly string[]> {
  const name = `backtest-${runId.slice(0, 8)}`;
  const contents: readonly Content[] = [
    ...files.map((file) => [file.name, file.bytes] as const),
    [`${name}-trades.csv`, tradesAsCsv(result.trades)],
    [`${name}.json`, `${JSON.stringify(runAsJson(runId, result))}\n`],
  ];
  return writeFiles(folder, contents);
}

/** Writes a comparison's picture, a row for each variant (CSV) and everything (JSON) into a folder, and returns their paths. */
export async function writeComparisonFiles(folder: string, comparison: FinishedComparison, { files }: Message): Promise<readonly string[]> {
  const name = `compare-${comparison.comparisonId.slice(0, 8)}`;
  return writeFiles(folder, [
    ...files.filter((file) => file.name.endsWith('.png')).map((file) => [file.name, file.bytes] as const),
    [`${name}.csv`, compareCsv(comparison)],
    [`${name}.json`, `${JSON.stringify(comparisonAsJson(comparison))}\n`],
  ]);
}

type Content = readonly [name: string, content: Uint8Array | string];

async function writeFiles(folder: string, contents: readonly Content[]): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    contents.map(async ([file, content]) => {
      const path = join(folder, file);
      await writeFile(path, content);
      return path;
    }),
  );
}
