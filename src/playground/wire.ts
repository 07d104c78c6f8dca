import { permissionsIn } from './permissions.ts';
import type { Channel, Command, Guild, Member, Role, User } from './world.ts';

/** How things look in Discord's JSON. */
export function userJson({ id, name, bot }: User) {
  return { id, username: name, discriminator: '0', global_name: bot ? null : name, avatar: null, bot, public_flags: 0, flags: 0 };
}

export function roleJson({ id, name, permissions, mentionable }: Role, position: number) {
  const color = { color: 0, colors: { primary_color: 0, secondary_color: null, tertiary_color: null } };
  return {
    id,
    name,
    permissions: String(permissions),
    mentionable,
    position,
    hoist: false,
    managed: false,
    flags: 0,
    icon: null,
    ...color,
  };
}

export function memberJson({ user, roleIds, joinedAtMs }: Member) {
  return {
    user: userJson(user),
    roles: roleIds,
    joined_at: isoTime(joinedAtMs),
    nick: null,
    avatar: null,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

/** A member as it comes with an interaction: with what it may do in that channel. */
export function pressingMemberJson(guild: Guild, member: Member, channel: Channel) {
  return { ...memberJson(member), permissions: String(permissionsIn(guild, member, channel)) };
}

export function channelJson({ id, guildId, name, overwrites }: Channel) {
  return {
    id,
    type: 0,
    guild_id: guildId,
    name,
    position: 0,
    permission_overwrites: overwrites.map((overwrite) => ({
      id: overwrite.id,
      type: overwrite.of === 'role' ? 0 : 1,
      allow: String(overwrite.allow),
      deny: String(overwrite.deny),
    })),
    nsfw: false,
    topic: null,
    parent_id: null,
    rate_limit_per_user: 0,
    last_message_id: null,
    flags: 0,
  };
}

export function guildJson({ id, name, ownerId, roles, members, channels }: Guild, bot: User) {
  const me = members.get(bot.id);
  const empty = {
    emojis: [],
    stickers: [],
    features: [],
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
  };
  return {
    id,
    name,
    owner_id: ownerId,
    icon: null,
    unavailable: false,
    large: false,
    joined_at: isoTime(me?.joinedAtMs ?? 0),
    member_count: members.size,
    members: me === undefined ? [] : [memberJson(me)],
    roles: [...roles.values()].map(roleJson),
    channels: [...channels.values()].map(channelJson),
    preferred_locale: 'en-US',
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_progress_bar_enabled: false,
    system_channel_flags: 0,
    ...empty,
  };
}

export function commandJson({ id, guildId, version, form }: Command, applicationId: string) {
  const bits = form.default_member_permissions;
  return {
    ...form,
    id,
    application_id: applicationId,
    ...(guildId === null ? {} : { guild_id: guildId }),
    version,
    type: 1,
    default_member_permissions: bits === undefined || bits === null ? null : String(bits),
    dm_permission: form.dm_permission ?? true,
    nsfw: form.nsfw ?? false,
    contexts: form.contexts ?? null,
    integration_types: form.integration_types ?? [0],
    options: form.options ?? [],
  };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00');
}
