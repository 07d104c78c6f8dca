import { z } from 'zod';
import { refuse } from './api-error.ts';
import { parseForm } from './form.ts';
import { LIMITS } from './limits.ts';
import { messageJson } from './message-json.ts';
import { deleteMessage, editMessage, findMessage, MESSAGE_TYPES, sendMessage } from './messages.ts';
import { holds, PERMISSIONS } from './permission-bits.ts';
import { permissionsIn } from './permissions.ts';
import { type Bucket, type Call, NO_CONTENT, ok, type Route } from './route.ts';
import { isOlder, isSnowflake } from './snowflake.ts';
import { channelJson } from './wire.ts';
import type { Channel, Message, World } from './world.ts';

const bucket = (name: string, limit: number): Bucket => ({ name, limit, windowMs: 5_000, major: ['channelId'] });

const MESSAGES = '/channels/:channelId/messages';
const MESSAGE = `${MESSAGES}/:messageId`;

/** Messages of a channel, read and written by the bot. */
export function channelRoutes(world: World): readonly Route[] {
  const auth = 'bot';
  const messageOf = (call: Call) => {
    const message = findMessage(world, openChannel(world, call, PERMISSIONS.viewChannel).id, call.param('messageId'));
    // An ephemeral message is only reachable by its interaction.
    if (message.ephemeral) throw refuse('unknownMessage');
    return message;
  };
  return [
    {
      name: 'get-channel',
      method: 'GET',
      path: '/channels/:channelId',
      auth,
      bucket: null,
      run: (call) => ok(channelJson(openChannel(world, call, PERMISSIONS.viewChannel))),
    },
    {
      name: 'show-typing',
      method: 'POST',
      path: '/channels/:channelId/typing',
      auth,
      bucket: bucket('typing', 5),
      run: (call) => {
        openChannel(world, call, PERMISSIONS.sendMessages);
        return NO_CONTENT;
      },
    },
    {
      name: 'send-message',
      method: 'POST',
      path: MESSAGES,
      auth,
      bucket: bucket('messages', 5),
      run: (call) => ok(messageJson(world, send(world, call))),
    },
    {
      name: 'list-messages',
      method: 'GET',
      path: MESSAGES,
      auth,
      bucket: bucket('history', 5),
      run: (call) => ok(readHistory(world, call).map((message) => messageJson(world, message))),
    },
    {
      name: 'get-message',
      method: 'GET',
      path: MESSAGE,
      auth,
      bucket: bucket('message', 5),
      run: (call) => ok(messageJson(world, messageOf(call))),
    },
    {
      name: 'edit-message',
      method: 'PATCH',
      path: MESSAGE,
      auth,
      bucket: bucket('edits', 5),
      run: (call) => {
        const message = messageOf(call);
        if (message.author.id !== world.bot.id) throw refuse('otherAuthor');
        return ok(messageJson(world, editMessage(world, message, call.body, call.files)));
      },
    },
    {
      name: 'delete-message',
      method: 'DELETE',
      path: MESSAGE,
      auth,
      bucket: bucket('deletes', 5),
      run: (call) => {
        const message = messageOf(call);
        if (message.author.id !== world.bot.id) openChannel(world, call, PERMISSIONS.manageMessages);
        deleteMessage(world, message);
        return NO_CONTENT;
      },
    },
  ];
}

/** The channel of the call, if the bot may see it and holds the permissions. */
function openChannel(world: World, call: Call, wanted: bigint): Channel {
  const channel = world.channels.get(call.param('channelId'));
  if (channel === undefined) throw refuse('unknownChannel');
  const guild = world.guilds.get(channel.guildId);
  const member = guild?.members.get(world.bot.id);
  const held = guild !== undefined && member !== undefined ? permissionsIn(guild, member, channel) : 0n;
  if (!holds(held, PERMISSIONS.viewChannel)) throw refuse('missingAccess');
  if (!holds(held, wanted)) throw refuse('missingPermissions');
  return channel;
}

function send(world: World, call: Call): Message {
  const { body, files } = call;
  const embeds = typeof body === 'object' && body !== null && 'embeds' in body && Array.isArray(body.embeds) && body.embeds.length > 0;
  const wanted = PERMISSIONS.sendMessages | (files.length > 0 ? PERMISSIONS.attachFiles : 0n) | (embeds ? PERMISSIONS.embedLinks : 0n);
  const channel = openChannel(world, call, wanted);
  return sendMessage(world, { channelId: channel.id, author: world.bot, type: MESSAGE_TYPES.ordinary, interaction: null, body, files });
}

const historySchema = z.object({
  limit: z.coerce.number().int().min(1).max(LIMITS.historyMessages).default(50).describe('Most messages; 1–100'),
  before: z.string().refine(isSnowflake).optional().describe('Only older than this id'),
  after: z.string().refine(isSnowflake).optional().describe('Only younger than this id'),
});

/** Newest first, as Discord lists them; with `after`, those that follow the id directly. */
function readHistory(world: World, call: Call): readonly Message[] {
  const channel = openChannel(world, call, PERMISSIONS.readHistory);
  const { limit, before, after } = parseForm(historySchema, Object.fromEntries(call.query));
  const messages = (world.messages.get(channel.id) ?? []).filter(
    (message) =>
      !message.ephemeral && (before === undefined || isOlder(message.id, before)) && (after === undefined || isOlder(after, message.id)),
  );
  const chosen = after === undefined ? messages.slice(-limit) : messages.slice(0, limit);
  return chosen.toReversed();
}
