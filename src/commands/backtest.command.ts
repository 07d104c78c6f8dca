import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import type { AskedRun } from '../engine/run-spec.ts';
import { LEVERAGE } from './asked-settings.ts';
import { DEFAULT_PRESET, resolveBacktestRequest } from './backtest-request.ts';
import { type CommandOptions, defineCommand, type RequestContext } from './command.ts';
import { RUN_OPTIONS, suggestRunOption } from './run-options.ts';
import { askedBacktest, startBacktest } from './start-backtest.ts';
import { whipsawForm } from './whipsaw-form.ts';

export const backtestCommand = defineCommand({
  definition: new SlashCommandBuilder()
    .setName('backtest')
    .setDescription(`Replay past bars: chart and table. Without a preset: ${DEFAULT_PRESET}`)
    .setContexts(InteractionContextType.Guild)
    .addStringOption(RUN_OPTIONS.preset)
    .addStringOption(RUN_OPTIONS.symbols)
    .addStringOption(RUN_OPTIONS.timeframe)
    .addIntegerOption(RUN_OPTIONS.days)
    .addStringOption(RUN_OPTIONS.start)
    .addStringOption(RUN_OPTIONS.end)
    .addNumberOption(RUN_OPTIONS.cash)
    .addNumberOption((option) =>
      option
        .setName('leverage')
        .setDescription(`Gross exposure limit; times the equity, ${LEVERAGE.min}–${LEVERAGE.max} (3 = 300 %)`)
        .setMinValue(LEVERAGE.min)
        .setMaxValue(LEVERAGE.max),
    )
    .addStringOption(RUN_OPTIONS.whipsaw)
    .addStringOption(RUN_OPTIONS.strategist)
    .addStringOption(RUN_OPTIONS.indicatorMode)
    .addStringOption(RUN_OPTIONS.set),
  permission: 'trader',
  firstAnswer: 'public',

  formFor: (options, context) => {
    if (options.getString('whipsaw') !== 'custom') return null;
    // What cannot be meant is refused before anybody fills in more of it.
    return whipsawForm(typedCommand(options), readAsked(options, context).settings);
  },

  read: readAsked,
  run: startBacktest,

  suggest: suggestRunOption,
});

function readAsked(options: CommandOptions, context: RequestContext): AskedRun {
  return resolveBacktestRequest(
    askedBacktest((option) => {
      const value = options.get(option)?.value;
      return typeof value === 'string' || typeof value === 'number' ? value : null;
    }),
    context,
  );
}

/** As readTypedOptions reads it. */
function typedCommand({ data }: CommandOptions): string {
  return ['/backtest', ...data.map(({ name, value }) => `${name}:${value}`)].join(' ');
}
