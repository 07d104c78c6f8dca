/** What a member tries and Discord's own client would not let through, so that the bot never hears of it. */
export class CannotSend extends Error {
  override readonly name = 'CannotSend';
}
