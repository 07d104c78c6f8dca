import type { SlashCommandSubcommandBuilder } from 'discord.js';
import type { WantedSettings } from '../engine/guild-view.ts';
import { findParameter, type Parameter, type ParameterName } from '../engine/parameters.ts';
import { parseSetting } from '../engine/settings.ts';
import type { CommandOptions } from './command.ts';

/** An option of a command that is a parameter under a shorter name. */
export type SettingOption = {
  readonly option: string;
  readonly parameter: ParameterName;
  /** What it is, short enough to leave room for its range: Discord takes 100 characters. */
  readonly says: string;
  readonly isRequired?: boolean;
};

/** Options with the ranges of the registry, so that Discord itself refuses most of what cannot be meant. */
export function addSettingOptions(sub: SlashCommandSubcommandBuilder, options: readonly SettingOption[]): SlashCommandSubcommandBuilder {
  for (const option of options) addOption(sub, option, findParameter(option.parameter));
  return sub;
}

/** Those that were given, by the parameters they mean. */
export function readSettingOptions(options: Pick<CommandOptions, 'get'>, known: readonly SettingOption[]): WantedSettings {
  return new Map(
    known.flatMap(({ option, parameter }) => {
      const value = options.get(option)?.value;
      return value === undefined ? [] : [[parameter, parseSetting(parameter, value)] as const];
    }),
  );
}

const SWITCH = ['on', 'off'];
const TEXT_CHARACTERS = 100;

function addOption(
  sub: SlashCommandSubcommandBuilder,
  { option: name, says, isRequired = false }: SettingOption,
  parameter: Parameter,
): void {
  switch (parameter.kind) {
    case 'number':
    case 'integer': {
      const { min, max } = parameter;
      const description = `${says}, ${min}–${max}`;
      if (parameter.kind === 'number') {
        sub.addNumberOption((option) =>
          option.setName(name).setDescription(description).setRequired(isRequired).setMinValue(min).setMaxValue(max),
        );
      } else {
        sub.addIntegerOption((option) =>
          option.setName(name).setDescription(description).setRequired(isRequired).setMinValue(min).setMaxValue(max),
        );
      }
      return;
    }
    case 'switch':
      addChoices(SWITCH);
      return;
    case 'choice':
      addChoices([...parameter.choices, ...(parameter.nullable ? ['null'] : [])]);
      return;
    case 'hours':
    case 'periods':
      sub.addStringOption((option) => option.setName(name).setDescription(says).setRequired(isRequired).setMaxLength(TEXT_CHARACTERS));
  }

  function addChoices(words: readonly string[]): void {
    sub.addStringOption((option) =>
      option
        .setName(name)
        .setDescription(says)
        .setRequired(isRequired)
        .addChoices(words.map((value) => ({ name: value, value }))),
    );
  }
}
