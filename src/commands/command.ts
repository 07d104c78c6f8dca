import type { ChatInputCommandInteraction, SlashCommandBuilder } from 'discord.js';
import type { AskedRun } from '../engine/run-spec.ts';
import type { Overrides } from '../engine/settings.ts';
import type { Message } from '../render/message.ts';

export type Permission = 'viewer' | 'trader' | 'admin';

/** Who sees the first answer, and with it every later text of the same reply. */
export type Visibility = 'public' | 'ephemeral';

export type Asker = { readonly guildId: string; readonly channelId: string; readonly userId: string; readonly requestedAtMs: number };

/** What is known without I/O when a request is read. */
export type RequestContext = {
  readonly requestedAtMs: number;
  /** What the group has set; later layers override it. */
  readonly guildSettings: Overrides;
  readonly strategyIds: readonly string[];
  /** Whose margin table applies. */
  readonly exchange: string;
};

/** Who asks, and what a command may have done. */
export type CommandContext = Asker & {
  readonly submitBacktest: (asked: AskedRun) => Promise<{ readonly runId: string }>;
};

/** What a command says. A run goes on after it: the reply then shows its progress below the heading. */
export type Answer =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'run'; readonly runId: string; readonly heading: string };

export type CommandOptions = ChatInputCommandInteraction['options'];

type Described = {
  readonly definition: Pick<SlashCommandBuilder, 'name' | 'toJSON'>;
  readonly permission: Permission;
  readonly firstAnswer: Visibility;
};

/** A command parses, runs and returns; it cannot reply. */
export type Command = Described & {
  /** Reads the request, without I/O, or throws a Refusal; what it returns does the work. */
  readonly prepare: (options: CommandOptions, context: RequestContext) => (context: CommandContext) => Promise<Answer>;
};

type Definition<Request> = Described & {
  readonly read: (options: CommandOptions, context: RequestContext) => Request;
  readonly run: (request: Request, context: CommandContext) => Promise<Answer>;
};

/** Ties what a command reads to what it runs, so that the list of commands need not know the types of their requests. */
export function defineCommand<Request>({ read, run, ...described }: Definition<Request>): Command {
  return {
    ...described,
    prepare: (options, requestContext) => {
      const request = read(options, requestContext);
      return (context) => run(request, context);
    },
  };
}
