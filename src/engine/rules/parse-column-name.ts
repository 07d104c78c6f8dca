import { COLUMN_NAMES, type ColumnName } from '../indicators/indicator-names.ts';
import { nearestName } from '../nearest-name.ts';
import { quote, refuseAt } from './term.ts';

/** The column of that name; a name that is none is refused with those that were likely meant. */
export function parseColumnName(word: string, start: number): ColumnName {
  const name = COLUMN_NAMES.find((known) => known === word);
  if (name !== undefined) return name;
  const stem = word.replace(/(?:_?\d+)+$/, '');
  const family = COLUMN_NAMES.filter((known) => known.startsWith(`${stem}_`));
  const meant = COLUMN_NAMES.some((known) => known === stem) ? [stem] : family.length > 0 ? family : [nearestName(stem, COLUMN_NAMES)];
  const why = stem === word ? '' : ' (names never carry a period; periods belong to indicator_mode)';
  throw refuseAt(start, `unknown name "${quote(word)}"${why}; did you mean ${meant.join(' or ')}?`);
}
