import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiscordConnection } from '../../src/bot/discord-client.ts';
import { trackInteractions } from '../../src/bot/in-flight.ts';
import { registerCommands } from '../../src/bot/register.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { openBot } from './open-bot.ts';

describe('interactions in flight', () => {
  let playground: Playground;
  let bot: DiscordConnection;
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const inFlight = trackInteractions(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await released;
    await interaction.editReply('answered');
  });

  beforeAll(async () => {
    playground = await startPlayground();
    bot = await openBot(playground, { onInteraction: inFlight.route });
    const { client } = bot;
    await registerCommands({
      rest: client.rest,
      applicationId: client.application.id,
      guildId: playground.home.guildId,
      commands: COMMANDS,
    });
  });

  afterAll(async () => {
    await bot.close();
    await playground.close();
  });

  it('are answered to the end by a drain, which tells newcomers to try again', async () => {
    const early = await playground.slash({ command: 'backtest' });
    await early.firstAnswer();
    let isDrained = false;

    const drained = inFlight.drain(10_000).then(() => {
      isDrained = true;
    });
    const late = await playground.slash({ command: 'backtest' });
    const refusal = await late.waitForReply();
    expect(isDrained, 'the first is still being answered').toBe(false);
    release();
    await drained;

    expect(refusal.content).toContain('try again in a few seconds');
    expect(refusal.ephemeral).toBe(true);
    expect(early.reply()?.content).toBe('answered');
  });

  it('are left behind when they take longer than a drain may', async () => {
    const stuck = trackInteractions(() => new Promise(() => {}));
    void stuck.route({} as never);

    await expect(stuck.drain(10)).resolves.toBeUndefined();
  });
});
