import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { Refusal } from '../engine/refusal.ts';
import { REPLAN_TRIGGERS } from '../engine/result.ts';
import { renderTriggers } from '../render/triggers.ts';
import { triggerWords } from '../render/triggers-history.ts';
import { changeNow } from './change-settings.ts';
import { defineAction, defineGroup } from './command.ts';
import { addSettingOptions, readSettingOptions, type SettingOption } from './setting-options.ts';
import { askedTrigger, showReplans, showTriggers } from './show-triggers.ts';

const OPTIONS: readonly SettingOption[] = [
  { option: 'volatility_spike', parameter: 'volatility_spike_enabled', says: 'Ask for a new plan when the ATR jumps above its mean' },
  { option: 'multiplier', parameter: 'volatility_spike_multiplier', says: 'How far the ATR must jump; times its mean' },
  { option: 'lookback', parameter: 'volatility_spike_lookback_bars', says: 'What the mean ATR is of; bars' },
  { option: 'drawdown', parameter: 'drawdown_replan_enabled', says: 'Ask for a new plan when the equity falls below its peak' },
  { option: 'threshold', parameter: 'drawdown_threshold_pct', says: 'How far the equity must fall; % of its peak' },
  { option: 'support_break', parameter: 'support_break_enabled', says: 'Ask for a new plan when a close breaks the nearest support' },
  {
    option: 'resistance_break',
    parameter: 'resistance_break_enabled',
    says: 'Ask for a new plan when a close breaks the nearest resistance',
  },
  {
    option: 'scheduled_hours',
    parameter: 'scheduled_hours',
    says: 'When a new plan is asked for in any case; hours UTC, 0–23 with commas, e.g. 0,8,16; null = never',
  },
  { option: 'budget', parameter: 'max_reactive_replans_per_day', says: 'Plans the market may ask for per UTC day; 0 = none' },
  { option: 'interval', parameter: 'min_replan_interval_minutes', says: 'Time since any plan before the market may ask; minutes' },
];

export const triggersCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('triggers')
    .setDescription('What asks for a new plan while a run goes on')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('show').setDescription('Which are on, and who set them'))
    .addSubcommand((sub) =>
      addSettingOptions(sub.setName('set').setDescription('Change them for this server; what is not given stays'), OPTIONS),
    )
    .addSubcommand((sub) =>
      sub
        .setName('history')
        .setDescription('What asked for new plans in backtests, with its numbers')
        .addStringOption((option) =>
          option
            .setName('trigger')
            .setDescription('One alone; default all')
            .addChoices(REPLAN_TRIGGERS.map((trigger) => ({ name: triggerWords(trigger), value: trigger }))),
        ),
    ),
  actions: {
    show: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: await showTriggers(desk) }),
    }),
    set: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options) => {
        const wanted = readSettingOptions(options, OPTIONS);
        if (wanted.size > 0) return wanted;
        throw new Refusal('Nothing is given that could change; name at least one, e.g. /triggers set volatility_spike:on multiplier:2.5');
      },
      run: async (wanted, desk) => {
        const { guild, made } = await changeNow(wanted, desk);
        return { kind: 'message', message: renderTriggers(guild, made) };
      },
    }),
    history: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => askedTrigger(options.getString('trigger')),
      run: async (trigger, desk) => ({ kind: 'message', message: await showReplans({ trigger, page: 1 }, desk) }),
    }),
  },
});
