import {
  ActionRowBuilder,
  type Client,
  ComponentType,
  type Interaction,
  MessageFlags,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { onNext, refusalOf } from './bot-side.ts';
import { logIn } from './log-in.ts';

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const options = (count: number, more: object = {}) => times(count, (n) => ({ label: `Label ${n}`, value: `v${n}`, ...more }));
const x = (length: number) => 'x'.repeat(length);

const rowOf = (select: StringSelectMenuBuilder) => new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(select);
const markets = () =>
  new StringSelectMenuBuilder()
    .setCustomId('v1:markets')
    .setPlaceholder('Which markets?')
    .setMinValues(1)
    .setMaxValues(2)
    .addOptions(
      { label: 'Bitcoin', value: 'BTC-USD', description: 'The oldest' },
      { label: 'Ether', value: 'ETH-USD', emoji: '⛽' },
      { label: 'Solana', value: 'SOL-USD' },
    );

describe('a select', () => {
  let skippedMs = 0;
  let playground: Playground;
  let client: Client<true>;

  beforeAll(async () => {
    playground = await startPlayground({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
    client = await logIn(playground);
    await client.application.commands.set([new SlashCommandBuilder().setName('settings').setDescription('Panel')]);
  });

  afterAll(async () => {
    await client.destroy();
    await playground.close();
  });

  async function post(select: StringSelectMenuBuilder, flags?: MessageFlags.Ephemeral): Promise<string> {
    const done = onNext(client, async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.reply({ content: 'panel', components: [rowOf(select)], ...(flags ? { flags } : {}) });
    });
    const press = await playground.slash({ command: 'settings' });
    await done;
    return (await press.waitForReply()).id;
  }
  const asSelect = (interaction: Interaction): StringSelectMenuInteraction => {
    if (interaction.isStringSelectMenu()) return interaction;
    throw new Error('That is no select.');
  };

  it('brings what was chosen, its message, and the member with its roles', async () => {
    const messageId = await post(markets());
    const trader = playground.addRole({ name: 'trader' });
    const bea = playground.addMember({ name: 'bea', roles: [trader] });
    const handled = onNext(client, async (interaction) => {
      const select = asSelect(interaction);
      await select.update({ content: select.values.join(' and '), components: [] });
      return {
        id: select.customId,
        values: select.values,
        component: select.component.type,
        message: select.message.id,
        by: select.user.username,
        trades: select.inCachedGuild() && select.member.roles.cache.has(trader),
      };
    });

    const press = await playground.select({ messageId, select: 'v1:markets', values: ['SOL-USD', 'BTC-USD'], user: bea });

    expect(await handled).toEqual({
      id: 'v1:markets',
      values: ['SOL-USD', 'BTC-USD'],
      component: ComponentType.StringSelect,
      message: messageId,
      by: 'bea',
      trades: true,
    });
    expect(await press.firstAnswer()).toMatchObject({ kind: 'update' });
    expect(press.reply()).toMatchObject({ id: messageId, content: 'SOL-USD and BTC-USD', components: [] });
  });

  it('can be found by its placeholder, and left empty where that is allowed', async () => {
    const messageId = await post(markets().setMinValues(0));
    const handled = onNext(client, async (interaction) => {
      await asSelect(interaction).reply({ content: 'none', flags: MessageFlags.Ephemeral });
      return asSelect(interaction).values;
    });

    const press = await playground.select({ messageId, select: 'Which markets?', values: [] });

    expect(await handled).toEqual([]);
    expect(press.reply()).toMatchObject({ content: 'none', ephemeral: true });
  });

  it.each([
    ['no value', { values: [] }, 'The select "v1:markets" is given []; Discord takes 1 to 2 of its options.'],
    ['more values than its most', { values: ['BTC-USD', 'ETH-USD', 'SOL-USD'] }, 'Discord takes 1 to 2 of its options.'],
    ['a value that is no option', { values: ['DOGE-USD'] }, 'Discord takes values among "BTC-USD", "ETH-USD", "SOL-USD".'],
    ['a caption instead of a value', { values: ['Bitcoin'] }, 'Discord takes values among'],
    ['a value twice', { values: ['BTC-USD', 'BTC-USD'] }, 'Discord takes each option once.'],
    ['another id', { select: 'v1:other', values: ['BTC-USD'] }, 'has no select "v1:other"; it has: v1:markets.'],
  ])('is not sent with %s', async (_, use, message) => {
    const messageId = await post(markets());

    await expect(playground.select({ messageId, select: 'v1:markets', ...use })).rejects.toThrow(message);
  });

  it('is not sent when it is disabled, or not seen by the member', async () => {
    const disabled = await post(markets().setDisabled(true));
    const secret = await post(markets(), MessageFlags.Ephemeral);
    const bea = playground.addMember({ name: 'bea' });
    const use = { select: 'v1:markets', values: ['BTC-USD'] };

    await expect(playground.select({ messageId: disabled, ...use })).rejects.toThrow('The select "v1:markets" is disabled.');
    await expect(playground.select({ messageId: secret, ...use, user: bea })).rejects.toThrow(`bea does not see message ${secret}.`);
    await expect(playground.press({ messageId: secret, button: 'v1:markets' })).rejects.toThrow(
      'has no button "v1:markets"; it has: none.',
    );
  });

  it('is unknown to an answer after three seconds, and answered once', async () => {
    const messageId = await post(markets());
    const use = { messageId, select: 'v1:markets', values: ['BTC-USD'] };
    const late = onNext(client, (interaction) => {
      skippedMs += 3_001;
      return refusalOf(asSelect(interaction).deferUpdate());
    });
    await playground.select(use);
    expect(await late).toMatchObject({ status: 404, code: 10062 });

    const twice = onNext(client, async (interaction) => {
      await asSelect(interaction).deferUpdate();
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      return refusalOf(client.rest.post(path, { body: { type: 6 }, auth: false }));
    });
    await playground.select(use);
    expect(await twice).toMatchObject({ status: 400, code: 40060 });
  });

  const at = (path: string) => `components.0.components.0${path}`;
  it.each<readonly [what: string, select: object, errors: Readonly<Record<string, string>> | null]>([
    ['25 options', { options: options(25) }, null],
    ['26 options', { options: options(26) }, { [at('.options')]: 'BASE_TYPE_BAD_LENGTH' }],
    ['no options', { options: [] }, { [at('.options')]: 'BASE_TYPE_BAD_LENGTH' }],
    ['options left out', {}, { [at('.options')]: 'BASE_TYPE_REQUIRED' }],
    ['texts of 100', { options: [{ label: x(100), value: x(100), description: x(100) }] }, null],
    [
      'texts of 101',
      { options: [{ label: x(101), value: x(101), description: x(101) }] },
      {
        [at('.options.0.label')]: 'BASE_TYPE_BAD_LENGTH',
        [at('.options.0.value')]: 'BASE_TYPE_BAD_LENGTH',
        [at('.options.0.description')]: 'BASE_TYPE_MAX_LENGTH',
      },
    ],
    ['an empty label', { options: [{ label: '', value: 'v' }] }, { [at('.options.0.label')]: 'BASE_TYPE_REQUIRED' }],
    ['a value twice', { options: [...options(1), ...options(1)] }, { [at('.options.1')]: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED' }],
    ['a placeholder of 150', { options: options(1), placeholder: x(150) }, null],
    ['a placeholder of 151', { options: options(1), placeholder: x(151) }, { [at('.placeholder')]: 'BASE_TYPE_MAX_LENGTH' }],
    ['no custom_id', { options: options(1), custom_id: null }, { [at('.custom_id')]: 'BASE_TYPE_REQUIRED' }],
    ['at least none', { options: options(1), min_values: 0 }, null],
    [
      'at least none, yet required',
      { options: options(1), min_values: 0, required: true },
      { [at('.min_values')]: 'SELECT_COMPONENT_REQUIRED_ZERO_MIN_VALUES' },
    ],
    ['fewer than none', { options: options(1), min_values: -1 }, { [at('.min_values')]: 'NUMBER_TYPE_MIN' }],
    ['at least 26', { options: options(25), min_values: 26, max_values: 25 }, { [at('.min_values')]: 'NUMBER_TYPE_MAX' }],
    ['at least more than at most', { options: options(3), min_values: 2 }, { [at('.min_values')]: 'NUMBER_TYPE_MAX' }],
    ['at most none', { options: options(1), max_values: 0 }, { [at('.max_values')]: 'NUMBER_TYPE_MIN' }],
    ['at most 26', { options: options(25), max_values: 26 }, { [at('.max_values')]: 'NUMBER_TYPE_MAX' }],
    ['at most more than there are', { options: options(2), max_values: 3 }, { [at('.options')]: 'BASE_TYPE_MIN_LENGTH' }],
    [
      'more chosen beforehand than at most',
      { options: options(2, { default: true }) },
      { [at('.options')]: 'SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES' },
    ],
  ])('is weighed by Discord with %s', async (_, select, errors) => {
    const body = { components: [{ type: 1, components: [{ type: 3, custom_id: 'pick', ...select }] }] };
    const refused = await refusalOf(client.rest.post(`/channels/${playground.home.channelId}/messages`, { body }));

    expect(refused).toEqual(errors && { status: 400, code: 50035, errors });
  });

  it('stands alone in its row, in five rows at most, with a custom id of its own', async () => {
    const pick = (id: string) => ({ type: 3, custom_id: id, options: options(1) });
    const send = (components: readonly unknown[]) =>
      refusalOf(client.rest.post(`/channels/${playground.home.channelId}/messages`, { body: { components } }));
    const row = (...components: readonly unknown[]) => ({ type: 1, components });

    expect(await send(times(5, (n) => row(pick(`${n}`))))).toBeNull();
    expect((await send(times(6, (n) => row(pick(`${n}`)))))?.errors).toEqual({ components: 'BASE_TYPE_MAX_LENGTH' });
    expect((await send([row(pick('a'), pick('b'))]))?.errors).toEqual({ 'components.0.components.1': 'COMPONENT_LAYOUT_WIDTH_EXCEEDED' });
    expect((await send([row(pick('a')), row(pick('a'))]))?.errors).toEqual({
      'components.1.components.0.custom_id': 'COMPONENT_CUSTOM_ID_DUPLICATED',
    });
  });

  it('is refused under `data` in the first answer to an interaction, and without it in an edit', async () => {
    const bad = rowOf(markets().setMaxValues(4));
    const handled = onNext(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) throw new Error('That is no command.');
      const first = await refusalOf(interaction.reply({ components: [bad] }));
      await interaction.deferReply();
      return [first?.errors, (await refusalOf(interaction.editReply({ components: [bad] })))?.errors];
    });
    await playground.slash({ command: 'settings' });

    expect(await handled).toEqual([
      { 'data.components.0.components.0.options': 'BASE_TYPE_MIN_LENGTH' },
      { 'components.0.components.0.options': 'BASE_TYPE_MIN_LENGTH' },
    ]);
  });
});
