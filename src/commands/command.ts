import type { ChatInputCommandInteraction, SlashCommandBuilder } from 'discord.js';
import type { GuildView } from '../engine/guild-view.ts';
import type { Work } from '../engine/work.ts';
import type { Form } from '../render/form.ts';
import type { Message } from '../render/message.ts';
import type { DeskPorts } from './ports.ts';

export type Permission = 'viewer' | 'trader' | 'admin';

/** Who sees the first answer, and with it every later text of the same reply. */
export type Visibility = 'public' | 'ephemeral';

export type Asker = {
  readonly guildId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly requestedAtMs: number;
  /** By what came with the interaction itself. */
  readonly isAdmin: boolean;
};

/** What is known without I/O when a request is read. */
export type RequestContext = {
  readonly requestedAtMs: number;
  /** What the group has set for itself. */
  readonly guild: GuildView;
  readonly strategyIds: readonly string[];
  /** Whose margin table applies. */
  readonly exchange: string;
};

/** Who asks, and what a command may have done. */
export type CommandContext = Asker & DeskPorts;

/** What a command says. Work goes on after it: the reply then shows its progress below the heading. */
export type Answer =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'work'; readonly work: Work; readonly heading: string; readonly isQueueAway: boolean };

export type CommandOptions = ChatInputCommandInteraction['options'];

/** Reads the request, without I/O, or throws a Refusal; what it returns does the work. */
type Prepare = (options: CommandOptions, context: RequestContext) => (context: CommandContext) => Promise<Answer>;

/** One thing that can be asked for: a command, or a subcommand of one. It parses, runs and returns; it cannot reply. */
export type Action = {
  readonly permission: Permission;
  readonly firstAnswer: Visibility;
  readonly prepare: Prepare;
  /** A form that is shown instead when more must be asked; null when nothing must. Without I/O. */
  readonly formFor: (options: CommandOptions, context: RequestContext) => Form | null;
};

type Definition<Request> = Omit<Action, 'prepare' | 'formFor'> & {
  readonly formFor?: Action['formFor'];
  readonly read: (options: CommandOptions, context: RequestContext) => Request;
  readonly run: (request: Request, context: CommandContext) => Promise<Answer>;
};

/** Ties what an action reads to what it runs, so that the list of commands need not know the types of their requests. */
export function defineAction<Request>({ read, run, formFor = () => null, ...described }: Definition<Request>): Action {
  return {
    ...described,
    formFor,
    prepare: (options, requestContext) => {
      const request = read(options, requestContext);
      return (context) => run(request, context);
    },
  };
}

/** An option that is being typed. */
export type TypedOption = {
  readonly subcommand: string | null;
  readonly name: string;
  /** What stands in it so far. */
  readonly text: string;
  /** What stands in the other options, by their names. */
  readonly given: ReadonlyMap<string, string>;
};

/** As Discord shows and sends it: both at most 100 characters. */
export type Choice = { readonly name: string; readonly value: string };

/** What could be meant; nothing is an answer. Anybody who sees the channel may ask. */
export type Suggest = (typed: TypedOption, context: CommandContext) => Promise<readonly Choice[]>;

type Registered = Pick<SlashCommandBuilder, 'name' | 'toJSON'>;

export type Command = {
  readonly definition: Registered;
  /** Null when the command has no such subcommand any more. */
  readonly actionOf: (options: Pick<CommandOptions, 'getSubcommand'>) => Action | null;
  readonly suggest: Suggest;
};

const suggestNothing: Suggest = async () => [];

type Single<Request> = Definition<Request> & { readonly definition: Registered; readonly suggest?: Suggest };

/** A command without subcommands. */
export function defineCommand<Request>({ definition, suggest = suggestNothing, ...action }: Single<Request>): Command {
  const only = defineAction(action);
  return { definition, actionOf: () => only, suggest };
}

type Group = { readonly definition: Registered; readonly actions: Readonly<Record<string, Action>>; readonly suggest?: Suggest };

/** A command whose subcommands are its actions, by name. */
export function defineGroup({ definition, actions, suggest = suggestNothing }: Group): Command {
  const byName = new Map(Object.entries(actions));
  return { definition, actionOf: (options) => byName.get(options.getSubcommand()) ?? null, suggest };
}
