import type { Plan } from '../engine/plan.ts';
import type { Snapshot } from './snapshot.ts';

type Levels = NonNullable<Plan['levels']>;

/** The levels that lie where they say, and what is wrong with the others: a support above the close would break at once, or never. */
export function sortLevels(levels: Levels, snapshot: Snapshot): { readonly levels: Levels | null; readonly problems: readonly string[] } {
  const judged = Object.entries(levels).map(([symbol, { support, resistance }]) => {
    const close = baseClose(snapshot, symbol);
    const isRight = (kind: Kind) => (price: number) => close === null || (kind === 'support' ? price < close : price > close);
    const wrong = (kind: Kind, prices: readonly number[]) =>
      problemsOf(
        prices.filter((price) => !isRight(kind)(price)),
        { symbol, kind, close },
      );
    return {
      symbol,
      levels: { support: support.filter(isRight('support')), resistance: resistance.filter(isRight('resistance')) },
      problems: [...wrong('support', support), ...wrong('resistance', resistance)],
    };
  });
  const left = judged.filter(({ levels: { support, resistance } }) => support.length + resistance.length > 0);
  return {
    levels: left.length === 0 ? null : Object.fromEntries(left.map(({ symbol, levels: right }) => [symbol, right])),
    problems: judged.flatMap(({ problems }) => problems),
  };
}

type Kind = 'support' | 'resistance';

/** Null is not known yet. */
function baseClose({ symbols, constraints }: Snapshot, symbol: string): number | null {
  const [base] = constraints.timeframes;
  return symbols.find((view) => view.symbol === symbol)?.frames.find(({ timeframe }) => timeframe === base)?.close ?? null;
}

const SHOWN = 3;

function problemsOf(
  prices: readonly number[],
  { symbol, kind, close }: { readonly symbol: string; readonly kind: Kind; readonly close: number | null },
): readonly string[] {
  if (prices.length === 0 || close === null) return [];
  const more = prices.length > SHOWN ? ` and ${prices.length - SHOWN} more` : '';
  const side = `${prices.length === 1 ? 'is' : 'are'} not ${kind === 'support' ? 'below' : 'above'}`;
  return [`levels of ${symbol}: ${kind} ${prices.slice(0, SHOWN).map(show).join(' / ')}${more} ${side} the close ${show(close)}`];
}

function show(price: number): string {
  return price.toLocaleString('en-US', { maximumSignificantDigits: 10 });
}
