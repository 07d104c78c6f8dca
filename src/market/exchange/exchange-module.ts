import { readdirSync } from 'node:fs';
import type { Exchange as CcxtClient } from 'ccxt';
import { nearestName } from '../../engine/nearest-name.ts';
import { Refusal } from '../../engine/refusal.ts';

export type CcxtClass = new (config: Readonly<Record<string, unknown>>) => CcxtClient;

/** ccxt's class of one exchange. The package itself would load all of its exchanges, for half a second and 60 MB. */
export async function loadExchangeClass(exchangeId: string): Promise<CcxtClass> {
  const known = listExchangeIds();
  if (!known.includes(exchangeId)) {
    throw new Refusal(
      `"${exchangeId}" is not an exchange we know. Did you mean ${nearestName(exchangeId, known)}? Wanted one of ccxt's ${known.length}, e.g. coinbase, binanceusdm, bybit, okx, kraken or hyperliquid.`,
    );
  }
  const module: unknown = await import(new URL(`${exchangeId}.js`, SOURCES).href);
  return readDefault(module, isClass);
}

/** Of ccxt's own errors, those that another try may not meet, and those it will; an error of any other kind is foreign. */
export type ErrorKind = 'passing' | 'lasting' | 'foreign';

export async function loadErrorKinds(): Promise<(error: unknown) => ErrorKind> {
  const module: unknown = await import(new URL('base/errors.js', SOURCES).href);
  const { BaseError, OperationFailed } = readDefault(module, isErrorList);
  return (error) => (error instanceof OperationFailed ? 'passing' : error instanceof BaseError ? 'lasting' : 'foreign');
}

// The package exports no single exchange, so it is found beside the package's main file.
const SOURCES = new URL('src/', import.meta.resolve('ccxt'));

function listExchangeIds(): string[] {
  return readdirSync(SOURCES)
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -'.js'.length));
}

function readDefault<T>(module: unknown, isWanted: (value: unknown) => value is T): T {
  if (typeof module === 'object' && module !== null && 'default' in module && isWanted(module.default)) return module.default;
  throw new Error('A module of ccxt has another shape than that of 4.5; look at its release notes.');
}

const isClass = (value: unknown): value is CcxtClass => typeof value === 'function';

type ErrorList = { readonly BaseError: new () => Error; readonly OperationFailed: new () => Error };

const isErrorList = (value: unknown): value is ErrorList => {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'BaseError' in value &&
    typeof value.BaseError === 'function' &&
    'OperationFailed' in value &&
    typeof value.OperationFailed === 'function'
  );
};
