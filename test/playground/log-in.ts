import { Client, type ClientOptions, Events } from 'discord.js';
import type { Playground } from '../../src/playground/playground.ts';

type Login = { readonly token?: string; readonly intents?: ClientOptions['intents'] };

/** The real discord.js, logged in to our own Discord and ready. It may identify as often as it likes. */
export async function logIn(playground: Playground, { token = playground.token, intents = ['Guilds'] }: Login = {}): Promise<Client<true>> {
  const client = new Client({
    intents,
    rest: { api: playground.restUrl },
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
  });
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  return ready;
}
