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

/** Sending the same message again would be refused again. */
export function neverSucceeds(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  return CHANNEL_CLOSED.includes(error.code) || error.status === 400 || error.status === 413;
}

/** Only a refusal in Discord's own words proves that the message was not accepted; otherwise the answer may have been lost. */
export function mayHaveBeenAccepted(error: unknown): boolean {
  return !(error instanceof DiscordAPIError);
}
