import { InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { renderHelp } from '../render/desk-help.ts';
import { renderDeskStatus } from '../render/desk-status.ts';
import { renderSetup, renderSetupChange } from '../render/setup.ts';
import { askedSetup, TAKEN_BACK } from './asked-setup.ts';
import { defineAction, defineGroup } from './command.ts';
import { HELP } from './help-examples.ts';
import { showAudit } from './show-audit.ts';
import { suggestTimeZones } from './suggest-time-zones.ts';

const ZONE_CHARACTERS = 60;

export const deskCommand = defineGroup({
  definition: new SlashCommandBuilder()
    .setName('desk')
    .setDescription('How the desk is, who may do what, and what to type')
    .setContexts(InteractionContextType.Guild)
    .addSubcommand((sub) => sub.setName('status').setDescription('Versions, queue, workers, messages on their way, age of the bars'))
    .addSubcommand((sub) =>
      sub
        .setName('setup')
        .setDescription('Who may do what, and the time zone; without options: how it is (admins)')
        .addRoleOption((option) => option.setName('trader_role').setDescription('Who may ask for work and change settings'))
        .addRoleOption((option) =>
          option.setName('admin_role').setDescription('Who may do what admins may, beside those who manage the server'),
        )
        .addStringOption((option) =>
          option
            .setName('time_zone')
            .setDescription('Of times in tables, which Discord does not convert; IANA name, e.g. Europe/Berlin')
            .setAutocomplete(true)
            .setMaxLength(ZONE_CHARACTERS),
        )
        .addStringOption((option) =>
          option
            .setName('none')
            .setDescription('Take a role back; with no trader role everybody who sees the channel is a trader')
            .addChoices(Object.keys(TAKEN_BACK).map((name) => ({ name, value: name }))),
        ),
    )
    .addSubcommand((sub) => sub.setName('audit').setDescription('Who changed what and when, newest first (admins)'))
    .addSubcommand((sub) => sub.setName('help').setDescription('What to type')),
  actions: {
    status: defineAction({
      permission: 'viewer',
      firstAnswer: 'public',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: renderDeskStatus(await desk.readStatus()) }),
    }),
    setup: defineAction({
      permission: 'admin',
      firstAnswer: 'public',
      read: askedSetup,
      run: async (change, desk) => {
        if (Object.keys(change).length === 0) return { kind: 'message', message: renderSetup((await desk.readGuild()).setup) };
        const made = await desk.changeSetup(change);
        return { kind: 'message', message: renderSetupChange(made, { userId: desk.userId, atMs: desk.requestedAtMs }) };
      },
    }),
    audit: defineAction({
      permission: 'admin',
      firstAnswer: 'ephemeral',
      read: () => null,
      run: async (_, desk) => ({ kind: 'message', message: await showAudit(1, desk) }),
    }),
    help: defineAction({
      permission: 'viewer',
      firstAnswer: 'ephemeral',
      read: () => null,
      run: async () => ({ kind: 'message', message: renderHelp(HELP) }),
    }),
  },
  suggest: async ({ name, text }, { requestedAtMs }) => (name === 'time_zone' ? suggestTimeZones(text, requestedAtMs) : []),
});
