import type { SlashCommandIntegerOption, SlashCommandNumberOption, SlashCommandStringOption } from 'discord.js';
import { TIMEFRAMES } from '../engine/bar.ts';
import { findParameter } from '../engine/parameters.ts';
import { WHIPSAW_PRESETS } from '../engine/presets.ts';
import { MAX_SYMBOLS, RUN_DAYS } from '../engine/run-spec.ts';
import { STRATEGIST_STYLES, STYLE_MEANINGS } from '../engine/strategist-spec.ts';
import { CASH } from './asked-settings.ts';
import { withHigherTimeframes } from './asked-timeframes.ts';
import { DEFAULT_PRESET } from './backtest-request.ts';
import type { Suggest } from './command.ts';
import { suggestPresets } from './suggest-presets.ts';
import { suggestSettings } from './suggest-settings.ts';
import { suggestSymbols } from './suggest-symbols.ts';

export const TEXT_CHARACTERS = 300;
export const SET_CHARACTERS = 1_000;

const indicatorMode = findParameter('indicator_mode');

const choice = (value: string, explained: string) => ({ name: `${value} – ${explained}`, value });
const timeframeChoices = TIMEFRAMES.map((base) => choice(base, describeTimeframe(base)));
const whipsawChoices = Object.entries(WHIPSAW_PRESETS).map(([name, values]) => choice(name, describeWhipsaw(values)));
export const strategistChoices = STRATEGIST_STYLES.map((style) => choice(style, STYLE_MEANINGS[style]));
const modeChoices = indicatorMode.kind === 'choice' ? indicatorMode.choices.map((mode) => ({ name: mode, value: mode })) : [];

/** The options that say what a run is, for every command that asks for one. */
export const RUN_OPTIONS = {
  preset: (option: SlashCommandStringOption) =>
    option
      .setName('preset')
      .setDescription(`Where to start from; the options below override it. Default ${DEFAULT_PRESET}`)
      .setAutocomplete(true)
      .setMaxLength(TEXT_CHARACTERS),
  symbols: (option: SlashCommandStringOption) =>
    option
      .setName('symbols')
      .setDescription(`Markets, 1–${MAX_SYMBOLS}, commas or spaces between, e.g. BTC-USD, ETH-USD`)
      .setAutocomplete(true)
      .setMaxLength(TEXT_CHARACTERS),
  timeframe: (option: SlashCommandStringOption) =>
    option
      .setName('timeframe')
      .setDescription('Length of a base bar; the next two higher timeframes come with it')
      .addChoices(timeframeChoices),
  days: (option: SlashCommandIntegerOption) =>
    option
      .setName('days')
      .setDescription(`History, counted back from end or now; days, ${RUN_DAYS.min}–${RUN_DAYS.max}`)
      .setMinValue(RUN_DAYS.min)
      .setMaxValue(RUN_DAYS.max),
  start: (option: SlashCommandStringOption) =>
    option.setName('start').setDescription('First bar; UTC, e.g. 2025-10-01 or 2025-10-01T12:00').setMaxLength(TEXT_CHARACTERS),
  end: (option: SlashCommandStringOption) =>
    option.setName('end').setDescription('No bar opens at or after it; UTC, e.g. 2025-10-08. Default now').setMaxLength(TEXT_CHARACTERS),
  cash: (option: SlashCommandNumberOption) =>
    option
      .setName('cash')
      .setDescription('Cash at the start; quote currency, 100–1 000 000 000')
      .setMinValue(CASH.min)
      .setMaxValue(CASH.max),
  whipsaw: (option: SlashCommandStringOption) =>
    option.setName('whipsaw').setDescription('Protection against flip-flopping; bars and grade').addChoices(whipsawChoices),
  /** Where no form can ask for values of one's own. */
  namedWhipsaw: (option: SlashCommandStringOption) =>
    option
      .setName('whipsaw')
      .setDescription('Protection against flip-flopping; bars and grade')
      .addChoices(whipsawChoices.filter(({ value }) => value !== 'custom')),
  strategist: (option: SlashCommandStringOption) =>
    option
      .setName('strategist')
      .setDescription('Who plans, and plans again while it runs. Default nobody: one built-in plan is followed')
      .addChoices(strategistChoices),
  indicatorMode: (option: SlashCommandStringOption) =>
    option.setName('indicator_mode').setDescription(indicatorMode.meaning).addChoices(modeChoices),
  set: (option: SlashCommandStringOption) =>
    option
      .setName('set')
      .setDescription('Any parameter, name=value with spaces between, e.g. max_position_risk_pct=4 min_hold_bars=1')
      .setAutocomplete(true)
      .setMaxLength(SET_CHARACTERS),
} as const;

/** What could be meant by those of them that are typed. */
export const suggestRunOption: Suggest = async ({ name, text }, { knownSymbols, readGuild }) => {
  if (name === 'preset') return suggestPresets(text, (await readGuild()).presets);
  if (name === 'symbols') return suggestSymbols(text, await knownSymbols());
  return name === 'set' ? suggestSettings(text) : [];
};

function describeTimeframe(base: (typeof TIMEFRAMES)[number]): string {
  const [, ...higher] = withHigherTimeframes(base);
  return higher.length === 0 ? 'alone' : `with ${higher.join(' and ')}`;
}

function describeWhipsaw(values: (typeof WHIPSAW_PRESETS)[keyof typeof WHIPSAW_PRESETS]): string {
  if (!('min_hold_bars' in values)) return 'a form asks for the three values';
  const { min_hold_bars: hold, trade_cooldown_bars: cooldown, confidence_override_threshold: grade } = values;
  return `hold ${hold} bars, cooldown ${cooldown}, ${grade === null ? 'no grade overrides' : `grade ${grade} overrides`}`;
}
