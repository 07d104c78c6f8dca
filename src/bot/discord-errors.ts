import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js';

/** The reply is gone or its token is: nothing can be written there any more. */
const REPLY_GONE: readonly unknown[] = [
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownChannel,
];

/** Only people can mend these: the channel is gone, or the bot was shut out of it. */
const CHANNEL_CLOSED: readonly unknown[] = [
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
];

export function isReplyGone(error: unknown): boolean {
  return error instanceof DiscordAPIError && REPLY_GONE.includes(error.code);
}

/** The time to answer is over, or somebody else has answered. */
export function isUnknownInteraction(error: unknown): boolean {
  return (
    error instanceof DiscordAPIError &&
    (error.code === RESTJSONErrorCodes.UnknownInteraction || error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)
  );
}

/** Somebody has given the first answer; it may have been ourselves, when Discord's word of it was lost. */
export function isAlreadyAcknowledged(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
}

/** Sending the same message again would be refused again. */
export function neverSucceeds(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  return CHANNEL_CLOSED.includes(error.code) || error.status === 400 || error.status === 413;
}

/** Only a refusal in Discord's own words proves that the message was not accepted; otherwise the answer may have been lost. */
export function mayHaveBeenAccepted(error: unknown): boolean {
  return !(error instanceof DiscordAPIError);
}

const TOKEN_IN_PATH = /(\/(?:webhooks|interactions)\/\d+\/)[^/?]+/g;

/** Takes the token of an interaction off an error of discord.js before anybody logs it: with it anybody could answer in our name. */
export function withoutToken(error: unknown): unknown {
  for (let link = error; link instanceof Error; link = link.cause) {
    link.message = link.message.replaceAll(TOKEN_IN_PATH, '$1…');
    if ('url' in link && typeof link.url === 'string') link.url = link.url.replaceAll(TOKEN_IN_PATH, '$1…');
  }
  return error;
}
