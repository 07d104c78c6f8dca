import { type APIMessage, type REST, Routes, SnowflakeUtil } from 'discord.js';
import { isSignedWith } from './short-id.ts';

type Search = {
  readonly rest: Pick<REST, 'get'>;
  readonly botUserId: string;
  readonly channelId: string;
  readonly shortId: string;
  /** When the message was written here; it cannot have been sent before. */
  readonly createdAtMs: number;
  readonly signal: AbortSignal;
};

/** Our clock and Discord's need not agree. */
const CLOCK_SKEW_MS = 60_000;
const PAGE_MESSAGES = 100;
const MOST_PAGES = 20;

/** Looks through what was sent to the channel since; the id of our message, or null when it is not there. */
export async function findSentMessage({ rest, botUserId, channelId, shortId, createdAtMs, signal }: Search): Promise<string | null> {
  let after = SnowflakeUtil.generate({ timestamp: Math.floor(createdAtMs) - CLOCK_SKEW_MS }).toString();
  for (let page = 0; page < MOST_PAGES; page++) {
    const messages = await readPage();
    const ours = messages.find((message) => message.author.id === botUserId && isSignedWith(message, shortId));
    if (ours !== undefined) return ours.id;
    if (messages.length < PAGE_MESSAGES) return null;
    after = messages.reduce((newest, { id }) => (BigInt(id) > BigInt(newest) ? id : newest), after);
  }
  throw new Error(
    `More than ${MOST_PAGES * PAGE_MESSAGES} messages were sent to channel ${channelId} since; message ${shortId} was not looked for further.`,
  );

  async function readPage(): Promise<readonly APIMessage[]> {
    const query = new URLSearchParams({ after, limit: String(PAGE_MESSAGES) });
    return (await rest.get(Routes.channelMessages(channelId), { query, signal })) as readonly APIMessage[];
  }
}
