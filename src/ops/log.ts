import { pino } from 'pino';
import { type Loggable, type LoggableFacts, toLoggable } from './loggable.ts';
import { createRedactor } from './redactor.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line is about, beside its words. */
export type Facts = {
  readonly runId?: string;
  readonly guildId?: string;
  /** What a person was shown, so that their question finds the line. */
  readonly reference?: string;
  readonly [name: string]: unknown;
};

export type Log = {
  readonly debug: (message: string, facts?: Facts) => void;
  readonly info: (message: string, facts?: Facts) => void;
  readonly warn: (message: string, facts?: Facts) => void;
  readonly error: (error: unknown, facts?: Facts) => void;
  /** Adds secrets that only became known later, such as the password of the embedded server. */
  readonly hide: (...secrets: readonly string[]) => void;
};

type Options = {
  /** What this process is for; every line names it. */
  readonly role: string;
  readonly level: LogLevel;
  readonly secrets: readonly string[];
  /** Lines of JSON, or of text where a person watches. Never stdout, which belongs to what a program prints. */
  readonly stream: { readonly write: (text: string) => unknown; readonly isTTY?: boolean };
};

type Line = { readonly level: LogLevel; readonly message: string; readonly facts: LoggableFacts };

/** Where a process tells what happened to whoever runs it. No secret gets past it, in whatever a line holds. */
export function createLog({ role, level, secrets, stream }: Options): Log {
  const redactor = createRedactor(secrets);
  const write = stream.isTTY === true ? textWriter(level, stream) : jsonWriter(role, level, stream);
  const tell =
    (of: LogLevel) =>
    (message: string, facts: Facts = {}) =>
      write({ level: of, message: redactor.redactText(message), facts: toLoggable(facts, redactor) });

  return {
    debug: tell('debug'),
    info: tell('info'),
    warn: tell('warn'),
    error: (error, facts = {}) => tell('error')(error instanceof Error ? error.message : String(error), { ...ownFacts(facts), error }),
    hide: redactor.hide,
  };
}

/** Whoever reports straight from an emitter passes on all that it emits: the client of a pool, the number of a shard. */
const ownFacts = (facts: Facts): Facts => (Object.getPrototypeOf(facts) === Object.prototype ? facts : {});

type Write = (line: Line) => void;

function jsonWriter(role: string, level: LogLevel, stream: Options['stream']): Write {
  const lines = pino(
    {
      level,
      base: { role, pid: process.pid },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return ({ level: of, message, facts }) => lines[of](facts, message);
}

function textWriter(level: LogLevel, stream: Options['stream']): Write {
  return ({ level: of, message, facts }) => {
    if (LOG_LEVELS.indexOf(of) < LOG_LEVELS.indexOf(level)) return;
    const { error = null, ...others } = facts;
    const about = Object.entries(others).map(([name, fact]) => `${name} ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`);
    const words = about.length === 0 ? message : `${message} (${about.join(', ')})`;
    const time = new Date().toISOString().slice(11, 19);
    stream.write(`${[`${time} ${of.padEnd(5)} ${words}`, ...stacksOf(error)].join('\n')}\n`);
  };
}

/** The stack of an error and of what caused it, one after the other. */
function stacksOf(error: Loggable): readonly string[] {
  if (error === null || typeof error !== 'object' || !('stack' in error)) return [];
  return [...(typeof error.stack === 'string' ? [error.stack] : []), ...stacksOf(error.cause ?? null)];
}
