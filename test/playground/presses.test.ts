import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  ButtonStyle,
  type Client,
  ComponentType,
  DiscordAPIError,
  Events,
  type Interaction,
  MessageFlags,
  SlashCommandBuilder,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { logIn } from './log-in.ts';

describe('buttons and suggestions', () => {
  let skippedMs = 0;
  let playground: Playground;
  let client: Client<true>;

  beforeAll(async () => {
    playground = await startPlayground({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
    client = await logIn(playground);
    await client.application.commands.set([
      new SlashCommandBuilder()
        .setName('backtest')
        .setDescription('Replay bars')
        .addStringOption((option) => option.setName('symbol').setDescription('Market').setRequired(true).setAutocomplete(true))
        .addIntegerOption((option) => option.setName('days').setDescription('History').setAutocomplete(true))
        .addBooleanOption((option) => option.setName('chart').setDescription('Draw')),
      new SlashCommandBuilder()
        .setName('runs')
        .setDescription('Past runs')
        .addSubcommand((sub) =>
          sub
            .setName('show')
            .setDescription('One')
            .addStringOption((option) => option.setName('id').setDescription('Which').setAutocomplete(true)),
        ),
    ]);
  });

  afterAll(async () => {
    await client.destroy();
    await playground.close();
  });

  const row = [
    {
      type: ComponentType.ActionRow as const,
      components: [
        { type: ComponentType.Button as const, style: ButtonStyle.Primary as const, label: 'Next', customId: 'v1:next:2' },
        { type: ComponentType.Button as const, style: ButtonStyle.Secondary as const, label: 'Here', customId: 'here', disabled: true },
        { type: ComponentType.Button as const, style: ButtonStyle.Link as const, label: 'Web', url: 'https://example.com' },
      ],
    },
  ];

  /** Works on the next interaction; resolves when the work is done. */
  function onNext<T>(work: (interaction: Interaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      client.once(Events.InteractionCreate, (interaction) => void work(interaction).then(resolve, reject));
    });
  }
  async function postButtons(flags?: MessageFlags.Ephemeral): Promise<string> {
    const done = onNext(async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: 'one', components: row, ...(flags ? { flags } : {}) });
    });
    const press = await playground.slash({ command: 'backtest', options: { symbol: 'B' } });
    await done;
    return (await press.waitForReply()).id;
  }
  const asButton = (interaction: Interaction): ButtonInteraction => {
    if (interaction.isButton()) return interaction;
    throw new Error('That is no button.');
  };
  const asTyping = (interaction: Interaction): AutocompleteInteraction => {
    if (interaction.isAutocomplete()) return interaction;
    throw new Error('That is no autocomplete.');
  };
  const refusalOf = (request: Promise<unknown>) =>
    request.then(
      () => null,
      (error: unknown) => (error instanceof DiscordAPIError ? { status: error.status, code: error.code } : Promise.reject(error)),
    );

  it('bring the button, its message and who pressed it', async () => {
    const messageId = await postButtons();
    const bea = playground.addMember({ name: 'bea', permissions: 1n << 5n });
    const handled = onNext(async (interaction) => {
      const button = asButton(interaction);
      await button.deferUpdate();
      const manages = button.memberPermissions?.has('ManageGuild');
      return { id: button.customId, message: button.message.id, text: button.message.content, by: button.user.username, manages };
    });

    const press = await playground.press({ messageId, button: 'Next', user: bea });

    expect(await handled).toEqual({ id: 'v1:next:2', message: messageId, text: 'one', by: 'bea', manages: true });
    expect(await press.firstAnswer()).toMatchObject({ kind: 'deferUpdate', ephemeral: false });
  });

  it('are answered by an edit of their message, now or later, and by words for the presser alone', async () => {
    const messageId = await postButtons();
    const first = onNext((interaction) => asButton(interaction).update({ content: 'two' }));
    const now = await playground.press({ messageId, button: 'v1:next:2' });
    await first;
    expect(now.reply()).toMatchObject({ id: messageId, content: 'two' });

    const second = onNext(async (interaction) => {
      const button = asButton(interaction);
      await button.deferUpdate();
      await button.editReply({ content: 'three', components: [] });
      await button.followUp({ content: 'psst', flags: MessageFlags.Ephemeral });
    });
    const later = await playground.press({ messageId, button: 'Next' });
    await second;

    expect(later.reply()).toMatchObject({ id: messageId, content: 'three', components: [] });
    expect(later.followUps()).toMatchObject([{ content: 'psst', ephemeral: true }]);
    expect(later.reply()?.revisions.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  });

  it('keep the message as it is when nothing more is said, and take a new message as well', async () => {
    const messageId = await postButtons();
    const handled = onNext((interaction) => asButton(interaction).reply('new'));

    const press = await playground.press({ messageId, button: 'Next' });
    await handled;

    expect(press.reply()).toMatchObject({ content: 'new' });
    expect(press.reply()?.id).not.toBe(messageId);
    expect(playground.channel().messages.find(({ id }) => id === messageId)?.revisions).toHaveLength(1);
  });

  it('are unknown after three seconds and acknowledged once', async () => {
    const messageId = await postButtons();
    const twice = onNext(async (interaction) => {
      const button = asButton(interaction);
      await button.deferUpdate();
      const path = `/interactions/${button.id}/${button.token}/callback` as const;
      return refusalOf(client.rest.post(path, { body: { type: 6 }, auth: false }));
    });
    await playground.press({ messageId, button: 'Next' });
    expect(await twice).toEqual({ status: 400, code: 40060 });

    const late = onNext((interaction) => {
      skippedMs += 3_001;
      return refusalOf(asButton(interaction).deferUpdate());
    });
    await playground.press({ messageId, button: 'Next' });
    expect(await late).toEqual({ status: 404, code: 10062 });
  });

  it('cannot be pressed when they are disabled, links, not there, or not seen by the member', async () => {
    const messageId = await postButtons();
    const secret = await postButtons(MessageFlags.Ephemeral);
    const bea = playground.addMember({ name: 'bea' });

    await expect(playground.press({ messageId, button: 'Here' })).rejects.toThrow('The button "Here" is disabled.');
    await expect(playground.press({ messageId, button: 'Web' })).rejects.toThrow('is a link');
    await expect(playground.press({ messageId, button: 'Gone' })).rejects.toThrow('has no button "Gone"; it has: Next, Here, Web.');
    await expect(playground.press({ messageId: '1', button: 'Next' })).rejects.toThrow('There is no message 1.');
    await expect(playground.press({ messageId: secret, button: 'Next', user: bea })).rejects.toThrow(`bea does not see message ${secret}.`);
    const foreign = playground.addGuild('elsewhere');
    const outsider = playground.addMember({ name: 'out', guildId: foreign.guildId });
    await expect(playground.press({ messageId, button: 'Next', user: outsider })).rejects.toThrow('is no member');
  });

  it('suggest for the option that is typed, with what else is filled in', async () => {
    const handled = onNext(async (interaction) => {
      const typing = asTyping(interaction);
      const { name, value } = typing.options.getFocused(true);
      await typing.respond([{ name: 'Ethereum', value: 'ETH-USD' }]);
      return { name, value, days: typing.options.get('days')?.value, command: typing.commandName };
    });

    const suggestions = await playground.autocomplete({ command: 'backtest', option: 'symbol', text: 'eth', options: { days: 3 } });

    expect(suggestions).toEqual([{ name: 'Ethereum', value: 'ETH-USD' }]);
    expect(await handled).toEqual({ name: 'symbol', value: 'eth', days: 3, command: 'backtest' });
  });

  it('suggest inside a subcommand, and nothing is a suggestion too', async () => {
    const handled = onNext(async (interaction) => {
      const typing = asTyping(interaction);
      await typing.respond([]);
      return typing.options.getSubcommand();
    });

    expect(await playground.autocomplete({ command: 'runs show', option: 'id', text: '' })).toEqual([]);
    expect(await handled).toBe('show');
  });

  it.each([
    ['more than 25', Array.from({ length: 26 }, (_, index) => ({ name: `n${index}`, value: `v${index}` }))],
    ['a name of more than 100 characters', [{ name: 'n'.repeat(101), value: 'v' }]],
    ['a value of more than 100 characters', [{ name: 'n', value: 'v'.repeat(101) }]],
    ['an empty name', [{ name: '', value: 'v' }]],
  ])('are refused with %s', async (_, choices) => {
    const refused = onNext(async (interaction) => {
      const typing = asTyping(interaction);
      const refusal = await refusalOf(typing.respond(choices));
      await refusalOf(
        client.rest.post(`/interactions/${typing.id}/${typing.token}/callback`, { body: { type: 8, data: { choices: [] } }, auth: false }),
      );
      return refusal;
    });
    await playground.autocomplete({ command: 'backtest', option: 'symbol', text: 'e' });

    expect(await refused).toEqual({ status: 400, code: 50035 });
  });

  it('take no message as a suggestion and have no webhook', async () => {
    const refused = onNext(async (interaction) => {
      const typing = asTyping(interaction);
      const path = `/interactions/${typing.id}/${typing.token}/callback` as const;
      const asMessage = await refusalOf(client.rest.post(path, { body: { type: 4, data: { content: 'x' } }, auth: false }));
      await typing.respond([]);
      const hook = `/webhooks/${typing.applicationId}/${typing.token}` as const;
      return [asMessage, await refusalOf(client.rest.post(hook, { body: { content: 'x' }, auth: false }))];
    });
    await playground.autocomplete({ command: 'backtest', option: 'symbol', text: 'e' });

    expect(await refused).toEqual([
      { status: 400, code: 50035 },
      { status: 404, code: 10015 },
    ]);
  });

  it('are not asked for where the option suggests nothing', async () => {
    await expect(playground.autocomplete({ command: 'backtest', option: 'chart', text: 't' })).rejects.toThrow('suggests nothing');
    await expect(playground.autocomplete({ command: 'backtest', option: 'moon', text: 't' })).rejects.toThrow('no option "moon"');
  });
});
