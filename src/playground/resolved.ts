import { upload } from './attachments.ts';
import { CannotSend } from './cannot-send.ts';
import type { Place } from './interaction-payload.ts';
import { attachmentJson } from './message-json.ts';
import type { LeafOption } from './option-form.ts';
import { OPTION } from './option-type.ts';
import { isFile, type OptionValue } from './option-value.ts';
import { permissionsIn } from './permissions.ts';
import { channelJson, pressingMemberJson, roleJson, userJson } from './wire.ts';
import type { World } from './world.ts';

export type Given = { readonly option: LeafOption; readonly value: OptionValue };

type Table = 'users' | 'members' | 'roles' | 'channels' | 'attachments';
type Resolved = Partial<Record<Table, Record<string, unknown>>>;

/** Options as they travel: ids in the values, and what the ids mean beside them. */
export function resolveOptions(world: World, place: Place, given: readonly Given[]) {
  const resolved: Resolved = {};
  const tell = (table: Table, id: string, json: unknown) => {
    resolved[table] = { ...resolved[table], [id]: json };
  };
  const values = given.map(({ option, value }) => {
    const { name, type } = option;
    if (isFile(value)) {
      const { contentType = 'application/octet-stream', ...file } = value;
      const attachment = upload(world, place.channel.id, { ...file, contentType, description: null });
      tell('attachments', attachment.id, attachmentJson(attachment));
      return { name, type, value: attachment.id };
    }
    if (typeof value === 'string') resolveId(place, { option, id: value, tell });
    return { name, type, value };
  });
  return { values, resolved };
}

type Naming = { readonly option: LeafOption; readonly id: string; readonly tell: (table: Table, id: string, json: unknown) => void };

function resolveId(place: Place, { option: { name, type }, id, tell }: Naming): void {
  const { guild } = place;
  const member = guild.members.get(id);
  const role = guild.roles.get(id);
  const channel = guild.channels.get(id);

  if ((type === OPTION.user || type === OPTION.mentionable) && member !== undefined) {
    const { user: _, ...rest } = pressingMemberJson(guild, member, place.channel);
    tell('users', id, userJson(member.user));
    tell('members', id, rest);
  } else if ((type === OPTION.role || type === OPTION.mentionable) && role !== undefined) {
    tell('roles', id, roleJson(role, 0));
  } else if (type === OPTION.channel && channel !== undefined) {
    tell('channels', id, { ...channelJson(channel), permissions: String(permissionsIn(guild, place.member, channel)) });
  } else if (type === OPTION.user || type === OPTION.role || type === OPTION.channel || type === OPTION.mentionable) {
    throw new CannotSend(`Option ${name} is ${id}; ${guild.name} has nothing of that kind under this id.`);
  }
}
