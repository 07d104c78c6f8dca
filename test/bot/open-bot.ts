import type { Interaction } from 'discord.js';
import { type DiscordConnection, openDiscordClient } from '../../src/bot/discord-client.ts';
import type { Playground } from '../../src/playground/playground.ts';

type Listening = {
  readonly onInteraction?: (interaction: Interaction) => Promise<void>;
  readonly reportError?: (error: Error) => void;
  readonly onEnd?: (reason: string) => void;
  readonly token?: string;
};

/** The bot's own client on our own Discord, which lets it identify as often as it likes. */
export function openBot(playground: Playground, { onInteraction, reportError, onEnd, token }: Listening = {}): Promise<DiscordConnection> {
  const fail = (error: unknown) => {
    throw error;
  };
  return openDiscordClient({
    token: token ?? playground.token,
    apiUrl: playground.restUrl,
    onInteraction: onInteraction ?? (async () => undefined),
    reportError: reportError ?? fail,
    onEnd: onEnd ?? fail,
    gateway: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
  });
}
