import { LIMITS } from './limits.ts';
import { permissionsIn } from './permissions.ts';
import { channelJson, pressingMemberJson } from './wire.ts';
import type { Channel, Guild, Interaction, Member, World } from './world.ts';

export type Place = { readonly guild: Guild; readonly channel: Channel; readonly member: Member };

export const INTERACTION_TYPES: Readonly<Record<Interaction['kind'], number>> = { command: 2, component: 3, autocomplete: 4, modal: 5 };

export function createInteraction(
  world: World,
  place: Place,
  of: Pick<Interaction, 'kind' | 'typed' | 'sourceId' | 'openedBy'>,
): Interaction {
  const id = world.newId();
  const interaction: Interaction = {
    ...of,
    id,
    // A webhook token of an interaction begins like this on Discord too; clients recognise it.
    token: Buffer.from(`interaction:${id}:of the playground`).toString('base64url'),
    createdAtMs: world.clock(),
    user: place.member.user,
    guildId: place.guild.id,
    channelId: place.channel.id,
    firstAnswer: null,
    originalId: null,
    suggestions: null,
    followUpIds: [],
  };
  world.interactions.set(id, interaction);
  return interaction;
}

/** INTERACTION_CREATE as the gateway brings it; the use of a component brings its message with it. */
export function interactionJson(
  world: World,
  { guild, channel, member }: Place,
  interaction: Interaction,
  { data, message }: { readonly data: unknown; readonly message: unknown },
) {
  const bot = guild.members.get(world.bot.id);
  return {
    id: interaction.id,
    application_id: world.bot.id,
    type: INTERACTION_TYPES[interaction.kind],
    token: interaction.token,
    version: 1,
    data,
    ...(message === null ? {} : { message }),
    guild_id: guild.id,
    guild: { id: guild.id, locale: 'en-US', features: [] },
    channel_id: channel.id,
    channel: { ...channelJson(channel), permissions: String(permissionsIn(guild, member, channel)) },
    member: pressingMemberJson(guild, member, channel),
    app_permissions: String(bot === undefined ? 0n : permissionsIn(guild, bot, channel)),
    locale: 'en-US',
    guild_locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: { 0: guild.id },
    context: 0,
    attachment_size_limit: LIMITS.fileBytes,
  };
}
