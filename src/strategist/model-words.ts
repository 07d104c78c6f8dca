/** Every text in it as words that can be kept and shown: whole characters, one line, nothing that does not show, no address. */
export function cleanTexts<Value>(value: Value): Value {
  // Only what texts say is changed, so that the shape is the same.
  return cleanDeep(value) as Value;
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cleanDeep(each)]));
}

/** Text of others on one clean line, no longer than a line or two. */
export function tidy(text: string, length = 300): string {
  return cutText(cleanText(text), length);
}

/** Cut between characters, so that no half of one is left. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(HALF_CHARACTER, '')}…`;
}

/** The first half of a character at the end. */
const HALF_CHARACTER = /[\ud800-\udbff]$/;

function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .replace(ADDRESS, '(link left out)')
    .replace(LOGIN, '//');
}

/** It ends where the JSON around it goes on. Schemes are short: a longer search would be slow on a long text. */
const ADDRESS = /\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s"'<>()[\]{}]*/gi;

/** A name and a password in front of a server's name. */
const LOGIN = /\/\/[^\s/@]*@/g;
