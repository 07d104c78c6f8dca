import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from '../engine/result.ts';
import type { Message } from '../render/message.ts';
import { runAsJson, tradesAsCsv } from '../render/run-export.ts';

/** Writes a run's picture, trades (CSV) and whole result (JSON) into a folder, and returns their paths. */
export async function writeRunFiles(folder: string, runId: string, result: RunResult, { files }: Message): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const name = `backtest-${runId.slice(0, 8)}`;
  const contents: readonly (readonly [string, Uint8Array | string])[] = [
    ...files.map((file) => [file.name, file.bytes] as const),
    [`${name}-trades.csv`, tradesAsCsv(result.trades)],
    [`${name}.json`, `${JSON.stringify(runAsJson(runId, result))}\n`],
  ];
  return Promise.all(
    contents.map(async ([file, content]) => {
      const path = join(folder, file);
      await writeFile(path, content);
      return path;
    }),
  );
}
