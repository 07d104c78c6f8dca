import {
  ActionRowBuilder,
  ButtonStyle,
  type Client,
  ComponentType,
  Events,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transcribeModal } from '../../src/playground/modal-transcript.ts';
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

  it('shows closed menus: what is chosen, or what asks for a choice', async () => {
    const channel = client.channels.cache.get(playground.home.channelId);
    if (!channel?.isSendable()) throw new Error('The channel is not known to the client.');
    const rowOf = (select: StringSelectMenuBuilder) => new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(select);
    const select = (id: string, chosen = false) =>
      new StringSelectMenuBuilder()
        .setCustomId(id)
        .setMaxValues(2)
        .addOptions({ label: 'Bitcoin', value: 'btc', default: chosen }, { label: 'Ether', value: 'eth', default: chosen });
    await channel.send({
      content: 'panel',
      components: [
        rowOf(select('a')),
        rowOf(select('b').setPlaceholder('Which market?')),
        rowOf(select('c', true)),
        rowOf(select('d').setPlaceholder('Not now').setDisabled(true)),
      ],
    });

    expect(transcribe(playground.channel())).toBe(
      [
        '# desk',
        '',
        'Scalpdesk [app]  12:00',
        '  panel',
        '  [▾ Make a selection]',
        '  [▾ Which market?]',
        '  [▾ Bitcoin, Ether]',
        '  (▾ Not now)',
      ].join('\n'),
    );
  });

  it('says in a word what was chosen or submitted', async () => {
    await client.application.commands.set([{ name: 'panel', description: 'Panel' }]);
    const menu = new StringSelectMenuBuilder().setCustomId('menu').addOptions({ label: 'Bitcoin', value: 'btc' });
    const title = (label: LabelBuilder) => label.setLabel('Risk').setTextInputComponent((input) => input.setCustomId('r').setStyle(1));
    client.on(Events.InteractionCreate, async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.reply({ components: [new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu)] });
      else if (interaction.isStringSelectMenu())
        await interaction.showModal(new ModalBuilder().setCustomId('m').setTitle('Edit risk').addLabelComponents(title));
      else if (interaction.isModalSubmit()) await interaction.reply({ content: 'Saved.', flags: MessageFlags.Ephemeral });
    });
    const { id: messageId } = await (await playground.slash({ command: 'panel' })).waitForReply();
    const used = await playground.select({ messageId, select: 'menu', values: ['btc'] });
    await (await playground.submitModal(await used.waitForModal(), { r: '1' })).waitForReply();

    expect(transcribe(playground.channel())).toBe(
      [
        '# desk',
        '',
        'ana used /panel',
        'Scalpdesk [app]  12:00',
        '  [▾ Make a selection]',
        '',
        'ana used form "Edit risk"',
        'Scalpdesk [app]  12:00',
        '  Saved.',
        '  (only ana sees this)',
      ].join('\n'),
    );
  });

  it('shows a modal in 30 columns', async () => {
    await client.application.commands.set([{ name: 'panel', description: 'Panel' }]);
    const options = [
      { label: 'Binance', value: 'binance', default: true },
      { label: 'Kraken', value: 'kraken', description: 'spot' },
    ];
    const modal = new ModalBuilder()
      .setCustomId('m')
      .setTitle('Settings of the BTC-USD session')
      .addTextDisplayComponents((words) => words.setContent('Changes hold from the next bar.'))
      .addLabelComponents(
        new LabelBuilder()
          .setLabel('Risk 🎯')
          .setDescription('Percent of equity')
          .setTextInputComponent((input) => input.setCustomId('risk').setStyle(1).setValue('0.5')),
        new LabelBuilder()
          .setLabel('Note')
          .setTextInputComponent((input) =>
            input.setCustomId('note').setStyle(2).setRequired(false).setPlaceholder('Why do you change it today?'),
          ),
        new LabelBuilder().setLabel('Venue').setStringSelectMenuComponent((select) => select.setCustomId('venue').addOptions(options)),
        new LabelBuilder().setLabel('Mode').setRadioGroupComponent((group) => group.setCustomId('mode').setOptions(options)),
      );
    client.once(Events.InteractionCreate, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.showModal(modal);
    });
    const press = await playground.slash({ command: 'panel' });

    expect(transcribeModal(await press.waitForModal())).toBe(
      [
        '╭────────────────────────────╮',
        '│ Settings of the BTC-USD    │',
        '│ session                    │',
        '│                            │',
        '│ Changes hold from the next │',
        '│ bar.                       │',
        '│                            │',
        '│ Risk 🎯 *                  │',
        '│ Percent of equity          │',
        '│ ┌────────────────────────┐ │',
        '│ │ 0.5                    │ │',
        '│ └────────────────────────┘ │',
        '│                            │',
        '│ Note                       │',
        '│ ┌────────────────────────┐ │',
        '│ │ (Why do you change it  │ │',
        '│ │ today?)                │ │',
        '│ └────────────────────────┘ │',
        '│                            │',
        '│ Venue *                    │',
        '│ [▾ Binance]                │',
        '│                            │',
        '│ Mode *                     │',
        '│ ● Binance                  │',
        '│ ○ Kraken                   │',
        '│   spot                     │',
        '│                            │',
        '│ [Cancel] [Submit]          │',
        '╰────────────────────────────╯',
      ].join('\n'),
    );
  });
});
