import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { TIMEFRAMES } from '../engine/bar.ts';
import { FETCH_DAYS } from '../jobs/fetch-candles.job.ts';
import { renderImport } from '../render/imported.ts';
import { textMessage } from '../render/message.ts';
import { discordTime } from '../render/time-text.ts';
import { askedFile } from './asked-file.ts';
import { askedSymbol } from './asked-symbols.ts';
import { defineAction, defineGroup, type Suggest } from './command.ts';
import { resolveFetchRequest } from './fetch-request.ts';
import { showCoverage } from './show-candles.ts';
import { suggestSymbol } from './suggest-symbols.ts';

const SYMBOL_CHARACTERS = 30;

const describeCandles = () =>
  new SlashCommandBuilder()
    .setName('candles')
    .setDescription('Bars that backtests run on')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('coverage').setDescription('What is kept: market, timeframe, range, gaps'))
    .addSubcommand((sub) =>
      sub
        .setName('import')
        .setDescription('Bars from a CSV file; backtests of the market run on them from then on')
        .addStringOption((option) =>
          option
            .setName('symbol')
            .setDescription('Market the bars are of, e.g. BTC-USD')
            .setRequired(true)
            .setAutocomplete(true)
            .setMaxLength(SYMBOL_CHARACTERS),
        )
        .addAttachmentOption((option) =>
          option.setName('file').setDescription('timestamp,open,high,low,close,volume; times in ms UTC; .csv or .csv.gz').setRequired(true),
        )
        .addAttachmentOption((option) => option.setName('funding').setDescription('timestamp,rate of a perpetual; .csv or .csv.gz')),
    );

const actions = {
  coverage: defineAction({
    permission: 'viewer',
    firstAnswer: 'public',
    read: () => null,
    run: async (_, desk) => ({ kind: 'message', message: await showCoverage(1, desk) }),
  }),
  import: defineAction({
    permission: 'trader',
    firstAnswer: 'public',
    read: (options) => {
      const funding = options.getAttachment('funding');
      return {
        symbol: askedSymbol(options.getString('symbol', true)),
        candles: askedFile('file', options.getAttachment('file', true)),
        funding: funding === null ? null : askedFile('funding', funding),
      };
    },
    run: async (request, desk) => ({ kind: 'message', message: renderImport(await desk.importCandles(request)) }),
  }),
};

const suggest: Suggest = async ({ name, text }, desk) => (name === 'symbol' ? suggestSymbol(text, await desk.knownSymbols()) : []);

export const candlesCommand = defineGroup({
  definition: describeCandles().addSubcommand((sub) =>
    sub
      .setName('fetch')
      .setDescription('Bars from the exchange, as far as they are not kept yet')
      .addStringOption((option) =>
        option
          .setName('symbol')
          .setDescription('Market, e.g. BTC-USD')
          .setRequired(true)
          .setAutocomplete(true)
          .setMaxLength(SYMBOL_CHARACTERS),
      )
      .addStringOption((option) =>
        option
          .setName('timeframe')
          .setDescription('Length of a bar')
          .setRequired(true)
          .addChoices(TIMEFRAMES.map((timeframe) => ({ name: timeframe, value: timeframe }))),
      )
      .addIntegerOption((option) =>
        option
          .setName('days')
          .setDescription(`History, counted back from now; days, ${FETCH_DAYS.min}–${FETCH_DAYS.max}`)
          .setRequired(true)
          .setMinValue(FETCH_DAYS.min)
          .setMaxValue(FETCH_DAYS.max),
      ),
  ),
  actions: {
    ...actions,
    fetch: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options, { requestedAtMs }) => {
        const [symbol, timeframe] = [options.getString('symbol', true), options.getString('timeframe', true)];
        return resolveFetchRequest({ symbol, timeframe, days: options.getInteger('days', true) }, requestedAtMs);
      },
      run: async (asked, desk) => {
        await desk.requestFetch(asked);
        const text = `**Fetch** ${asked.symbol} ${asked.timeframe} since ${discordTime(asked.startMs)}\nQueued; what came of it is told below.`;
        return { kind: 'message', message: textMessage(text) };
      },
    }),
  },
  suggest,
});
