import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { renderHelp } from '../render/desk-help.ts';
import { renderDeskStatus } from '../render/desk-status.ts';
import { defineAction, defineGroup } from './command.ts';
import { HELP } from './help-examples.ts';

export const deskCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('desk')
    .setDescription('How the desk is, and what to type')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('status').setDescription('Versions, queue, workers, messages on their way, age of the bars'))
    .addSubcommand((sub) => sub.setName('help').setDescription('What to type')),
  actions: {
    status: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: renderDeskStatus(await desk.readStatus()) }),
    }),
    help: defineAction({
      permission: 'viewer',
      firstAnswer: 'ephemeral',
      read: () => null,
      run: async () => ({ kind: 'message', message: renderHelp(HELP) }),
    }),
  },
});
