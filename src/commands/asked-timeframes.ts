import { TIMEFRAMES, type Timeframe } from '../engine/bar.ts';
import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { quote } from './asked-number.ts';
import { splitList } from './asked-symbols.ts';

export type Timeframes = readonly [Timeframe, ...Timeframe[]];

const COMPANIONS = 2;

/** A base timeframe named alone brings the next higher ones with it, so that a plan can look at them. */
export function withHigherTimeframes(base: Timeframe): Timeframes {
  const index = TIMEFRAMES.indexOf(base);
  return [base, ...TIMEFRAMES.slice(index + 1, index + 1 + COMPANIONS)];
}

/** Reads `5m, 15m, 1h`: the base timeframe first, which must be the lowest, the others ascending. Taken as it is. */
export function askedTimeframes(text: string): Timeframes {
  const [base, ...higher] = splitList(text).map(askedTimeframe);
  if (base === undefined) throw new Refusal(`timeframes is ${quote(text)}; name the base timeframe first, e.g. 5m, 15m, 1h`);

  const timeframes: Timeframes = [base, ...higher];
  const ascending = TIMEFRAMES.filter((timeframe) => timeframes.includes(timeframe));
  if (ascending.length < timeframes.length) {
    throw new Refusal(`timeframes is ${timeframes.join(', ')}; name each timeframe once, e.g. ${ascending.join(', ')}`);
  }
  if (ascending.join() !== timeframes.join()) {
    throw new Refusal(`timeframes is ${timeframes.join(', ')}; the base comes first and is the lowest, e.g. ${ascending.join(', ')}`);
  }
  return timeframes;
}

export function askedTimeframe(word: string): Timeframe {
  const timeframe = TIMEFRAMES.find((candidate) => candidate === word.toLowerCase());
  if (timeframe !== undefined) return timeframe;
  throw new Refusal(
    `There is no timeframe ${quote(word)}; the nearest is ${nearestName(word, TIMEFRAMES)} (all: ${TIMEFRAMES.join(', ')})`,
  );
}
