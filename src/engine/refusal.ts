/**
 * Input we will not act on. The message is shown to people as written: it says what was seen,
 * what was wanted and what to type instead. Anything else that is thrown is a bug.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
