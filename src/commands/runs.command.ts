import { InteractionContextType, SlashCommandBuilder, type SlashCommandStringOption } from 'discord.js';
import type { Message } from '../render/message.ts';
import { askedRunId } from './asked-run-id.ts';
import { type Action, type CommandContext, type CommandOptions, defineAction, defineGroup } from './command.ts';
import { askedFormat, EXPORT_FORMATS, exportMessage } from './export-run.ts';
import { askedBar, showPlayback, verifyAskedRun } from './run-again.ts';
import { readResult, showRun, showRunList, showTrades, showWhy } from './show-runs.ts';
import { suggestRuns, suggestShown } from './suggest-runs.ts';

const ID_CHARACTERS = 36;
const TIME_CHARACTERS = 20;

const idOption = (option: SlashCommandStringOption) =>
  option
    .setName('id')
    .setDescription('Which run; its id or the beginning of it')
    .setRequired(true)
    .setAutocomplete(true)
    .setMaxLength(ID_CHARACTERS);

export const runsCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('runs')
    .setDescription('Past and present backtests of this server')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('list').setDescription('All runs, newest first'))
    .addSubcommand((sub) =>
      sub.setName('show').setDescription('Card and picture again, of a run or a comparison').addStringOption(idOption),
    )
    .addSubcommand((sub) => sub.setName('trades').setDescription('Every trade: in, out, reason, net result').addStringOption(idOption))
    .addSubcommand((sub) => sub.setName('why').setDescription('What kept it from trading more, and what to turn').addStringOption(idOption))
    .addSubcommand((sub) =>
      sub
        .setName('playback')
        .setDescription('Step through it bar by bar: what fired, what was blocked, what was held')
        .addStringOption(idOption)
        .addStringOption((option) =>
          option.setName('at').setDescription('Where to begin; UTC, e.g. 2025-10-01T12:00').setMaxLength(TIME_CHARACTERS),
        ),
    )
    .addSubcommand((sub) => sub.setName('verify').setDescription('Execute it again: is it what it was?').addStringOption(idOption))
    .addSubcommand((sub) =>
      sub
        .setName('export')
        .setDescription('A run as a file')
        .addStringOption(idOption)
        .addStringOption((option) =>
          option
            .setName('format')
            .setDescription('csv: the trades; json: everything')
            .setRequired(true)
            .addChoices(EXPORT_FORMATS.map((format) => ({ name: format, value: format }))),
        ),
    ),
  actions: {
    list: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: await showRunList(1, desk) }),
    }),
    show: ofRun((prefix, desk) => showRun(prefix, desk)),
    trades: ofRun((prefix, desk) => showTrades({ prefix, page: 1 }, desk)),
    why: ofRun((prefix, desk) => showWhy(prefix, desk)),
    playback: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => ({ prefix: askedRunId(options.getString('id', true)), wanted: askedBar(options.getString('at')) }),
      run: async (asked, desk) => ({ kind: 'message', message: await showPlayback(asked, desk) }),
    }),
    verify: ofRun(async (prefix, desk) => (await verifyAskedRun(prefix, desk)).message),
    export: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => ({ prefix: askedRunId(options.getString('id', true)), format: askedFormat(options.getString('format', true)) }),
      run: async ({ prefix, format }, desk) => {
        const { run, result } = await readResult(prefix, desk);
        return { kind: 'message', message: await exportMessage(run.id, result, format) };
      },
    }),
  },
  suggest: async ({ name, subcommand, text }, desk) => {
    if (name !== 'id') return [];
    return subcommand === 'show' ? suggestShown(text, desk) : suggestRuns(text, desk);
  },
});

function ofRun(show: (prefix: string, desk: CommandContext) => Promise<Message>): Action {
  return defineAction({
    permission: 'viewer',
    firstAnswer: 'public',
    read: (options: CommandOptions) => askedRunId(options.getString('id', true)),
    run: async (prefix, desk) => ({ kind: 'message', message: await show(prefix, desk) }),
  });
}
