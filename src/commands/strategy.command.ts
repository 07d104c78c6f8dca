import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { renderPlanNow } from '../render/plan-page.ts';
import { KIND_WORDS, strategyName } from '../render/strategy-list.ts';
import { askedReplan } from './asked-replan.ts';
import { askedRunId } from './asked-run-id.ts';
import { fitChoices } from './choices.ts';
import { defineAction, defineGroup } from './command.ts';
import { RUN_OPTIONS, suggestRunOption } from './run-options.ts';
import { askedPlan, showPlan, showStrategies, showStrategy } from './show-strategies.ts';
import { suggestRuns } from './suggest-runs.ts';

const ID_CHARACTERS = 36;
const NAME_CHARACTERS = 60;
const TIME_CHARACTERS = 20;

export const strategyCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('strategy')
    .setDescription('What is traded by: strategies, prompts, and the plans of a strategist')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('list').setDescription('Built-in plans, the desk’s rules, prompts for a model'))
    .addSubcommand((sub) =>
      sub
        .setName('show')
        .setDescription('One of them, its text as a file')
        .addStringOption((option) =>
          option
            .setName('name')
            .setDescription('Which one, e.g. prompt:conservative')
            .setRequired(true)
            .setAutocomplete(true)
            .setMaxLength(NAME_CHARACTERS),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('plan')
        .setDescription('A plan of a run: what it expects, its triggers, what was left out, its cost')
        .addStringOption((option) =>
          option.setName('id').setDescription('Which run; default the newest').setAutocomplete(true).setMaxLength(ID_CHARACTERS),
        )
        .addStringOption((option) =>
          option
            .setName('at')
            .setDescription('Which plan: its number, or a time UTC, e.g. 2025-10-10T21:00. Default the last')
            .setMaxLength(TIME_CHARACTERS),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('replan')
        .setDescription('Ask the strategist now, on the latest bars; nothing trades by it')
        .addStringOption(RUN_OPTIONS.symbols)
        .addStringOption(RUN_OPTIONS.timeframe)
        .addStringOption(RUN_OPTIONS.strategist),
    ),
  actions: {
    list: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: showStrategies(desk) }),
    }),
    show: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => options.getString('name', true),
      run: async (name, desk) => ({ kind: 'message', message: showStrategy(name, desk) }),
    }),
    plan: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: (options) => {
        const id = options.getString('id');
        return { prefix: id === null ? null : askedRunId(id), wanted: askedPlan(options.getString('at')) };
      },
      run: async (asked, desk) => ({ kind: 'message', message: await showPlan(asked, desk) }),
    }),
    replan: defineAction({
      permission: 'trader',
      firstAnswer: 'public',
      read: (options, context) =>
        askedReplan(
          {
            symbols: options.getString('symbols'),
            timeframe: options.getString('timeframe'),
            strategist: options.getString('strategist'),
          },
          context,
        ),
      run: async (asked, { planNow }) => ({ kind: 'message', message: renderPlanNow(await planNow(asked)) }),
    }),
  },
  suggest: async (typed, desk) => {
    if (typed.name === 'id') return suggestRuns(typed.text, desk);
    if (typed.name !== 'name') return suggestRunOption(typed, desk);
    const choices = desk
      .listStrategies()
      .strategies.map((each) => ({ name: `${each.id} (${KIND_WORDS[each.kind]})`, value: strategyName(each) }));
    return fitChoices(choices.filter(({ name, value }) => `${name} ${value}`.includes(typed.text.trim().toLowerCase())));
  },
});
