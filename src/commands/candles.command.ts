import { InteractionContextType, SlashCommandBuilder, type SlashCommandStringOption } from 'discord.js';
import { TIMEFRAMES } from '../engine/bar.ts';
import { RUN_DAYS } from '../engine/run-spec.ts';
import { fetchHeading } from '../render/fetched.ts';
import { renderImport } from '../render/imported.ts';
import { askedFile } from './asked-file.ts';
import { askedSymbol } from './asked-symbols.ts';
import { defineAction, defineGroup } from './command.ts';
import { DEFAULT_FETCH_DAYS, resolveFetchRequest } from './fetch-request.ts';
import { showCoverage } from './show-candles.ts';
import { suggestSymbol } from './suggest-symbols.ts';

const SYMBOL_CHARACTERS = 30;
const TIME_CHARACTERS = 30;

const askSymbol = (description: string) => (option: SlashCommandStringOption) =>
  option.setName('symbol').setDescription(description).setRequired(true).setAutocomplete(true).setMaxLength(SYMBOL_CHARACTERS);

const definition = new SlashCommandBuilder()
  .setName('candles')
  .setDescription('Bars that backtests run on')
  .setContexts(InteractionContextType.Guild)
  .addSubcommand((sub) => sub.setName('coverage').setDescription('What is kept: market, timeframe, range, gaps'))
  .addSubcommand((sub) =>
    sub
      .setName('import')
      .setDescription('Bars from a CSV file; backtests of the market run on them from then on')
      .addStringOption(askSymbol('Market the bars are of, e.g. BTC-USD'))
      .addAttachmentOption((option) =>
        option.setName('file').setDescription('timestamp,open,high,low,close,volume; times in ms UTC; .csv or .csv.gz').setRequired(true),
      )
      .addAttachmentOption((option) => option.setName('funding').setDescription('timestamp,rate of a perpetual; .csv or .csv.gz')),
  )
  .addSubcommand((sub) =>
    sub
      .setName('fetch')
      .setDescription('Bars from the exchange, as far as they are not kept yet')
      .addStringOption(askSymbol('Market, e.g. BTC-USD'))
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
          .setDescription(`History, counted back from end or now; days, ${RUN_DAYS.min}–${RUN_DAYS.max}. Default ${DEFAULT_FETCH_DAYS}`)
          .setMinValue(RUN_DAYS.min)
          .setMaxValue(RUN_DAYS.max),
      )
      .addStringOption((option) =>
        option.setName('start').setDescription('First bar; UTC, e.g. 2025-10-01 or 2025-10-01T12:00').setMaxLength(TIME_CHARACTERS),
      )
      .addStringOption((option) =>
        option
          .setName('end')
          .setDescription('No bar opens at or after it; UTC, e.g. 2025-10-08. Default now')
          .setMaxLength(TIME_CHARACTERS),
      ),
  );

const coverage = defineAction({
  permission: 'viewer',
  firstAnswer: 'public',
  read: () => null,
  run: async (_, desk) => ({ kind: 'message', message: await showCoverage(1, desk) }),
});

const importFiles = defineAction({
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
});

const fetchBars = defineAction({
  permission: 'trader',
  firstAnswer: 'public',
  read: (options, { requestedAtMs, exchange }) =>
    resolveFetchRequest(
      {
        exchange,
        symbol: options.getString('symbol', true),
        timeframe: options.getString('timeframe', true),
        days: options.getInteger('days'),
        start: options.getString('start'),
        end: options.getString('end'),
      },
      requestedAtMs,
    ),
  run: async (asked, desk) => {
    const { fetchId, isQueueAway } = await desk.submitFetch(asked);
    return { kind: 'work', work: { kind: 'fetch', id: fetchId }, heading: fetchHeading(asked), isQueueAway };
  },
});

export const candlesCommand = defineGroup({
  definition,
  actions: { coverage, import: importFiles, fetch: fetchBars },
  suggest: async ({ name, text }, desk) => (name === 'symbol' ? suggestSymbol(text, await desk.knownSymbols()) : []),
});
