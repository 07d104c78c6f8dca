import type { Candles } from '../candles.ts';
import { FAMILY_OF, type Family, type FamilyStates, KERNELS } from './families.ts';
import { BAR_COLUMN_NAMES, type ColumnName, INDICATOR_NAMES, type IndicatorName } from './indicator-names.ts';
import { type Columns, columnFor, type Kernel, type Span } from './kernel.ts';
import type { IndicatorPeriods } from './periods.ts';

/** The running numbers of the families in use, in front of the next bar: plain JSON, {} before the first bar. */
export type IndicatorStates = Readonly<Partial<FamilyStates>>;

/** Whole columns for the names, and for those that come out of the same passes. */
export function computeColumns(
  names: Iterable<IndicatorName>,
  candles: Candles,
  periods: IndicatorPeriods,
): Map<IndicatorName, Float64Array> {
  const barCount = candles.close.length;
  const columns = emptyColumns(withSiblings(names), barCount);
  extendColumns({}, { candles, from: 0, to: barCount }, columns, periods);
  return columns;
}

export function computeIndicator(name: IndicatorName, candles: Candles, periods: IndicatorPeriods): Float64Array {
  return columnFor(computeColumns([name], candles, periods), name);
}

/**
 * Writes the span's values into the columns and returns the states in front of the next bar. The columns decide which
 * families run and must hold a family's names all or not at all (`withSiblings`). Of the bars before the span,
 * `lookbackBars` must be there.
 */
export function extendColumns(states: IndicatorStates, span: Span, columns: Columns, periods: IndicatorPeriods): IndicatorStates {
  const next: { -readonly [Name in Family]?: FamilyStates[Name] } = {};
  const families = new Set<Family>();
  for (const name of columns.keys()) families.add(FAMILY_OF[name]);
  for (const family of families) extendFamily(family, next);
  return next;

  function extendFamily<Name extends Family>(family: Name, target: { [Each in Name]?: FamilyStates[Each] }): void {
    const kernel: Kernel<FamilyStates[Name]> = KERNELS[family](periods);
    const state: FamilyStates[Name] = states[family] ?? kernel.start;
    target[family] = kernel.extend(state, span, columns);
  }
}

/** The states of every family after the span, without its values. */
export function passOverBars(states: IndicatorStates, span: Span, periods: IndicatorPeriods): IndicatorStates {
  const next: { -readonly [Name in Family]?: FamilyStates[Name] } = {};
  for (const family of SIBLINGS.keys()) passOver(family, next);
  return next;

  function passOver<Name extends Family>(family: Name, target: { [Each in Name]?: FamilyStates[Each] }): void {
    const kernel: Kernel<FamilyStates[Name]> = KERNELS[family](periods);
    const state: FamilyStates[Name] = states[family] ?? kernel.start;
    const passed = kernel.passOver?.(state, span.to - span.from);
    target[family] = passed ?? kernel.extend(state, span, emptyColumns(SIBLINGS.get(family) ?? [], span.to));
  }
}

/** Earlier bars that must be there to extend every column. */
export function mostLookbackBars(periods: IndicatorPeriods): number {
  return Math.max(...Array.from(SIBLINGS.keys(), (family) => KERNELS[family](periods).lookbackBars));
}

/** The names and all others of their families, in reading order. */
export function withSiblings(names: Iterable<IndicatorName>): readonly IndicatorName[] {
  const families = new Set(Array.from(names, (name) => FAMILY_OF[name]));
  return INDICATOR_NAMES.filter((name) => families.has(FAMILY_OF[name]));
}

/** The name and all others of its family. */
export function siblingsOf(name: IndicatorName): readonly IndicatorName[] {
  return SIBLINGS.get(FAMILY_OF[name]) ?? [];
}

const SIBLINGS: ReadonlyMap<Family, readonly IndicatorName[]> = Map.groupBy(INDICATOR_NAMES, (name) => FAMILY_OF[name]);

/** Bars up to and with the first known value; a bar's own columns are known at once. */
export function warmUpBars(name: ColumnName, periods: IndicatorPeriods): number {
  if (!isIndicator(name)) return 1;
  const bars = KERNELS[FAMILY_OF[name]](periods).warmUpBars[name];
  if (bars === undefined) throw new Error(`Family ${FAMILY_OF[name]} does not say how many bars ${name} needs.`);
  return bars;
}

/** Earlier bars that must still be there to extend the column by one. */
export function lookbackBars(name: ColumnName, periods: IndicatorPeriods): number {
  if (!isIndicator(name)) return 0;
  return KERNELS[FAMILY_OF[name]](periods).lookbackBars;
}

function emptyColumns(names: readonly IndicatorName[], barCount: number): Map<IndicatorName, Float64Array> {
  return new Map(names.map((name) => [name, new Float64Array(barCount)]));
}

export function isIndicator(name: ColumnName): name is IndicatorName {
  return !BAR_COLUMN_NAMES.some((column) => column === name);
}
