import { InteractionContextType, SlashCommandBuilder, type SlashCommandStringOption } from 'discord.js';
import { renderDeleted, renderSaved, saveCommand } from '../render/preset-card.ts';
import { askedPreset, PRESET_DESCRIPTION_CHARACTERS } from './asked-preset.ts';
import { defineAction, defineGroup } from './command.ts';
import { deletePreset, savePreset } from './keep-presets.ts';
import { showPreset, showPresetList } from './show-presets.ts';
import { suggestOwnPresets, suggestPresets } from './suggest-presets.ts';
import { suggestSettings } from './suggest-settings.ts';

const NAME_CHARACTERS = 100;
const SET_CHARACTERS = 3_000;

const nameOption = (description: string) => (option: SlashCommandStringOption) =>
  option.setName('name').setDescription(description).setRequired(true).setAutocomplete(true).setMaxLength(NAME_CHARACTERS);

export const presetCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('preset')
    .setDescription('Named starting points for runs')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('list').setDescription('All presets: those of this group, then those built in'))
    .addSubcommand((sub) =>
      sub.setName('show').setDescription('What a preset turns').addStringOption(nameOption('Which preset, e.g. scalper-5m')),
    )
    .addSubcommand((sub) =>
      sub
        .setName('save')
        .setDescription('A preset of your own, also over one of the same name')
        .addStringOption(nameOption('Small letters, digits and dashes, e.g. quick-exits'))
        .addStringOption((option) =>
          option
            .setName('description')
            .setDescription('What it is for, in one line')
            .setRequired(true)
            .setMaxLength(PRESET_DESCRIPTION_CHARACTERS),
        )
        .addStringOption((option) =>
          option
            .setName('set')
            .setDescription('name=value with spaces between; default all that the group has set')
            .setAutocomplete(true)
            .setMaxLength(SET_CHARACTERS),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('delete')
        .setDescription('Takes a preset of this group away and says what it held')
        .addStringOption(nameOption('Which preset of this group')),
    ),
  actions: {
    list: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: await showPresetList(1, desk) }),
    }),
    show: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => options.getString('name', true),
      run: async (name, desk) => ({ kind: 'message', message: await showPreset(name, desk) }),
    }),
    save: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options) =>
        askedPreset({
          name: options.getString('name', true),
          description: options.getString('description', true),
          setText: options.getString('set'),
        }),
      run: async (asked, desk) => {
        const { preset, replaced } = await savePreset(asked, desk);
        return {
          kind: 'message',
          message: renderSaved(preset, replaced === null ? null : { held: replaced, again: saveCommand(replaced) }),
        };
      },
    }),
    delete: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options) => options.getString('name', true),
      run: async (name, desk) => {
        const held = await deletePreset(name, desk);
        return { kind: 'message', message: renderDeleted(held, saveCommand(held)) };
      },
    }),
  },
  suggest: async ({ name, subcommand, text }, { readGuild }) => {
    if (name === 'set') return suggestSettings(text);
    if (name !== 'name') return [];
    const { presets } = await readGuild();
    return subcommand === 'show' ? suggestPresets(text, presets) : suggestOwnPresets(text, presets);
  },
});
