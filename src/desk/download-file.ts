import type { GivenFile } from '../commands/ports.ts';
import { Refusal } from '../engine/refusal.ts';
import type { InputFile } from './parse-csv.ts';

const DISCORD_HOSTS = ['cdn.discordapp.com', 'media.discordapp.net'];
const DOWNLOAD_MS = 30_000;

type Limits = {
  /** Where a Discord of our own would keep its files: that of its API. */
  readonly discordApiUrl: string;
  readonly maxBytes: number;
};

/** Fetches a file somebody attached, from Discord and from nowhere else, and no more of it than is allowed. */
export async function downloadFile({ name, url }: GivenFile, { discordApiUrl, maxBytes }: Limits): Promise<InputFile> {
  if (!isOnDiscord(url, discordApiUrl)) {
    throw new Refusal(`${name} lies on ${hostOf(url)}; wanted a file on ${DISCORD_HOSTS[0]}: attach it to the command itself`);
  }
  const response = await request(name, url);
  if (!response.ok) throw new Refusal(`Discord answered ${response.status} for ${name}; wanted the file: attach it again`);
  return { fileName: name, bytes: await readWithin(name, response, maxBytes) };
}

function isOnDiscord(url: string, discordApiUrl: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  return (parsed.protocol === 'https:' && DISCORD_HOSTS.includes(parsed.host)) || parsed.origin === new URL(discordApiUrl).origin;
}

function hostOf(url: string): string {
  const host = URL.parse(url)?.host ?? '';
  return host === '' ? 'no host' : host;
}

async function request(name: string, url: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_MS) });
  } catch (cause) {
    throw new Refusal(`${name} could not be fetched from Discord (${reasonOf(cause)}); attach it again`, { cause });
  }
}

async function readWithin(name: string, { body }: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      // Leaving the loop ends the download.
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new Refusal(`${name} broke off after ${size} bytes (${reasonOf(cause)}); attach it again`, { cause });
  }
  if (size > maxBytes)
    throw new Refusal(`${name} has more than ${maxBytes} bytes, the most we fetch; compress it (.csv.gz) or split it by date`);
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
