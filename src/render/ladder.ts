import type { LiquidationRung } from '../engine/liquidation-ladder.ts';
import { type ColumnsRow, columnsTables } from './columns-table.ts';
import { fixed, orNotAvailable, short } from './number-text.ts';
import { discordTime, shortTime } from './time-text.ts';

/** The ladder as tables of two-line rows, and the words without which they would mislead. */
export function ladderParts(ladder: readonly LiquidationRung[], heads: readonly string[]): { tables: readonly string[]; words: string } {
  return { tables: columnsTables(heads, ladderRows(ladder)), words: ladderWords(ladder, heads) };
}

function ladderRows(ladder: readonly LiquidationRung[]): readonly ColumnsRow[] {
  const row = (name: string, show: (rung: LiquidationRung) => string): ColumnsRow => ({ name, cells: ladder.map(show) });
  const time = ({ nearest_time: timeMs }: LiquidationRung) => (timeMs === null ? ['–', '–'] : shortTime(timeMs).split(' '));
  return [
    row('Largest entry, price', ({ largest }) => orNotAvailable(largest, ({ entry_price }) => tightPrice(entry_price))),
    row('Liquidated at', ({ largest }) =>
      orNotAvailable(largest, ({ liquidation_price: price }) => (price === null ? 'never' : tightPrice(price))),
    ),
    row('Nearest approach, %', ({ nearest_pct }) => orNotAvailable(nearest_pct, (pct) => fixed(pct, 1))),
    row(' day', (rung) => time(rung)[0] ?? '–'),
    row(' UTC', (rung) => time(rung)[1] ?? '–'),
    row('Bars in the last 20 %', ({ near_bars }) => fixed(near_bars, 0)),
    row('Liquidated, model venue', ({ liquidations }) => fixed(liquidations.venue, 0)),
    row(' model flat', ({ liquidations }) => fixed(liquidations.flat, 0)),
    row(' model half_initial', ({ liquidations }) => fixed(liquidations.half_initial, 0)),
    row('Chance of liquidation, %', ({ chance }) => orNotAvailable(chance, ({ pct }) => tightPct(pct))),
    row(' from, %', ({ chance }) => orNotAvailable(chance, ({ low_pct }) => tightPct(low_pct))),
    row(' to, %', ({ chance }) => orNotAvailable(chance, ({ high_pct }) => tightPct(high_pct))),
  ];
}

function ladderWords(ladder: readonly LiquidationRung[], heads: readonly string[]): string {
  const [first] = ladder;
  const common = first?.common_positions ?? 0;
  const stops = ladder.flatMap(({ stopped }, index) =>
    stopped === null ? [] : [`${heads[index] ?? ''} ${discordTime(stopped.time)} (${stopped.cause.replaceAll('_', ' ')})`],
  );
  return [
    `Approaches: over the ${fixed(common, 0)} ${common === 1 ? 'position' : 'positions'} that all held.`,
    ...chanceWords(ladder),
    ...(stops.length === 0 ? [] : [`Stopped early: ${stops.join(', ')}.`]),
  ].join(' ');
}

function chanceWords(ladder: readonly LiquidationRung[]): readonly string[] {
  const chances = ladder.flatMap(({ chance }) => (chance === null ? [] : [chance]));
  if (chances.length === 0) return ['The range is too short to tell a chance.'];
  const resamples = Math.max(...chances.map((chance) => chance.resamples));
  if (resamples === 0) return ['Chance: none, in whatever order the same days come, since stops stand before.'];
  return [`Chance: the same positions on ${fixed(resamples, 0)} redrawn markets, with its 90 % range.`];
}

/** As many digits as say something, in as little room as can be. */
function tightPrice(value: number): string {
  if (value >= 100_000) return `${fixed(value / 1_000, 1)}k`;
  if (value >= 1_000) return fixed(value, 0);
  if (value >= 100) return fixed(value, 1);
  return value >= 1 ? fixed(value, 3) : value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

function tightPct(value: number): string {
  return value >= 10 ? fixed(value, 0) : short(value, 1);
}
