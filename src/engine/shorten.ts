const SHOWN_CHARACTERS = 60;

/** What was typed, short enough to be shown in a refusal beside what was wanted; never half of an emoji, which is no valid text. */
export function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS - 3).toWellFormed()}…`;
}
