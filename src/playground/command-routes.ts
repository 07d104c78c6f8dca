import { refuse } from './api-error.ts';
import { createCommand, deleteCommand, editCommand, findCommand, listCommands, replaceCommands } from './commands.ts';
import { type Bucket, type Call, NO_CONTENT, ok, type Route } from './route.ts';
import { commandJson } from './wire.ts';
import type { Command, World } from './world.ts';

const COMMANDS: Bucket = { name: 'commands', limit: 5, windowMs: 20_000, major: ['guildId'] };

/** Registration of slash commands, for everybody and for one guild: the same routes twice. */
export function commandRoutes(world: World): readonly Route[] {
  return [
    ...scopeRoutes(world, '/applications/:applicationId/commands'),
    ...scopeRoutes(world, '/applications/:applicationId/guilds/:guildId/commands'),
  ];
}

function scopeRoutes(world: World, path: string): readonly Route[] {
  const scoped = path.includes(':guildId');
  const scopeOf = ({ param }: Call) => {
    if (param('applicationId') !== world.bot.id) throw refuse('unknownApplication');
    if (!scoped) return null;
    if (!world.guilds.has(param('guildId'))) throw refuse('missingAccess');
    return param('guildId');
  };
  const json = (command: Command) => commandJson(command, world.bot.id);
  const common = { auth: 'bot', bucket: COMMANDS } as const;
  return [
    { ...common, name: 'list-commands', method: 'GET', path, run: (call) => ok(listCommands(world, scopeOf(call)).map(json)) },
    {
      ...common,
      name: 'replace-commands',
      method: 'PUT',
      path,
      run: (call) => ok(replaceCommands(world, scopeOf(call), call.body).map(json)),
    },
    {
      ...common,
      name: 'create-command',
      method: 'POST',
      path,
      run: (call) => {
        const { command, created } = createCommand(world, scopeOf(call), call.body);
        return { status: created ? 201 : 200, json: json(command) };
      },
    },
    {
      ...common,
      name: 'get-command',
      method: 'GET',
      path: `${path}/:commandId`,
      run: (call) => ok(json(findCommand(world, scopeOf(call), call.param('commandId')))),
    },
    {
      ...common,
      name: 'edit-command',
      method: 'PATCH',
      path: `${path}/:commandId`,
      run: (call) => ok(json(editCommand(world, scopeOf(call), call.param('commandId'), call.body))),
    },
    {
      ...common,
      name: 'delete-command',
      method: 'DELETE',
      path: `${path}/:commandId`,
      run: (call) => {
        deleteCommand(world, scopeOf(call), call.param('commandId'));
        return NO_CONTENT;
      },
    },
  ];
}
