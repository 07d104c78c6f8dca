import { ButtonStyle, type Client, ComponentType, Events, MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { transcribe } from '../../src/playground/transcript.ts';
import { logIn } from './log-in.ts';
import { PNG } from './png.ts';

const NOON_MS = Date.UTC(2026, 0, 2, 12, 0);

describe('a transcript', () => {
  let playground: Playground;
  let client: Client<true>;

  beforeEach(async () => {
    playground = await startPlayground({ clock: () => NOON_MS, rateLimits: 'off' });
    client = await logIn(playground);
  });

  afterEach(async () => {
    await client.destroy();
    await playground.close();
  });

  it('shows a channel as a phone would', async () => {
    await client.application.commands.set([
      { name: 'backtest', description: 'Replay', options: [{ type: 3, name: 'symbol', description: 'Market' }] },
      { name: 'help', description: 'Help' },
    ]);
    const answered = { count: 0 };
    client.on(Events.InteractionCreate, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      if (interaction.commandName === 'help') await interaction.reply({ content: 'Type /backtest.', flags: MessageFlags.Ephemeral });
      else {
        await interaction.deferReply();
        await interaction.editReply({
          content: `<@${interaction.user.id}> asked <t:${NOON_MS / 1000 - 7200}:R>`,
          embeds: [
            {
              title: 'BTC-USD 1h',
              description: `**+1.2 %**\n\`\`\`\nreturn   +1.2 %\n<@${interaction.user.id}> stays\n\`\`\``,
              fields: [{ name: 'Trades', value: '12' }],
              image: { url: 'attachment://equity.png' },
              footer: { text: 'simulated' },
              timestamp: '2026-01-02T11:00:00.000Z',
              thumbnail: { url: 'https://example.com/coin.png' },
            },
          ],
          files: [{ attachment: PNG, name: 'equity.png', description: 'Equity rises' }],
          components: [
            {
              type: ComponentType.ActionRow,
              components: [
                { type: ComponentType.Button, style: ButtonStyle.Primary, label: 'Trades', customId: 'trades' },
                { type: ComponentType.Button, style: ButtonStyle.Danger, label: 'Cancel', customId: 'cancel', disabled: true },
              ],
            },
          ],
        });
      }
      answered.count += 1;
    });

    playground.say({ content: 'hello' });
    await (await playground.slash({ command: 'backtest', options: { symbol: 'BTC-USD' } })).waitForReply();
    await (await playground.slash({ command: 'help' })).waitForReply();

    expect(transcribe(playground.channel())).toBe(
      [
        '# desk',
        '',
        'ana  12:00',
        '  hello',
        '',
        'ana used /backtest symbol:BTC-USD',
        'Scalpdesk [app]  12:00',
        '  @ana asked 2 hours ago',
        '  │ **BTC-USD 1h**',
        '  │ **+1.2 %**',
        '  │ ```',
        '  │ return   +1.2 %',
        `  │ <@${playground.home.userId}> stays`,
        '  │ ```',
        '  │',
        '  │ **Trades**',
        '  │ 12',
        '  │ [image: https://example.com/coin.png]',
        '  │ [image: equity.png – Equity rises]',
        '  │',
        '  │ simulated • 2026-01-02 11:00',
        '  [Trades] (Cancel)',
        '',
        'ana used /help',
        'Scalpdesk [app]  12:00',
        '  Type /backtest.',
        '  (only ana sees this)',
      ].join('\n'),
    );
  });

  it('marks what was edited, and files that are no pictures', async () => {
    const channel = client.channels.cache.get(playground.home.channelId);
    if (!channel?.isSendable()) throw new Error('The channel is not known to the client.');
    const message = await channel.send({ content: 'draft', files: [{ attachment: Buffer.from('a,b'), name: 'trades.csv' }] });
    await message.edit('final, at <t:1767355200:t> on <t:1767355200:d>');

    expect(transcribe(playground.channel())).toBe(
      ['# desk', '', 'Scalpdesk [app]  12:00 (edited)', '  final, at 12:00 on 2026-01-02', '  [file: trades.csv]'].join('\n'),
    );
  });
});
