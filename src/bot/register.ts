import { type REST, Routes } from 'discord.js';
import type { Command } from '../commands/command.ts';

type Registration = {
  readonly rest: Pick<REST, 'get' | 'put'>;
  readonly applicationId: string;
  /** Where the commands are there at once; null registers them everywhere. */
  readonly guildId: string | null;
  readonly commands: readonly Pick<Command, 'definition'>[];
};

/** Makes the registered commands those of the list. Writes only when they differ: Discord counts how often commands are made. */
export async function registerCommands({ rest, applicationId, guildId, commands }: Registration): Promise<'registered' | 'unchanged'> {
  const route = guildId === null ? Routes.applicationCommands(applicationId) : Routes.applicationGuildCommands(applicationId, guildId);
  const wanted = commands.map(({ definition }) => definition.toJSON());
  const registered = await rest.get(route);

  // Where a command may be given is no property of a guild's own commands.
  const compared = guildId === null ? [...COMPARED, 'contexts'] : COMPARED;
  if (Array.isArray(registered) && fingerprint(registered, compared) === fingerprint(wanted, compared)) return 'unchanged';
  await rest.put(route, { body: wanted });
  return 'registered';
}

/** What a command is to those who give it; Discord adds ids, versions and defaults of its own. */
const COMPARED = [
  'name',
  'description',
  'default_member_permissions',
  'options',
  'type',
  'required',
  'autocomplete',
  'choices',
  'value',
  'min_value',
  'max_value',
  'min_length',
  'max_length',
];

const SLASH_COMMAND = 1;

function fingerprint(commands: readonly unknown[], compared: readonly string[]): string {
  return JSON.stringify(commands.map((command) => essence({ type: SLASH_COMMAND, ...Object(command) }, compared)).toSorted(byName));
}

/** Only what is compared, in one order; false, null and nothing at all say the same. */
function essence(part: unknown, compared: readonly string[]): unknown {
  if (Array.isArray(part)) return part.map((item) => essence(item, compared));
  if (typeof part !== 'object' || part === null) return part;
  const fields = new Map<string, unknown>(Object.entries(part));
  return compared.flatMap((name) => {
    const value = fields.get(name);
    const isNothing = value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);
    return isNothing ? [] : [[name, essence(value, compared)]];
  });
}

/** Discord lists commands in an order of its own. */
function byName(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
