import { z } from 'zod';
import { Refusal } from '../engine/refusal.ts';

const WORKER_THREADS = { min: 1, max: 16, default: 1 } as const;
const WHOLE_NUMBER = `set a whole number from ${WORKER_THREADS.min} to ${WORKER_THREADS.max}, or leave it out for ${WORKER_THREADS.default}`;
const HTTP_PORT = 'set a port from 1 to 65535, or leave it out for no health checks';
const HTTP_HOST = '127.0.0.1';
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const LOG_LEVEL = 'info';
const DISCORD_API_URL = 'https://discord.com/api';
const EXCHANGE_ID = 'coinbase';

/** A longer value in a field that is no secret may be a secret pasted into the wrong line, so it is not quoted. */
const QUOTED_CHARACTERS = 40;

const secret = new Set([
  'DISCORD_TOKEN',
  'DATABASE_URL',
  'REDIS_URL',
  'DISCORD_API_URL',
  'QUICKCHART_URL',
  'EXCHANGE_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
]);

const unset = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);
const optional = <Schema extends z.ZodType<string>>(schema: Schema) =>
  z.preprocess(unset, schema.optional()).transform((value) => value ?? null);
const webAddress = (wanted: string) =>
  z
    .url({ protocol: /^https?$/, error: wanted, abort: true })
    .refine(hasNoLogin, 'set the address without a user or a password in it')
    .transform((url) => url.replace(/\/+$/, ''));

/** No client sends them on, and each quotes its address in errors. */
function hasNoLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

const configSchema = z.object({
  DISCORD_TOKEN: optional(z.string().regex(/^\S+$/, 'set the bot token alone, without spaces or quotes')).describe('Bot token; secret'),
  DISCORD_GUILD_ID: optional(z.string().regex(/^\d{17,20}$/, 'set the id of your server, 17 to 20 digits, or leave it out')).describe(
    'Server in which the commands are registered at once; Discord id. Without it they are registered everywhere',
  ),
  DISCORD_API_URL: z
    .preprocess(unset, webAddress(`set an http or https address, or leave it out for ${DISCORD_API_URL}`).default(DISCORD_API_URL))
    .describe('Base address of the Discord API'),
  DATABASE_URL: optional(
    z.url({
      protocol: /^postgres(ql)?$/,
      error: 'set postgres://user:password@host:port/database, or leave it out for the embedded server',
    }),
  ).describe('PostgreSQL connection; secret. Without it an embedded server is started'),
  REDIS_URL: optional(
    z.url({
      protocol: /^rediss?$/,
      error: 'set redis://user:password@host:port (or rediss:// for TLS), or leave it out to keep the jobs in the database',
    }),
  ).describe('Redis connection for the job queues; secret. Without it they are kept in PostgreSQL'),
  QUICKCHART_URL: optional(webAddress('set an http or https address, or leave it out for the built-in renderer')).describe(
    'QuickChart-compatible renderer. Without it charts are drawn by our own, on loopback',
  ),
  EXCHANGE_ID: z
    .preprocess(
      unset,
      z
        .string()
        .regex(/^[a-z][a-z0-9]{1,31}$/, `set an exchange name in lower case, e.g. ${EXCHANGE_ID}, or leave it out`)
        .default(EXCHANGE_ID),
    )
    .describe('Exchange that candles come from and whose margin table applies'),
  EXCHANGE_BASE_URL: optional(webAddress('set an http or https address, or leave it out for the exchange itself')).describe(
    'Where the exchange is reached instead of its own address',
  ),
  OPENAI_API_KEY: optional(
    z.string().regex(/^[!-~]+$/, 'set the key alone, without spaces, quotes or other letters than a–z, or leave it out to plan by rules'),
  ).describe('Key of the language model; secret. Without it plans are made by rules'),
  OPENAI_BASE_URL: optional(webAddress('set an http or https address that ends as the API does, e.g. in /v1, or leave it out')).describe(
    'Where an OpenAI-compatible model is reached instead of api.openai.com',
  ),
  OPENAI_MODEL: optional(
    z.string().regex(/^[\w.:/-]{1,100}$/, "set a model's name as the API knows it, or leave it out for the strategist's own"),
  ).describe("Which language model plans. Without it the strategist's own"),
  SCALPDESK_DATA_DIR: optional(z.string().regex(/^\//, 'set an absolute path, e.g. /var/lib/scalpdesk, or leave it out')).describe(
    'Where the embedded server keeps its data; absolute path',
  ),
  XDG_DATA_HOME: optional(z.string()).describe('Where an ordinary user keeps program data when SCALPDESK_DATA_DIR is not set'),
  WORKER_THREADS: z
    .preprocess(unset, z.coerce.number(WHOLE_NUMBER).default(WORKER_THREADS.default))
    .pipe(z.int(WHOLE_NUMBER).min(WORKER_THREADS.min, WHOLE_NUMBER).max(WORKER_THREADS.max, WHOLE_NUMBER))
    .describe(`Backtests computed at once; threads, ${WORKER_THREADS.min}–${WORKER_THREADS.max}`),
  HTTP_PORT: z
    .preprocess(unset, z.coerce.number(HTTP_PORT).pipe(z.int(HTTP_PORT).min(1, HTTP_PORT).max(65_535, HTTP_PORT)).optional())
    .transform((port) => port ?? null)
    .describe('Where /healthz, /readyz and /metrics are served; port. Without it they are not'),
  HTTP_HOST: z
    .preprocess(
      unset,
      z
        .union([z.ipv4(), z.ipv6()], `set the address of an interface, e.g. 0.0.0.0 for all of them, or leave it out for ${HTTP_HOST}`)
        .default(HTTP_HOST),
    )
    .describe('On which interface they are served; an IP address'),
  LOG_LEVEL: z
    .preprocess(unset, z.enum(LOG_LEVELS, `set one of ${LOG_LEVELS.join(', ')}, or leave it out for ${LOG_LEVEL}`).default(LOG_LEVEL))
    .describe('The least of what a running desk logs'),
});

/** Everything the processes read from their environment: parsed once in main.ts, then passed as a value. */
export type Config = {
  readonly discordToken: string | null;
  readonly discordGuildId: string | null;
  readonly discordApiUrl: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly quickchartUrl: string | null;
  readonly exchangeId: string;
  readonly exchangeBaseUrl: string | null;
  readonly openaiApiKey: string | null;
  readonly openaiBaseUrl: string | null;
  /** Null: the one that the strategist takes by itself. */
  readonly openaiModel: string | null;
  readonly dataDir: string | null;
  readonly xdgDataHome: string | null;
  readonly workerThreads: number;
  readonly httpPort: number | null;
  readonly httpHost: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
};

export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = configSchema.safeParse(env);
  if (!parsed.success) throw new Refusal(describeIssues(parsed.error, env));

  const { data } = parsed;
  return Object.freeze({
    discordToken: data.DISCORD_TOKEN,
    discordGuildId: data.DISCORD_GUILD_ID,
    discordApiUrl: data.DISCORD_API_URL,
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    quickchartUrl: data.QUICKCHART_URL,
    exchangeId: data.EXCHANGE_ID,
    exchangeBaseUrl: data.EXCHANGE_BASE_URL,
    openaiApiKey: data.OPENAI_API_KEY,
    openaiBaseUrl: data.OPENAI_BASE_URL,
    openaiModel: data.OPENAI_MODEL,
    dataDir: data.SCALPDESK_DATA_DIR,
    xdgDataHome: data.XDG_DATA_HOME,
    workerThreads: data.WORKER_THREADS,
    httpPort: data.HTTP_PORT,
    httpHost: data.HTTP_HOST,
    logLevel: data.LOG_LEVEL,
  });
}

function describeIssues({ issues }: z.ZodError, env: Readonly<Record<string, string | undefined>>): string {
  const lines = issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `- ${name} ${describeValue(name, env[name] ?? '')}: ${message}.`;
  });
  return ['The environment cannot be used:', ...lines].join('\n');
}

function describeValue(name: string, value: string): string {
  if (secret.has(name)) return 'has a value of the wrong form (not shown)';
  return value.length <= QUOTED_CHARACTERS ? `is "${value}"` : `is a text of ${value.length} characters (not shown)`;
}
