import type { JsonObject } from './json.ts';
import { tickText } from './scales.ts';

/** A price worth a line of its own. */
export type PriceLevel = { readonly label: string; readonly price: number; readonly colour: string; readonly dash: readonly number[] };

/** Names are placed to the nearest of so many steps of the height. */
const STEPS = 200;

/** Height of a name and the space to the next. */
const NAME_PX = 30;

/** Names of levels on the left, each in the colour of its line and beside it; those that would lie on each other move apart. */
export function levelAxis(
  levels: readonly PriceLevel[],
  { min, max }: { readonly min: number; readonly max: number },
  heightPx: number,
): JsonObject {
  const names = new Array<string>(STEPS + 1).fill('');
  const colours = new Array<string>(STEPS + 1).fill('transparent');
  const apart = Math.ceil((NAME_PX / heightPx) * STEPS);
  const fromTop = levels.toSorted((one, other) => other.price - one.price);
  let lowest = Number.NEGATIVE_INFINITY;
  fromTop.forEach(({ label, colour, price }, index) => {
    const at = Math.round(((max - price) / (max - min)) * STEPS);
    // What comes below needs its room too.
    const most = STEPS - (fromTop.length - 1 - index) * apart;
    lowest = Math.min(most, Math.max(at, lowest + apart));
    names[lowest] = label;
    colours[lowest] = colour;
  });
  return {
    type: 'category',
    position: 'left',
    labels: names,
    offset: false,
    border: { display: false },
    grid: { display: false },
    ticks: { ...tickText, color: colours, autoSkip: false, padding: 8 },
  };
}
