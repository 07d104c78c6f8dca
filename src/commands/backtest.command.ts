import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { TIMEFRAMES } from '../engine/bar.ts';
import { findParameter } from '../engine/parameters.ts';
import { WHIPSAW_PRESETS } from '../engine/presets.ts';
import { MAX_SYMBOLS, RUN_DAYS } from '../engine/run-spec.ts';
import { runHeading } from '../render/run-heading.ts';
import { CASH, LEVERAGE } from './asked-settings.ts';
import { withHigherTimeframes } from './asked-timeframes.ts';
import { DEFAULT_PRESET, NOTHING_ASKED, resolveBacktestRequest } from './backtest-request.ts';
import { defineCommand } from './command.ts';
import { suggestPresets } from './suggest-presets.ts';
import { suggestSettings } from './suggest-settings.ts';
import { suggestSymbols } from './suggest-symbols.ts';

const TEXT_CHARACTERS = 300;
const SET_CHARACTERS = 1_000;

const indicatorMode = findParameter('indicator_mode');

const choice = (value: string, explained: string) => ({ name: `${value} – ${explained}`, value });
const timeframeChoices = TIMEFRAMES.map((base) => choice(base, describeTimeframe(base)));
const whipsawChoices = Object.entries(WHIPSAW_PRESETS).map(([name, values]) => choice(name, describeWhipsaw(values)));
const modeChoices = indicatorMode.kind === 'choice' ? indicatorMode.choices.map((mode) => ({ name: mode, value: mode })) : [];

export const backtestCommand = defineCommand({
  definition: new SlashCommandBuilder()
    .setName('backtest')
    .setDescription(`Replay past bars: chart and table. Without a preset: ${DEFAULT_PRESET}`)
    .setContexts(InteractionContextType.Guild)
    .addStringOption((option) =>
      option
        .setName('preset')
        .setDescription(`Where to start from; the options below override it. Default ${DEFAULT_PRESET}`)
        .setAutocomplete(true)
        .setMaxLength(TEXT_CHARACTERS),
    )
    .addStringOption((option) =>
      option
        .setName('symbols')
        .setDescription(`Markets, 1–${MAX_SYMBOLS}, commas or spaces between, e.g. BTC-USD, ETH-USD`)
        .setAutocomplete(true)
        .setMaxLength(TEXT_CHARACTERS),
    )
    .addStringOption((option) =>
      option
        .setName('timeframe')
        .setDescription('Length of a base bar; the next two higher timeframes come with it')
        .addChoices(timeframeChoices),
    )
    .addIntegerOption((option) =>
      option
        .setName('days')
        .setDescription(`History, counted back from end or now; days, ${RUN_DAYS.min}–${RUN_DAYS.max}`)
        .setMinValue(RUN_DAYS.min)
        .setMaxValue(RUN_DAYS.max),
    )
    .addStringOption((option) =>
      option.setName('start').setDescription('First bar; UTC, e.g. 2025-10-01 or 2025-10-01T12:00').setMaxLength(TEXT_CHARACTERS),
    )
    .addStringOption((option) =>
      option.setName('end').setDescription('No bar opens at or after it; UTC, e.g. 2025-10-08. Default now').setMaxLength(TEXT_CHARACTERS),
    )
    .addNumberOption((option) =>
      option
        .setName('cash')
        .setDescription('Cash at the start; quote currency, 100–1 000 000 000')
        .setMinValue(CASH.min)
        .setMaxValue(CASH.max),
    )
    .addNumberOption((option) =>
      option
        .setName('leverage')
        .setDescription(`Gross exposure limit; times the equity, ${LEVERAGE.min}–${LEVERAGE.max} (3 = 300 %)`)
        .setMinValue(LEVERAGE.min)
        .setMaxValue(LEVERAGE.max),
    )
    .addStringOption((option) =>
      option.setName('whipsaw').setDescription('Protection against flip-flopping; bars and grade').addChoices(whipsawChoices),
    )
    .addStringOption((option) => option.setName('indicator_mode').setDescription(indicatorMode.meaning).addChoices(modeChoices))
    .addStringOption((option) =>
      option
        .setName('set')
        .setDescription('Any parameter, name=value with spaces between, e.g. max_position_risk_pct=4 min_hold_bars=1')
        .setAutocomplete(true)
        .setMaxLength(SET_CHARACTERS),
    ),
  permission: 'trader',
  firstAnswer: 'public',

  read: (options, context) =>
    resolveBacktestRequest(
      {
        ...NOTHING_ASKED,
        preset: options.getString('preset'),
        symbols: options.getString('symbols'),
        timeframe: options.getString('timeframe'),
        days: options.getInteger('days'),
        start: options.getString('start'),
        end: options.getString('end'),
        cash: options.getNumber('cash'),
        leverage: options.getNumber('leverage'),
        whipsaw: options.getString('whipsaw'),
        indicatorMode: options.getString('indicator_mode'),
        setText: options.getString('set'),
      },
      context,
    ),

  async run(spec, { submitBacktest }) {
    const { runId, isQueueAway } = await submitBacktest(spec);
    return { kind: 'work', work: { kind: 'run', id: runId }, heading: runHeading(spec), isQueueAway };
  },

  suggest: async ({ name, text }, { knownSymbols }) => {
    if (name === 'preset') return suggestPresets(text);
    if (name === 'symbols') return suggestSymbols(text, await knownSymbols());
    return name === 'set' ? suggestSettings(text) : [];
  },
});

function describeTimeframe(base: (typeof TIMEFRAMES)[number]): string {
  const [, ...higher] = withHigherTimeframes(base);
  return higher.length === 0 ? 'alone' : `with ${higher.join(' and ')}`;
}

function describeWhipsaw(values: (typeof WHIPSAW_PRESETS)[keyof typeof WHIPSAW_PRESETS]): string {
  if (!('min_hold_bars' in values)) return 'as the preset and set: say';
  const { min_hold_bars: hold, trade_cooldown_bars: cooldown, confidence_override_threshold: grade } = values;
  return `hold ${hold} bars, cooldown ${cooldown}, ${grade === null ? 'no grade overrides' : `grade ${grade} overrides`}`;
}
