import type { Choice } from './command.ts';

export type { Choice } from './command.ts';

const CHARACTERS = 100;
const MOST = 25;

/** What Discord takes: 25 different values. One that is too long to be sent is left out, a name that is too long is shortened. */
export function fitChoices(choices: readonly Choice[]): readonly Choice[] {
  const fitting = choices.filter(({ value }) => value.length > 0 && value.length <= CHARACTERS);
  const different = fitting.filter(({ value }, index) => fitting.findIndex((other) => other.value === value) === index);
  return different.slice(0, MOST).map(({ name, value }) => ({ name: shorten(name), value }));
}

function shorten(name: string): string {
  return name.length <= CHARACTERS ? name : `${name.slice(0, CHARACTERS - 1)}…`;
}
