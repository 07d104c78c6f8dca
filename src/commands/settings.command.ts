import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { groupWords, SETTING_GROUPS } from '../render/setting-words.ts';
import { askedTarget, findGroup } from './asked-setting.ts';
import { defineAction, defineGroup } from './command.ts';
import { askedReset, resetSettings } from './reset-settings.ts';
import { askedSetting, setSettings } from './set-settings.ts';
import { showPanel, showSettings } from './show-settings.ts';
import { suggestSettingNames, suggestSettingValues } from './suggest-setting.ts';

const NAME_CHARACTERS = 100;
const VALUE_CHARACTERS = 1_000;

export const settingsCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('settings')
    .setDescription('What this group has set: every run starts from it')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) =>
      sub
        .setName('panel')
        .setDescription('One message to look at everything and change it')
        .addStringOption((option) =>
          option
            .setName('group')
            .setDescription(`Which group to begin with; default ${SETTING_GROUPS[0]}`)
            .addChoices(SETTING_GROUPS.map((group) => ({ name: groupWords(group), value: group }))),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('show')
        .setDescription('What is set, by whom and when')
        .addStringOption((option) =>
          option
            .setName('name')
            .setDescription('A parameter or a group of them; default all that the group has set')
            .setAutocomplete(true)
            .setMaxLength(NAME_CHARACTERS),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('set')
        .setDescription('Another value for one parameter')
        .addStringOption((option) =>
          option
            .setName('name')
            .setDescription('Which parameter, e.g. max_position_risk_pct')
            .setRequired(true)
            .setAutocomplete(true)
            .setMaxLength(NAME_CHARACTERS),
        )
        .addStringOption((option) =>
          option
            .setName('value')
            .setDescription('Its value; null where it takes that. Back to the default: /settings reset')
            .setRequired(true)
            .setAutocomplete(true)
            .setMaxLength(VALUE_CHARACTERS),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('reset')
        .setDescription('Back to the default')
        .addStringOption((option) =>
          option
            .setName('name')
            .setDescription('A parameter, a group of them, or all')
            .setRequired(true)
            .setAutocomplete(true)
            .setMaxLength(NAME_CHARACTERS),
        ),
    ),
  actions: {
    panel: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options) => findGroup(options.getString('group') ?? '') ?? 'risk',
      run: async (group, desk) => ({ kind: 'message', message: await showPanel(group, desk) }),
    }),
    show: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => askedTarget(options.getString('name') ?? 'all'),
      run: async (target, desk) => ({ kind: 'message', message: await showSettings(target, 1, desk) }),
    }),
    set: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options) => askedSetting(options.getString('name', true), options.getString('value', true)),
      run: async (wanted, desk) => ({ kind: 'message', message: await setSettings(wanted, desk) }),
    }),
    reset: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options, { guild }) => askedReset(options.getString('name', true), guild),
      run: async (asked, desk) => ({ kind: 'message', message: await resetSettings(asked, desk) }),
    }),
  },
  suggest: async ({ name, subcommand, text, given }, { readGuild }) => {
    if (name === 'name') return suggestSettingNames(text, subcommand === 'set' ? 'parameters' : 'groups too');
    return name === 'value' ? suggestSettingValues(given.get('name') ?? '', text, await readGuild()) : [];
  },
});
