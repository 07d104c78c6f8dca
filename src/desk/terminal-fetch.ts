import type { FetchAsk } from '../commands/fetch-request.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import type { Message } from '../render/message.ts';
import { type Fetch, findFetch } from '../store/fetches.ts';
import { composeFetchEnd } from './compose-message.ts';
import type { Desk } from './open-desk.ts';
import { submitFetch } from './submit-fetch.ts';
import { THE_TERMINAL } from './submit-work.ts';
import { waitForEnd } from './wait-for-end.ts';

type Ended = { readonly fetch: Fetch; readonly message: Message };

/** Puts a fetch into the queue and waits for it; returns what came of it, also in words. */
export async function fetchToEnd(desk: Desk, asked: FetchAsk, onProgress: (fraction: number, stage: string) => void): Promise<Ended> {
  const submit = async () => (await submitFetch(desk, asked, THE_TERMINAL)).fetchId;
  const wanted = { id: await waitForEnd(desk, { kind: 'fetch', submit, onProgress }), guildId: LOCAL_GUILD };
  const [fetch, message] = await Promise.all([findFetch(desk.pool, wanted), composeFetchEnd(desk.pool, wanted)]);
  if (fetch === null || message === null) throw new Error(`Fetch ${wanted.id} is gone`);
  return { fetch, message };
}
