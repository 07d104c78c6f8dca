import { channelJson, guildJson, roleJson } from './wire.ts';
import { addChannel, addGuild, addRole, type Guild, join, type Overwrite, removeChannel, type World } from './world.ts';

type NewChannel = { readonly name: string; readonly guildId?: string; readonly overwrites?: readonly Overwrite[] };
type NewRole = { readonly name: string; readonly permissions?: bigint; readonly mentionable?: boolean; readonly guildId?: string };
type NewMember = {
  readonly name: string;
  /** Beyond those of everybody; they come by a role of the member's own. */
  readonly permissions?: bigint;
  /** Ids of roles. */
  readonly roles?: readonly string[];
  readonly guildId?: string;
};
type Announce = (type: string, body: unknown) => void;

/** Servers, channels, roles and members: some from the start, more as asked for. A connected bot hears of them. */
export function createPlaces(world: World, announce: Announce) {
  const guildOf = (guildId: string): Guild => {
    const guild = world.guilds.get(guildId);
    if (guild === undefined) throw new Error(`There is no server ${guildId}; use an id that addGuild returned.`);
    return guild;
  };
  const newRole = (guild: Guild, { name, permissions = 0n, mentionable = false }: NewRole): string => {
    const role = addRole(world, guild, { name, permissions, mentionable });
    announce('GUILD_ROLE_CREATE', { guild_id: guild.id, role: roleJson(role, guild.roles.size - 1) });
    return role.id;
  };
  const newMember = (guild: Guild, { name, permissions = 0n, roles = [] }: NewMember): string => {
    const own = permissions === 0n ? [] : [newRole(guild, { name: `${name}'s`, permissions })];
    return join(world, guild, { id: world.newId(), name, bot: false }, [...roles, ...own]).user.id;
  };
  const newChannel = (guild: Guild, { name, overwrites = [] }: NewChannel): string => {
    const channel = addChannel(world, guild, { name, overwrites });
    announce('CHANNEL_CREATE', channelJson(channel));
    return channel.id;
  };

  const first = addGuild(world, 'Trading floor');
  const home = { guildId: first.id, channelId: newChannel(first, { name: 'desk' }), userId: newMember(first, { name: 'ana' }) };

  return {
    /** The server, its text channel and an ordinary member, there from the start. */
    home,
    /** A further server with one channel. */
    addGuild: (name: string): { readonly guildId: string; readonly channelId: string } => {
      const guild = addGuild(world, name);
      const { id } = addChannel(world, guild, { name: 'general', overwrites: [] });
      announce('GUILD_CREATE', guildJson(guild, world.bot));
      return { guildId: guild.id, channelId: id };
    },
    addChannel: (channel: NewChannel): string => newChannel(guildOf(channel.guildId ?? home.guildId), channel),
    /** Deletes a channel with everything that was said in it. */
    removeChannel: (channelId: string): void => {
      const channel = world.channels.get(channelId);
      if (channel === undefined) throw new Error(`There is no channel ${channelId}; use an id that addChannel returned.`);
      removeChannel(world, channel);
      announce('CHANNEL_DELETE', channelJson(channel));
    },
    addRole: (role: NewRole): string => newRole(guildOf(role.guildId ?? home.guildId), role),
    addMember: (member: NewMember): string => newMember(guildOf(member.guildId ?? home.guildId), member),
    setMemberRoles: (userId: string, roles: readonly string[], guildId: string = home.guildId): void => {
      const member = guildOf(guildId).members.get(userId);
      if (member === undefined) throw new Error(`There is no member ${userId} in ${guildId}; use an id that addMember returned for it.`);
      member.roleIds = roles;
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;
