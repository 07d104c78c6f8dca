import type { Redactor } from './redactor.ts';

/** What a log line may hold. */
export type Loggable = string | number | boolean | null | readonly Loggable[] | { readonly [name: string]: Loggable };

const MAX_DEPTH = 8;
const MAX_ENTRIES = 50;
const MAX_CHARACTERS = 8_000;

/**
 * The facts of an error that are told. Others stay out: libraries hang whole requests on their errors, with what people typed and
 * the password of a login in them.
 */
const ERROR_FACTS = ['code', 'status', 'method', 'url', 'severity', 'detail', 'constraint', 'table'] as const;

export type LoggableFacts = { readonly [name: string]: Loggable };

/** Facts as a log line may hold them: plain, bounded, without secrets. */
export function toLoggable(facts: Readonly<Record<string, unknown>>, redactor: Redactor): LoggableFacts {
  return visitEntries(entriesOf(facts), [facts]);

  function visit(current: unknown, above: readonly object[]): Loggable {
    switch (typeof current) {
      case 'string':
        return text(current);
      case 'number':
        return Number.isFinite(current) ? current : String(current);
      case 'boolean':
        return current;
      case 'object':
        return current === null ? null : visitObject(current, above);
      case 'undefined':
        return null;
      default:
        return text(String(current));
    }
  }

  function visitObject(current: object, above: readonly object[]): Loggable {
    if (above.includes(current)) return '[circular]';
    if (above.length >= MAX_DEPTH) return '[deeper]';
    const within = [...above, current];
    if (current instanceof Error) return visitError(current, within);
    if (current instanceof Date) return Number.isNaN(current.getTime()) ? 'invalid date' : current.toISOString();
    if (current instanceof URL) return text(current.href);
    if (ArrayBuffer.isView(current)) return `[${current.byteLength} bytes]`;
    if (current instanceof Map)
      return visitEntries(
        [...current].map(([name, entry]) => [String(name), entry]),
        within,
      );
    if (Array.isArray(current) || current instanceof Set) return visitList([...current], within);
    return visitEntries(entriesOf(current), within);
  }

  function visitError(error: Error, within: readonly object[]): Loggable {
    const facts = ERROR_FACTS.filter((name) => name in error).map((name) => [name, readFact(error, name)] as const);
    const causes = [
      ...(error.cause === undefined ? [] : [['cause', error.cause] as const]),
      ...(error instanceof AggregateError ? [['errors', error.errors] as const] : []),
      ...(error instanceof SuppressedError ? [['error', error.error] as const, ['suppressed', error.suppressed] as const] : []),
    ];
    const words = [['name', error.name] as const, ['message', error.message] as const, ['stack', error.stack ?? null] as const];
    return visitEntries([...words, ...facts, ...causes], within);
  }

  function visitEntries(entries: readonly (readonly [string, unknown])[], within: readonly object[]): LoggableFacts {
    const told = entries.slice(0, MAX_ENTRIES).map(([name, entry]) => [
      redactor.redactText(name),
      // That there is no secret may be told.
      redactor.isSecretName(name) && entry !== null && entry !== undefined ? redactor.redacted : visit(entry, within),
    ]);
    const more = entries.length - told.length;
    return Object.fromEntries(more === 0 ? told : [...told, ['…', `${more} more`]]);
  }

  function visitList(list: readonly unknown[], within: readonly object[]): Loggable {
    const told = list.slice(0, MAX_ENTRIES).map((entry) => visit(entry, within));
    return told.length === list.length ? told : [...told, `… ${list.length - told.length} more`];
  }

  /** Redacted whole and then cut, so that no secret is cut in two and told by halves. */
  function text(whole: string): string {
    const safe = redactor.redactText(whole);
    return safe.length <= MAX_CHARACTERS ? safe : `${safe.slice(0, MAX_CHARACTERS)}… (${safe.length} characters)`;
  }
}

function entriesOf(current: object): readonly (readonly [string, unknown])[] {
  return Object.keys(current).map((name) => [name, readFact(current, name)] as const);
}

/** A log line must not fail for want of one of its facts. */
function readFact(current: object, name: string): unknown {
  try {
    return Reflect.get(current, name);
  } catch {
    return '[unreadable]';
  }
}
