import { symbolSchema } from '../engine/bar.ts';
import { MAX_SYMBOLS } from '../engine/run-spec.ts';
import { splitList } from './asked-symbols.ts';
import { type Choice, fitChoices } from './choices.ts';

/** Always there, because the simulated market is. */
export const MAJORS = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD', 'ADA-USD', 'DOGE-USD', 'AVAX-USD', 'LINK-USD', 'LTC-USD', 'DOT-USD'];

/** Completes the last symbol of a list; the markets of which bars are kept come first. */
export function suggestSymbols(text: string, known: readonly string[]): readonly Choice[] {
  const [, before = '', last = ''] = /^([\s\S]*[\s,])?([^\s,]*)$/.exec(text) ?? [];
  const typed = last.toUpperCase();
  const given = splitList(before).map((symbol) => symbol.toUpperCase());
  if (given.length >= MAX_SYMBOLS) return [];

  const open = [...new Set([...known, ...MAJORS])].filter((symbol) => !given.includes(symbol));
  const begins = open.filter((symbol) => symbol.startsWith(typed));
  const contains = open.filter((symbol) => !symbol.startsWith(typed) && symbol.includes(typed));
  const own = symbolSchema.safeParse(typed).success && !given.includes(typed) ? [typed] : [];
  const head = given.map((symbol) => `${symbol}, `).join('');
  return fitChoices([...begins, ...contains, ...own].map((symbol) => ({ name: `${head}${symbol}`, value: `${head}${symbol}` })));
}

/** One market alone. */
export function suggestSymbol(text: string, known: readonly string[]): readonly Choice[] {
  return /[\s,]/.test(text.trim()) ? [] : suggestSymbols(text.trim(), known);
}
