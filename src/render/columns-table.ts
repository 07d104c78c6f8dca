import { escapeText } from './escape-text.ts';
import { codeBlock, cut, TABLE_COLUMNS } from './table.ts';

/** A name over its values, one for each column. */
export type ColumnsRow = { readonly name: string; readonly cells: readonly string[] };

/**
 * Values side by side under short heads, each row in two lines so that a phone shows them without wrapping. As many columns as fit beside
 * each other; more go into further tables of about the same width.
 */
export function columnsTables(heads: readonly string[], rows: readonly ColumnsRow[]): readonly string[] {
  const widest = Math.max(...[heads, ...rows.map(({ cells }) => cells)].flat().map((text) => text.length));
  const perTable = Math.max(1, Math.floor(TABLE_COLUMNS / (widest + 1)));
  const tables = Math.ceil(heads.length / perTable);
  const size = Math.ceil(heads.length / tables);
  return Array.from({ length: tables }, (_, table) => {
    const slice = (cells: readonly string[]) => lineOf(cells.slice(table * size, (table + 1) * size), Math.floor(TABLE_COLUMNS / size));
    return codeBlock([slice(heads), ...rows.flatMap(({ name, cells }) => [cut(name), slice(cells)])]);
  });
}

function lineOf(cells: readonly string[], width: number): string {
  return cells.map((cell) => cut(cell, width).padStart(width)).join('');
}

/** What stands over the columns, and the lines that say what it means. */
export type Heads = { readonly heads: readonly string[]; readonly key: readonly string[] };

const HEAD_CHARACTERS = 6;
const KEY_CHARACTERS = 60;

/** The labels where they are short, else the values of the one parameter that they are of, else letters. */
export function headsOf(labels: readonly string[]): Heads {
  const areShort = (texts: readonly string[]) => texts.every((text) => text.length <= HEAD_CHARACTERS);
  if (areShort(labels)) return { heads: labels, key: [] };
  const [first = ''] = labels;
  const name = first.slice(0, first.indexOf('=') + 1);
  const values = labels.map((label) => label.slice(name.length));
  const isOneParameter = name.length > 1 && labels.every((label) => label.startsWith(name));
  if (isOneParameter && areShort(values)) return { heads: values, key: [`Columns: \`${name.slice(0, -1)}\``] };
  const heads = labels.map((_, index) => String.fromCharCode('A'.charCodeAt(0) + index));
  return { heads, key: labels.map((label, index) => `\`${heads[index] ?? ''}\` ${escapeText(cut(label, KEY_CHARACTERS))}`) };
}
