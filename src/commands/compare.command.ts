import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { MAX_VARIANTS } from '../engine/compare.ts';
import { comparisonHeading } from '../render/run-heading.ts';
import { LEVERAGE } from './asked-settings.ts';
import { defineCommand } from './command.ts';
import { resolveCompareRequest } from './compare-request.ts';
import { RUN_OPTIONS, SET_CHARACTERS, suggestRunOption, TEXT_CHARACTERS } from './run-options.ts';
import { askedBacktest } from './start-backtest.ts';
import { suggestVariations } from './suggest-variations.ts';

export const compareCommand = defineCommand({
  definition: new SlashCommandBuilder()
    .setName('compare')
    .setDescription(`Up to ${MAX_VARIANTS} variants of a backtest side by side: table, chart, liquidation ladder`)
    .setContexts(InteractionContextType.Guild)
    .addStringOption((option) =>
      option
        .setName('leverage')
        .setDescription(`Leverages to compare, ${LEVERAGE.min}–${LEVERAGE.max} with commas between, e.g. 1,2,3,5`)
        .setMaxLength(TEXT_CHARACTERS),
    )
    .addStringOption((option) =>
      option
        .setName('vary')
        .setDescription('One or two parameters, name=value,value, e.g. max_position_risk_pct=2,4,6')
        .setAutocomplete(true)
        .setMaxLength(SET_CHARACTERS),
    )
    .addStringOption((option) =>
      option.setName('labels').setDescription('What to call the variants, one each with commas between').setMaxLength(SET_CHARACTERS),
    )
    .addStringOption(RUN_OPTIONS.preset)
    .addStringOption(RUN_OPTIONS.symbols)
    .addStringOption(RUN_OPTIONS.timeframe)
    .addIntegerOption(RUN_OPTIONS.days)
    .addStringOption(RUN_OPTIONS.start)
    .addStringOption(RUN_OPTIONS.end)
    .addNumberOption(RUN_OPTIONS.cash)
    .addStringOption(RUN_OPTIONS.namedWhipsaw)
    .addStringOption(RUN_OPTIONS.strategist)
    .addStringOption(RUN_OPTIONS.indicatorMode)
    .addStringOption(RUN_OPTIONS.set),
  permission: 'trader',
  firstAnswer: 'public',

  read: (options, context) => {
    const base = askedBacktest((option) => {
      const value = options.get(option)?.value;
      return typeof value === 'string' || typeof value === 'number' ? value : null;
    });
    const text = (option: string) => options.getString(option);
    return resolveCompareRequest(
      { leverage: text('leverage'), vary: text('vary'), labels: text('labels'), base: { ...base, leverage: null } },
      context,
    );
  },

  async run(asked, { submitComparison }) {
    const { comparisonId, isQueueAway } = await submitComparison(asked);
    return { kind: 'work', work: { kind: 'comparison', id: comparisonId }, heading: comparisonHeading(asked), isQueueAway };
  },

  suggest: async (typed, context) => (typed.name === 'vary' ? suggestVariations(typed.text) : suggestRunOption(typed, context)),
});
