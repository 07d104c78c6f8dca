import type { Attachment } from 'discord.js';
import { Refusal } from '../engine/refusal.ts';
import { quote } from './asked-number.ts';
import type { GivenFile } from './ports.ts';

/** The largest file we fetch, as it lies on Discord. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;

const EXAMPLE = 'btc-5m.csv or btc-5m.csv.gz';

/** A file somebody attached, judged by what Discord says of it; what is in it is judged when it is read. */
export function askedFile(option: string, { name, url, size }: Pick<Attachment, 'name' | 'url' | 'size'>): GivenFile {
  if (!/\.csv(\.gz)?$/i.test(name)) throw new Refusal(`${option} is ${quote(name)}; attach a CSV file, plain or gzip, e.g. ${EXAMPLE}`);
  if (size === 0) throw new Refusal(`${option} is ${quote(name)}, which is empty; attach a CSV file with bars in it, e.g. ${EXAMPLE}`);
  if (size > MAX_FILE_BYTES) {
    const mebibytes = (size / 1024 / 1024).toFixed(1);
    throw new Refusal(
      `${option} is ${quote(name)} of ${mebibytes} MiB; attach at most ${MAX_FILE_BYTES / 1024 / 1024} MiB: compress it (.csv.gz) or split it by date`,
    );
  }
  return { name, url, bytes: size };
}
