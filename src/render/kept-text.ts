import type { FilledForm } from './form.ts';

/** No value of any parameter is longer. */
const KEPT_CHARACTERS = 190;
/** Five of them fit in one message, whatever was typed. */
const WRITTEN_CHARACTERS = 200;

/**
 * What was typed into a form, as lines of a message that can be read back: the message is where it is kept, so that it is there
 * after any restart. What can be no value because of its length is cut, and the line says so.
 */
export function writeKept(filled: FilledForm): string {
  return [...filled].map(([id, typed]) => lineOf(id, typed)).join('\n');
}

/** The same lines of a message back; other lines are passed over. */
export function readKept(text: string): FilledForm {
  return new Map(
    [...text.matchAll(/^`([a-z_]+)` `("(?:[^"\\`]|\\.)*")`/gm)].flatMap(([, id = '', written = '']) => {
      const typed = parseWritten(written);
      return typed === null ? [] : [[id, typed] as const];
    }),
  );
}

function lineOf(id: string, typed: string): string {
  let kept = typed.toWellFormed().slice(0, KEPT_CHARACTERS);
  while (written(kept).length > WRITTEN_CHARACTERS) kept = kept.slice(0, -10);
  const cut = kept.length < typed.length ? ` – the first ${kept.length} of ${typed.length.toLocaleString('en-US')} characters` : '';
  return `\`${id}\` \`${written(kept.toWellFormed())}\`${cut}`;
}

/** A backtick would end the code that Discord shows as it is. */
function written(text: string): string {
  return JSON.stringify(text).replaceAll('`', '\\u0060');
}

function parseWritten(text: string): string | null {
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}
