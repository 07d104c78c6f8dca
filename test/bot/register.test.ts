import { SlashCommandBuilder, type SlashCommandIntegerOption } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiscordConnection } from '../../src/bot/discord-client.ts';
import { registerCommands } from '../../src/bot/register.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { openBot } from './open-bot.ts';

describe('registerCommands', () => {
  let playground: Playground;
  let bot: DiscordConnection;

  beforeAll(async () => {
    playground = await startPlayground({ rateLimits: 'off' });
    bot = await openBot(playground);
  });

  afterAll(async () => {
    await bot.close();
    await playground.close();
  });

  const register = (guildId: string | null, commands: Parameters<typeof registerCommands>[0]['commands'] = COMMANDS) =>
    registerCommands({ rest: bot.client.rest, applicationId: playground.applicationId, guildId, commands });

  const withOption = (change: (option: SlashCommandIntegerOption) => unknown) => ({
    definition: new SlashCommandBuilder()
      .setName('runs')
      .setDescription('Past runs')
      .addIntegerOption((option) => {
        change(option.setName('page').setDescription('Page'));
        return option;
      }),
  });

  it.each(['guild', 'everywhere'] as const)('registers once and leaves the same list alone (%s)', async (scope) => {
    const guildId = scope === 'guild' ? playground.home.guildId : null;

    expect(await register(guildId)).toBe('registered');
    expect(playground.commands(guildId).map(({ name }) => name)).toEqual(COMMANDS.map(({ definition }) => definition.name));
    const before = playground.commands(guildId);
    expect(await register(guildId)).toBe('unchanged');
    expect(playground.commands(guildId)).toEqual(before);
    expect(
      playground.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/guilds/') === (scope === 'guild')),
    ).toHaveLength(1);
  });

  it('replaces the list when a limit, a choice or a command differs, and keeps no old ones', async () => {
    const { guildId } = playground.addGuild('Elsewhere');
    const steps = [
      withOption(() => undefined),
      withOption((option) => option.setMinValue(0)),
      withOption((option) => option.setMinValue(1)),
      withOption((option) => option.setMinValue(1).setChoices({ name: 'one', value: 1 })),
      withOption((option) => option.setMinValue(1).setRequired(true)),
    ];

    for (const command of steps) {
      expect(await register(guildId, [command])).toBe('registered');
      expect(await register(guildId, [command])).toBe('unchanged');
    }
    expect(await register(guildId, [])).toBe('registered');
    expect(playground.commands(guildId)).toEqual([]);
  });

  it('describes every option within Discord’s limits', () => {
    for (const { definition } of COMMANDS) {
      const { description, options = [] } = definition.toJSON();
      expect([description, ...options.map((option) => option.description)].every((text) => text.length <= 100)).toBe(true);
      expect(JSON.stringify(definition.toJSON()).length).toBeLessThan(8_000);
    }
  });
});
