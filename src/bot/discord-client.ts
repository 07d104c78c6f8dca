import {
  Client,
  type ClientOptions,
  DiscordAPIError,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayIntentBits,
  type Interaction,
  REST,
} from 'discord.js';
import { Refusal } from '../engine/refusal.ts';
import { sendWhole } from './send-whole.ts';

type Options = {
  readonly token: string;
  readonly apiUrl: string;
  /** Must not reject. It hears of interactions from the very first on. */
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  readonly reportError: (error: Error) => void;
  /** The connection ended and does not come back: the process should end. */
  readonly onEnd: (reason: string) => void;
  /** How the gateway is spoken to, where Discord's own rules do not apply. */
  readonly gateway?: ClientOptions['ws'];
};

export type DiscordConnection = {
  /** Answers interactions. */
  readonly client: Client<true>;
  /** For everything that answers nobody. */
  readonly rest: REST;
  readonly close: () => Promise<void>;
};

/** What Discord allows a bot in all, but for its answers to interactions. */
const REQUESTS_PER_SECOND = 50;

/** Logs in and waits until the bot is ready. Refuses a token that Discord does not take. */
export async function openDiscordClient({
  token,
  apiUrl,
  onInteraction,
  reportError,
  onEnd,
  gateway,
}: Options): Promise<DiscordConnection> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    // Interactions are outside of that limit, but discord.js would count their edits: the 51st answer of a second would wait for the next.
    rest: { api: apiUrl, makeRequest: sendWhole, globalRequestsPerSecond: Number.POSITIVE_INFINITY },
    ...(gateway === undefined ? {} : { ws: gateway }),
  });
  client.on(Events.Error, reportError);
  client.on(Events.ShardError, reportError);
  client.on(Events.Warn, (warning) => reportError(new Error(`discord.js warns: ${warning}`)));
  client.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));

  try {
    const [ready] = await Promise.all([whenReady(client), client.login(token)]);
    client.on(Events.ShardDisconnect, ({ code }) => onEnd(describeDisconnect(code)));
    const rest = new REST({ ...client.options.rest, globalRequestsPerSecond: REQUESTS_PER_SECOND }).setToken(token);
    return { client: ready, rest, close: () => closeAll(client, rest) };
  } catch (error) {
    await client.destroy();
    throw explainLogin(error, apiUrl);
  }
}

async function closeAll(client: Client, rest: REST): Promise<void> {
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
  await client.destroy();
}

/** The gateway can end the connection for good after the login itself has succeeded. */
function whenReady(client: Client): Promise<Client<true>> {
  return new Promise((resolve, reject) => {
    client.once(Events.ClientReady, resolve);
    client.once(Events.ShardDisconnect, ({ code }) => reject(new Refusal(describeDisconnect(code))));
  });
}

function describeDisconnect(code: number): string {
  return `Discord closed the connection for good (code ${code}); check DISCORD_TOKEN and the intents of your application.`;
}

function explainLogin(error: unknown, apiUrl: string): Error {
  if (error instanceof Refusal) return error;
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
    return new Refusal(
      'Discord does not accept DISCORD_TOKEN (not shown); copy the bot token from the Bot page of your application in the Discord developer portal and set it again.',
    );
  }
  if (error instanceof DiscordAPIError) {
    return new Refusal(`Discord refused the login with "${error.message}" (${error.status}); check DISCORD_TOKEN and DISCORD_API_URL.`);
  }
  return new Error(`Discord cannot be reached at ${apiUrl}.`, { cause: error });
}
