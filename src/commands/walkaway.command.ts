import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import type { WantedSettings } from '../engine/guild-view.ts';
import { renderWalkAway } from '../render/walkaway.ts';
import { changeNow } from './change-settings.ts';
import { type Action, type CommandOptions, defineAction, defineGroup } from './command.ts';
import { addSettingOptions, readSettingOptions, type SettingOption } from './setting-options.ts';
import { showWalkAway, showWalkAways } from './show-walkaway.ts';

const OPTIONS: readonly SettingOption[] = [
  {
    option: 'target',
    parameter: 'walk_away_profit_target_pct',
    says: 'Gain at which to walk away; % of the equity at the start of the day',
    isRequired: true,
  },
  { option: 'loss', parameter: 'walk_away_loss_limit_pct', says: 'Loss at which to walk away; % of the equity at the start of the day' },
  { option: 'action', parameter: 'walk_away_action', says: 'flatten: close all at the next open; manage: keep stops and targets' },
  {
    option: 'resume',
    parameter: 'walk_away_resume_next_session',
    says: 'on: trade again on the next UTC day; off: stay away until someone resumes',
  },
];

export const walkAwayCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('walkaway')
    .setDescription('Stop for the day at a profit target or a loss limit')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) =>
      addSettingOptions(sub.setName('set').setDescription('Turn it on for this server; what is not given stays as it is'), OPTIONS),
    )
    .addSubcommand((sub) => sub.setName('off').setDescription('Turn it off; target and limit are kept'))
    .addSubcommand((sub) => sub.setName('status').setDescription('What applies, and who set it'))
    .addSubcommand((sub) =>
      sub.setName('history').setDescription('Days that backtests walked away from, and what carrying on would have brought'),
    ),
  actions: {
    set: changing((options) => new Map([['walk_away_enabled', true], ...readSettingOptions(options, OPTIONS)])),
    off: changing(() => new Map([['walk_away_enabled', false]])),
    status: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: await showWalkAway(desk) }),
    }),
    history: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: await showWalkAways(1, desk) }),
    }),
  },
});

function changing(read: (options: CommandOptions) => WantedSettings): Action {
  return defineAction({
    permission: 'trader',
    firstAnswer: 'public',
    read,
    run: async (wanted, desk) => {
      const { guild, made } = await changeNow(wanted, desk);
      return { kind: 'message', message: renderWalkAway(guild, made) };
    },
  });
}
