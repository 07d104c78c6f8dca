import { symbolSchema } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { MAX_SYMBOLS } from '../engine/run-spec.ts';
import { quote } from './asked-number.ts';

const EXAMPLE = 'BTC-USD, ETH-USD';

/** Reads `BTC-USD, ETH-USD`: in any case, with commas or spaces between. */
export function askedSymbols(text: string): readonly string[] {
  const words = splitList(text);
  if (words.length === 0) throw new Refusal(`symbols is ${quote(text)}; name at least one market, e.g. ${EXAMPLE}`);

  const symbols = words.map(parseSymbol);
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) < index);
  if (twice !== undefined)
    throw new Refusal(`symbols names ${twice} twice; name each market once, e.g. ${[...new Set(symbols)].join(', ')}`);
  if (symbols.length > MAX_SYMBOLS) {
    throw new Refusal(`symbols names ${symbols.length} markets; a run trades at most ${MAX_SYMBOLS}, e.g. ${EXAMPLE}`);
  }
  return symbols;
}

/** One market alone. */
export function askedSymbol(text: string): string {
  const [symbol = '', ...others] = askedSymbols(text);
  if (others.length === 0) return symbol;
  throw new Refusal(`symbol is ${quote(text)}, which names ${others.length + 1} markets; name one, e.g. symbol ${symbol}`);
}

export function splitList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function parseSymbol(word: string): string {
  const parsed = symbolSchema.safeParse(word.toUpperCase());
  if (parsed.success) return parsed.data;
  throw new Refusal(`${quote(word)} is no market; it must be BASE-QUOTE, e.g. ${suggest(word)}`);
}

/** What the person probably meant, when only the dash is missing; otherwise an example. */
function suggest(word: string): string {
  const letters = word.toUpperCase();
  return [letters.replaceAll(/[/_:]/g, '-'), `${letters}-USD`].find((candidate) => symbolSchema.safeParse(candidate).success) ?? 'BTC-USD';
}
