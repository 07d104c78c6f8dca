import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';
import { type Attachment, type Message, textMessage } from '../render/message.ts';
import { runAsJson, tradesAsCsv } from '../render/run-export.ts';
import { shortRunId } from '../render/run-list.ts';
import { quote } from './asked-number.ts';

export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What Discord takes as one file; a little less, because the words around it count too. */
const FILE_BYTES = 10 * 1024 * 1024 - 64 * 1024;

export function askedFormat(text: string): ExportFormat {
  const format = EXPORT_FORMATS.find((candidate) => candidate === text.toLowerCase());
  if (format !== undefined) return format;
  throw new Refusal(
    `There is no format ${quote(text)}; the nearest is ${nearestName(text, EXPORT_FORMATS)} (all: ${EXPORT_FORMATS.join(', ')})`,
  );
}

/** A run as text: the trades as CSV, or everything as one JSON object. */
export function exportText(runId: string, result: RunResult, format: ExportFormat): string {
  return format === 'csv' ? tradesAsCsv(result.trades) : `${JSON.stringify(runAsJson(runId, result))}\n`;
}

/** The text as a file of a message; compressed when it is too large for Discord as it is. */
export async function exportMessage(runId: string, result: RunResult, format: ExportFormat): Promise<Message> {
  const what = format === 'csv' ? `${result.trades.length} trades, one a row` : 'the whole run: settings, plans, trades, events, equity';
  const file = await fittingFile(`backtest-${shortRunId(runId)}`, format, exportText(runId, result, format), what);
  return {
    ...textMessage(`Run \`${shortRunId(runId)}\` as ${file.name.endsWith('.gz') ? `${format}, compressed` : format}: ${what}.`),
    files: [file],
  };
}

async function fittingFile(base: string, format: ExportFormat, text: string, description: string): Promise<Attachment> {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= FILE_BYTES) return { name: `${base}.${format}`, bytes, description };
  const compressed = await promisify(gzip)(bytes);
  if (compressed.byteLength <= FILE_BYTES) return { name: `${base}.${format}.gz`, bytes: compressed, description };
  const megabytes = Math.ceil(compressed.byteLength / 1024 / 1024);
  throw new Refusal(
    `The ${format} of this run is ${megabytes} MiB even compressed, and Discord takes 10; export csv, or use the terminal where the desk runs`,
  );
}
