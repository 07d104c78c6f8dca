import { z } from 'zod';
import { refuse } from './api-error.ts';
import { type CommandForm, commandSchema } from './command-form.ts';
import { invalidForm, parseForm } from './form.ts';
import { LIMITS } from './limits.ts';
import type { Command, World } from './world.ts';

const DAY_MS = 86_400_000;

/** The commands of one guild, or the global ones when the guild is null. */
export function listCommands(world: World, guildId: string | null): readonly Command[] {
  return world.commands.get(guildId ?? '') ?? [];
}

/** Replaces all commands of the scope; a command that keeps its name keeps its id. */
export function replaceCommands(world: World, guildId: string | null, body: unknown): readonly Command[] {
  const forms = parseForm(z.array(commandSchema), body);
  if (forms.length > LIMITS.commandsPerScope) throw refuse('tooManyCommands');
  const names = forms.map(({ name }) => name);
  const twice = names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
  if (twice.length > 0) {
    const message = 'Application command names must be unique';
    throw invalidForm(twice.map((index) => ({ path: [index], code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message })));
  }

  const earlier = listCommands(world, guildId);
  const idOf = (form: CommandForm) => earlier.find((command) => command.form.name === form.name)?.id ?? null;
  countCreates(world, guildId, forms.filter((form) => idOf(form) === null).length);
  return store(
    world,
    guildId,
    forms.map((form) => make(world, guildId, form, idOf(form))),
  );
}

/** Adds a command; one of the same name is replaced, as Discord does. */
export function createCommand(
  world: World,
  guildId: string | null,
  body: unknown,
): { readonly command: Command; readonly created: boolean } {
  const form = parseForm(commandSchema, body);
  const earlier = listCommands(world, guildId);
  const same = earlier.find((command) => command.form.name === form.name) ?? null;
  if (same === null && earlier.length >= LIMITS.commandsPerScope) throw refuse('tooManyCommands');
  if (same === null) countCreates(world, guildId, 1);
  const command = make(world, guildId, form, same?.id ?? null);
  store(world, guildId, [...earlier.filter((other) => other !== same), command]);
  return { command, created: same === null };
}

export function findCommand(world: World, guildId: string | null, id: string): Command {
  const command = listCommands(world, guildId).find((candidate) => candidate.id === id);
  if (command === undefined) throw refuse('unknownCommand');
  return command;
}

export function editCommand(world: World, guildId: string | null, id: string, body: unknown): Command {
  const earlier = findCommand(world, guildId, id);
  const changes = parseForm(z.record(z.string(), z.unknown()), body);
  const command = make(world, guildId, parseForm(commandSchema, { ...earlier.form, ...changes }), id);
  store(
    world,
    guildId,
    listCommands(world, guildId).map((other) => (other === earlier ? command : other)),
  );
  return command;
}

export function deleteCommand(world: World, guildId: string | null, id: string): void {
  const command = findCommand(world, guildId, id);
  store(
    world,
    guildId,
    listCommands(world, guildId).filter((other) => other !== command),
  );
}

function make(world: World, guildId: string | null, form: CommandForm, id: string | null): Command {
  return { id: id ?? world.newId(), guildId, version: world.newId(), form };
}

function store(world: World, guildId: string | null, commands: readonly Command[]): readonly Command[] {
  world.commands.set(guildId ?? '', [...commands]);
  return commands;
}

function countCreates(world: World, guildId: string | null, count: number): void {
  const nowMs = world.clock();
  const today = (world.commandCreatesAtMs.get(guildId ?? '') ?? []).filter((atMs) => atMs > nowMs - DAY_MS);
  if (today.length + count > LIMITS.commandCreatesPerDay) throw refuse('tooManyCommandCreates');
  world.commandCreatesAtMs.set(guildId ?? '', [...today, ...Array.from({ length: count }, () => nowMs)]);
}
