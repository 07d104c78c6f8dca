import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  type ModalSubmitInteraction,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../src/playground/permission-bits.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { onNext, refusalOf } from './bot-side.ts';
import { logIn } from './log-in.ts';

const x = (length: number) => 'x'.repeat(length);
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

const riskInput = () => new TextInputBuilder().setCustomId('risk').setStyle(TextInputStyle.Short).setMinLength(1).setMaxLength(5);
const noteInput = () => new TextInputBuilder().setCustomId('note').setStyle(TextInputStyle.Paragraph).setRequired(false).setMinLength(3);
const venues = () =>
  new StringSelectMenuBuilder()
    .setCustomId('venue')
    .setMaxValues(2)
    .addOptions(
      { label: 'Binance', value: 'binance', default: true },
      { label: 'Kraken', value: 'kraken' },
      { label: 'OKX', value: 'okx' },
    );
const settingsModal = () =>
  new ModalBuilder()
    .setCustomId('v1:settings')
    .setTitle('Settings')
    .addTextDisplayComponents((words) => words.setContent('Only for paper.'))
    .addLabelComponents(
      new LabelBuilder().setLabel('Risk').setDescription('Percent of equity').setTextInputComponent(riskInput().setValue('0.5')),
      new LabelBuilder().setLabel('Note').setTextInputComponent(noteInput()),
      new LabelBuilder().setLabel('Venue').setStringSelectMenuComponent(venues()),
    );
const panel = [
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId('edit').setLabel('Edit').setStyle(ButtonStyle.Primary),
  ),
];

describe('a modal', () => {
  let skippedMs = 0;
  let playground: Playground;
  let client: Client<true>;

  beforeAll(async () => {
    playground = await startPlayground({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
    client = await logIn(playground);
    await client.application.commands.set([new SlashCommandBuilder().setName('settings').setDescription('Edit')]);
  });

  afterAll(async () => {
    await client.destroy();
    await playground.close();
  });

  const asSubmit = (interaction: Interaction): ModalSubmitInteraction => {
    if (interaction.isModalSubmit()) return interaction;
    throw new Error('That is no modal.');
  };
  const callback = (interaction: Interaction, body: object) =>
    refusalOf(client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, { body, auth: false }));

  async function openByCommand(modal = settingsModal(), user = playground.home.userId) {
    const shown = onNext(client, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.showModal(modal);
    });
    const press = await playground.slash({ command: 'settings', user });
    await shown;
    return { press, modal: await press.waitForModal() };
  }
  async function openByButton() {
    const posted = onNext(client, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: 'panel', components: panel });
    });
    const panelPress = await playground.slash({ command: 'settings' });
    await posted;
    const { id: messageId } = await panelPress.waitForReply();
    const shown = onNext(client, async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(settingsModal());
    });
    const press = await playground.press({ messageId, button: 'Edit' });
    await shown;
    return { messageId, modal: await press.waitForModal() };
  }
  /** Shows the raw form, and what came of it. */
  async function show(data: unknown) {
    const shown = onNext(client, async (interaction) => {
      const refused = await callback(interaction, { type: 9, data });
      if (refused !== null && interaction.isChatInputCommand()) await interaction.reply('no');
      return refused;
    });
    const press = await playground.slash({ command: 'settings' });
    return { press, refused: await shown };
  }

  it('opens for the member who asked, with what stands in it beforehand', async () => {
    const { press, modal } = await openByCommand();

    expect(await press.firstAnswer()).toMatchObject({ kind: 'modal', ephemeral: false });
    expect(press.reply(), 'nothing is said in the channel').toBeNull();
    expect(modal).toMatchObject({ customId: 'v1:settings', title: 'Settings', user: { name: 'ana' }, state: 'open' });
    expect(modal.parts).toEqual([
      { kind: 'words', words: 'Only for paper.' },
      {
        kind: 'text',
        customId: 'risk',
        label: 'Risk',
        description: 'Percent of equity',
        required: true,
        value: '0.5',
        placeholder: null,
        minLength: 1,
        maxLength: 5,
        lines: 'one',
      },
      {
        kind: 'text',
        customId: 'note',
        label: 'Note',
        description: null,
        required: false,
        value: '',
        placeholder: null,
        minLength: 3,
        maxLength: 4000,
        lines: 'many',
      },
      {
        kind: 'choice',
        look: 'select',
        customId: 'venue',
        label: 'Venue',
        description: null,
        required: true,
        options: [
          { label: 'Binance', value: 'binance', description: null },
          { label: 'Kraken', value: 'kraken', description: null },
          { label: 'OKX', value: 'okx', description: null },
        ],
        values: ['binance'],
        placeholder: null,
        minValues: 1,
        maxValues: 2,
      },
    ]);
  });

  it('brings what was filled in, and what nobody touched as it stood', async () => {
    const { modal } = await openByCommand();
    const handled = onNext(client, async (interaction) => {
      const submit = asSubmit(interaction);
      await submit.reply({ content: 'Saved', flags: MessageFlags.Ephemeral });
      const { fields } = submit;
      return {
        id: submit.customId,
        risk: fields.getTextInputValue('risk'),
        note: fields.getTextInputValue('note'),
        venue: fields.getStringSelectValues('venue'),
        fromMessage: submit.isFromMessage(),
        numbers: submit.components.map((part) => [part.id, 'component' in part ? part.component.id : null]),
      };
    });

    const sent = await playground.submitModal(modal, { risk: '1', venue: ['kraken', 'okx'] });

    expect(await handled).toEqual({
      id: 'v1:settings',
      risk: '1',
      note: '',
      venue: ['kraken', 'okx'],
      fromMessage: false,
      numbers: [
        [1, null],
        [2, 3],
        [4, 5],
        [6, 7],
      ],
    });
    expect(sent.reply()).toMatchObject({ content: 'Saved', ephemeral: true });

    const again = await openByCommand();
    const untouched = onNext(client, async (interaction) => {
      await asSubmit(interaction).deferReply();
      const { fields } = asSubmit(interaction);
      return [fields.getTextInputValue('risk'), fields.getStringSelectValues('venue')];
    });
    await playground.submitModal(again.modal);
    expect(await untouched).toEqual(['0.5', ['binance']]);
  });

  it('numbers its components around the numbers they brought', async () => {
    const text = (id: string) => new TextInputBuilder().setCustomId(id).setStyle(TextInputStyle.Short).setRequired(false);
    const { modal } = await openByCommand(
      new ModalBuilder()
        .setCustomId('numbers')
        .setTitle('Numbers')
        .addLabelComponents(
          new LabelBuilder().setLabel('a').setId(2).setTextInputComponent(text('a')),
          new LabelBuilder().setLabel('b').setTextInputComponent(text('b').setId(1)),
        ),
    );
    const handled = onNext(client, async (interaction) => {
      await asSubmit(interaction).reply('ok');
      return asSubmit(interaction).components.map((part) => [part.id, 'component' in part ? part.component.id : null]);
    });
    await playground.submitModal(modal);

    expect(await handled).toEqual([
      [2, 3],
      [4, 1],
    ]);
  });

  it('of the older form brings its text too', async () => {
    const row = new ActionRowBuilder<TextInputBuilder>().addComponents(riskInput().setMinLength(0).setLabel('Risk'));
    const { modal } = await openByCommand(new ModalBuilder().setCustomId('old').setTitle('Old').addComponents(row));
    const handled = onNext(client, async (interaction) => {
      await asSubmit(interaction).reply('ok');
      return asSubmit(interaction).fields.getTextInputValue('risk');
    });
    await expect(playground.submitModal(modal), 'required means one character at least').rejects.toThrow('Field risk of "Old" is ""');
    await playground.submitModal(modal, { risk: '0.25' });

    expect(modal.fields).toMatchObject([{ kind: 'text', customId: 'risk', label: 'Risk', required: true }]);
    expect(await handled).toBe('0.25');
  });

  it('brings radio buttons and checkboxes', async () => {
    const options = [
      { label: 'Paper', value: 'paper' },
      { label: 'Live', value: 'live' },
    ];
    const { modal } = await openByCommand(
      new ModalBuilder()
        .setCustomId('boxes')
        .setTitle('Boxes')
        .addLabelComponents(
          new LabelBuilder().setLabel('Mode').setRadioGroupComponent((group) => group.setCustomId('mode').setOptions(options)),
          new LabelBuilder()
            .setLabel('Alerts')
            .setCheckboxGroupComponent((group) => group.setCustomId('alerts').setOptions(options).setRequired(false)),
          new LabelBuilder().setLabel('Sure').setCheckboxComponent((box) => box.setCustomId('sure')),
        ),
    );
    const handled = onNext(client, async (interaction) => {
      await asSubmit(interaction).reply('ok');
      const { fields } = asSubmit(interaction);
      return [fields.getRadioGroup('mode'), fields.getCheckboxGroup('alerts'), fields.getCheckbox('sure')];
    });

    await expect(playground.submitModal(modal), 'a radio button must be chosen').rejects.toThrow('Field mode of "Boxes" is []');
    await playground.submitModal(modal, { mode: ['live'], sure: true });

    expect(await handled).toEqual(['live', [], true]);
  });

  it('from a button knows its message and can edit it, now or later', async () => {
    const { messageId, modal } = await openByButton();
    const now = onNext(client, async (interaction) => {
      const submit = asSubmit(interaction);
      if (!submit.isFromMessage()) throw new Error('The message is missing.');
      await submit.update({ content: `risk ${submit.fields.getTextInputValue('risk')}` });
      return submit.message.id;
    });
    const first = await playground.submitModal(modal, { risk: '2' });
    expect(await now).toBe(messageId);
    expect(first.reply()).toMatchObject({ id: messageId, content: 'risk 2' });

    const second = await openByButton();
    const later = onNext(client, async (interaction) => {
      await asSubmit(interaction).deferUpdate();
      await asSubmit(interaction).editReply('edited');
      await asSubmit(interaction).followUp({ content: 'psst', flags: MessageFlags.Ephemeral });
    });
    const press = await playground.submitModal(second.modal);
    await later;
    expect(await press.firstAnswer()).toMatchObject({ kind: 'deferUpdate' });
    expect(press.reply()).toMatchObject({ id: second.messageId, content: 'edited' });
    expect(press.followUps()).toMatchObject([{ content: 'psst', ephemeral: true }]);
  });

  it('says in its answer what opened it', async () => {
    const { press: opened, modal } = await openByCommand();
    const handled = onNext(client, async (interaction) => {
      const { resource } = await asSubmit(interaction).reply({ content: 'ok', withResponse: true });
      return resource?.message?.interactionMetadata;
    });
    const press = await playground.submitModal(modal);

    expect(await handled).toMatchObject({
      id: press.interactionId,
      type: 5,
      triggeringInteractionMetadata: { id: opened.interactionId, type: 2 },
    });
  });

  it('brings the permissions and roles the member has when it is submitted', async () => {
    const trader = playground.addRole({ name: 'trader' });
    const admin = playground.addRole({ name: 'admin', permissions: PERMISSIONS.administrator });
    const people = {
      viewer: playground.addMember({ name: 'vic' }),
      trader: playground.addMember({ name: 'tom', roles: [trader] }),
      admin: playground.addMember({ name: 'ada', roles: [admin] }),
    };
    const submitAs = async (user: string, meanwhile = () => {}) => {
      const { modal } = await openByCommand(settingsModal(), user);
      meanwhile();
      const handled = onNext(client, async (interaction) => {
        await asSubmit(interaction).reply('ok');
        if (!interaction.inCachedGuild()) throw new Error('The server is not known.');
        return [interaction.user.username, interaction.member.roles.cache.has(trader), interaction.memberPermissions.has('Administrator')];
      });
      await playground.submitModal(modal);
      return handled;
    };

    expect(await submitAs(people.viewer)).toEqual(['vic', false, false]);
    expect(await submitAs(people.trader)).toEqual(['tom', true, false]);
    expect(await submitAs(people.admin)).toEqual(['ada', false, true]);
    expect(await submitAs(people.trader, () => playground.setMemberRoles(people.trader, []))).toEqual(['tom', false, false]);
  });

  it('is refused after any other answer and after three seconds, and is an answer itself', async () => {
    const refusals = onNext(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) throw new Error('That is no command.');
      await interaction.deferReply();
      return callback(interaction, { type: 9, data: settingsModal().toJSON() });
    });
    await playground.slash({ command: 'settings' });
    expect(await refusals).toMatchObject({ status: 400, code: 40060 });

    const late = onNext(client, (interaction) => {
      skippedMs += 3_001;
      return callback(interaction, { type: 9, data: settingsModal().toJSON() });
    });
    const press = await playground.slash({ command: 'settings' });
    expect(await late).toMatchObject({ status: 404, code: 10062 });
    expect(press.modal()).toBeNull();

    const after = onNext(client, async (interaction) => {
      await callback(interaction, { type: 9, data: settingsModal().toJSON() });
      return callback(interaction, { type: 4, data: { content: 'x' } });
    });
    await playground.slash({ command: 'settings' });
    expect(await after).toMatchObject({ status: 400, code: 40060 });
  });

  it('opens no modal, and edits no message where it came from none', async () => {
    const { modal } = await openByCommand();
    const choices = { status: 400, code: 50035, errors: { type: 'BASE_TYPE_CHOICES' } };
    const handled = onNext(client, async (interaction) => {
      const refused = [
        await callback(interaction, { type: 9, data: settingsModal().toJSON() }),
        await callback(interaction, { type: 7, data: { content: 'x' } }),
        await callback(interaction, { type: 6 }),
      ];
      await asSubmit(interaction).reply('ok');
      return refused;
    });
    await playground.submitModal(modal);

    expect(await handled).toEqual([choices, choices, choices]);
  });

  it('is unknown to an answer after three seconds, and has a token of its own for 15 minutes', async () => {
    const { modal } = await openByCommand();
    skippedMs += 20 * 60_000;
    const handled = onNext(client, async (interaction) => {
      await asSubmit(interaction).deferReply();
      skippedMs += 15 * 60_000 - 2_000;
      await asSubmit(interaction).editReply('in time');
      skippedMs += 3_000;
      return refusalOf(asSubmit(interaction).editReply('late'));
    });
    await playground.submitModal(modal);
    expect(await handled).toMatchObject({ status: 401, code: 50027 });

    const next = await openByCommand();
    const late = onNext(client, (interaction) => {
      skippedMs += 3_001;
      return refusalOf(asSubmit(interaction).reply('late'));
    });
    await playground.submitModal(next.modal);
    expect(await late).toMatchObject({ status: 404, code: 10062 });
  });

  it.each([
    ['too short a text', { note: 'ab' }, 'Field note of "Settings" is "ab"; Discord takes 3 to 4000 characters.'],
    ['too long a text', { risk: '0.0001' }, 'Field risk of "Settings" is "0.0001"; Discord takes 1 to 5 characters.'],
    ['a required text left out', { risk: '' }, 'Field risk of "Settings" is ""; Discord takes 1 to 5 characters.'],
    ['two lines where one belongs', { risk: '1\n2' }, 'Discord takes one line.'],
    ['a required choice left out', { venue: [] }, 'Field venue of "Settings" is []; Discord takes 1 to 2 of its options.'],
    ['too many choices', { venue: ['binance', 'kraken', 'okx'] }, 'Discord takes 1 to 2 of its options.'],
    ['a choice that is not offered', { venue: ['ftx'] }, 'Discord takes values among "binance", "kraken", "okx".'],
    ['text where a choice belongs', { venue: 'kraken' }, 'Discord takes a list of values.'],
    ['a choice where text belongs', { risk: ['1'] }, 'Discord takes text.'],
    ['a field it does not have', { leverage: '5' }, 'The modal "Settings" has no field "leverage"; it has: risk, note, venue.'],
  ])('is not sent with %s', async (_, filled, message) => {
    const { press, modal } = await openByCommand();

    await expect(playground.submitModal(modal, filled)).rejects.toThrow(message);
    expect(press.modal()?.state, 'it can be put right').toBe('open');
  });

  it('can reach the bot twice all the same, as one interaction that is answered once', async () => {
    const { modal } = await openByCommand();
    const answer = (interaction: Interaction) => callback(interaction, { type: 4, data: { content: 'ok' } });
    const first = onNext(client, async (interaction) => [interaction.id, await answer(interaction)]);
    const press = await playground.submitModal(modal);
    expect(await first).toEqual([press.interactionId, null]);

    const second = onNext(client, async (interaction) => [interaction.id, (await answer(interaction))?.code]);
    playground.redeliver(press);
    expect(await second).toEqual([press.interactionId, 40060]);
    expect(() => playground.redeliver({ interactionId: '1' })).toThrow('Nothing was sent as interaction 1.');
  });

  it('is submitted once, and closed without a word', async () => {
    const { press, modal } = await openByCommand();
    const handled = onNext(client, (interaction) => asSubmit(interaction).reply('ok'));
    await playground.submitModal(modal);
    await handled;
    await expect(playground.submitModal(modal)).rejects.toThrow('The modal "Settings" was submitted already.');
    expect(press.modal()?.state).toBe('submitted');

    const other = await openByCommand();
    const heard = onNext(client, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply('ok');
      return interaction.id;
    });
    playground.closeModal(other.modal);
    expect(other.press.modal()?.state).toBe('closed');
    const next = await playground.slash({ command: 'settings' });
    expect(await heard, 'the bot hears nothing of the closing').toBe(next.interactionId);
    await expect(playground.submitModal(other.modal)).rejects.toThrow('The modal "Settings" was closed already.');
    await expect(playground.submitModal({ id: '1' })).rejects.toThrow('There is no modal 1');
  });

  const input = (more: object = {}) => ({ type: 4, custom_id: 'text', style: 1, ...more });
  const label = (component: unknown, more: object = {}) => ({ type: 18, label: 'Caption', component, ...more });
  const row = (...components: readonly unknown[]) => ({ type: 1, components });
  const select = (more: object = {}) => ({ type: 3, custom_id: 'pick', options: [{ label: 'a', value: 'a' }], ...more });
  const form = (...components: readonly unknown[]) => ({ custom_id: 'form', title: 'Form', components });

  it.each<readonly [what: string, form: unknown, errors: Readonly<Record<string, string>> | null]>([
    ['a title of 45', { ...form(label(input())), title: x(45) }, null],
    ['a title of 46', { ...form(label(input())), title: x(46) }, { title: 'BASE_TYPE_BAD_LENGTH' }],
    ['no title', { ...form(label(input())), title: '' }, { title: 'BASE_TYPE_REQUIRED' }],
    ['a custom_id of 100', { ...form(label(input())), custom_id: x(100) }, null],
    ['a custom_id of 101', { ...form(label(input())), custom_id: x(101) }, { custom_id: 'BASE_TYPE_BAD_LENGTH' }],
    ['an empty custom_id', { ...form(label(input())), custom_id: '' }, { custom_id: 'BASE_TYPE_REQUIRED' }],
    ['5 components', form(...times(5, (n) => label(input({ custom_id: `${n}` })))), null],
    ['6 components', form(...times(6, (n) => label(input({ custom_id: `${n}` })))), { components: 'BASE_TYPE_BAD_LENGTH' }],
    ['no components', form(), { components: 'BASE_TYPE_BAD_LENGTH' }],
    ['components left out', { custom_id: 'form', title: 'Form' }, { components: 'BASE_TYPE_REQUIRED' }],
    ['a bare text input', form(input()), { 'components.0': 'UNION_TYPE_CHOICES' }],
    [
      'a button in a row',
      form(row({ type: 2, style: 1, custom_id: 'b', label: 'b' })),
      { 'components.0.components.0': 'UNION_TYPE_CHOICES' },
    ],
    [
      'a button in a label',
      form(label({ type: 2, style: 1, custom_id: 'b', label: 'b' })),
      { 'components.0.component': 'UNION_TYPE_CHOICES' },
    ],
    ['a select in a row', form(row(select())), { 'components.0.components.0': 'UNION_TYPE_CHOICES' }],
    ['a row with its text input', form(row(input({ label: x(45) }))), null],
    ['a row without a caption', form(row(input())), { 'components.0.components.0.label': 'BASE_TYPE_REQUIRED' }],
    ['a caption of 46 in a row', form(row(input({ label: x(46) }))), { 'components.0.components.0.label': 'BASE_TYPE_BAD_LENGTH' }],
    [
      'two text inputs in a row',
      form(row(input({ label: 'a' }), input({ label: 'b', custom_id: 'b' }))),
      { 'components.0.components.1': 'COMPONENT_LAYOUT_WIDTH_EXCEEDED' },
    ],
    ['an empty row', form(row()), { 'components.0.components': 'BASE_TYPE_BAD_LENGTH' }],
    ['a label of 45 and a description of 100', form(label(input(), { label: x(45), description: x(100) })), null],
    [
      'a label of 46 and a description of 101',
      form(label(input(), { label: x(46), description: x(101) })),
      { 'components.0.label': 'BASE_TYPE_BAD_LENGTH', 'components.0.description': 'BASE_TYPE_BAD_LENGTH' },
    ],
    ['a label without a component', form(label(undefined)), { 'components.0.component': 'BASE_TYPE_REQUIRED' }],
    ['two captions', form(label(input({ label: 'a' }))), { 'components.0.component.label': 'BASE_TYPE_INVALID' }],
    [
      'a custom_id twice',
      form(label(input()), row(input({ label: 'a' }))),
      { 'components.1.components.0.custom_id': 'COMPONENT_CUSTOM_ID_DUPLICATED' },
    ],
    [
      'a custom_id twice in labels',
      form(label(input()), label(select({ custom_id: 'text' }))),
      { 'components.1.component.custom_id': 'COMPONENT_CUSTOM_ID_DUPLICATED' },
    ],
    ['a style that does not exist', form(label(input({ style: 3 }))), { 'components.0.component.style': 'BASE_TYPE_CHOICES' }],
    ['no style', form(label(input({ style: null }))), { 'components.0.component.style': 'BASE_TYPE_REQUIRED' }],
    ['lengths of 0 to 4000', form(label(input({ min_length: 0, max_length: 4000, value: x(4000) }))), null],
    ['a shortest length of -1', form(label(input({ min_length: -1 }))), { 'components.0.component.min_length': 'NUMBER_TYPE_MIN' }],
    ['a longest length of 0', form(label(input({ max_length: 0 }))), { 'components.0.component.max_length': 'NUMBER_TYPE_MIN' }],
    ['a longest length of 4001', form(label(input({ max_length: 4001 }))), { 'components.0.component.max_length': 'NUMBER_TYPE_MAX' }],
    [
      'a shortest length over the longest',
      form(label(input({ min_length: 6, max_length: 5 }))),
      { 'components.0.component.min_length': 'NUMBER_TYPE_MAX' },
    ],
    ['an empty value', form(label(input({ value: '' }))), { 'components.0.component.value': 'BASE_TYPE_MIN_LENGTH' }],
    ['a value of 4001', form(label(input({ value: x(4001) }))), { 'components.0.component.value': 'BASE_TYPE_MAX_LENGTH' }],
    [
      'a value over the longest',
      form(label(input({ max_length: 5, value: x(6) }))),
      { 'components.0.component.value': 'BASE_TYPE_MAX_LENGTH' },
    ],
    ['a placeholder of 100', form(label(input({ placeholder: x(100) }))), null],
    ['a placeholder of 101', form(label(input({ placeholder: x(101) }))), { 'components.0.component.placeholder': 'BASE_TYPE_MAX_LENGTH' }],
    ['a disabled select', form(label(select({ disabled: true }))), { 'components.0.component.disabled': 'BASE_TYPE_INVALID' }],
    ['a select that may be empty', form(label(select({ required: false, min_values: 0 }))), null],
    [
      'a required select of at least none',
      form(label(select({ min_values: 0 }))),
      { 'components.0.component.min_values': 'SELECT_COMPONENT_REQUIRED_ZERO_MIN_VALUES' },
    ],
    [
      'a select of more than there is',
      form(label(select({ max_values: 2 }))),
      { 'components.0.component.options': 'BASE_TYPE_MIN_LENGTH' },
    ],
    [
      'one radio button',
      form(label({ type: 21, custom_id: 'r', options: [{ label: 'a', value: 'a' }] })),
      { 'components.0.component.options': 'BASE_TYPE_BAD_LENGTH' },
    ],
  ])('is weighed by Discord with %s', async (_, data, errors) => {
    const { press, refused } = await show(data);

    const below = errors && Object.fromEntries(Object.entries(errors).map(([path, code]) => [`data.${path}`, code]));
    expect(refused).toEqual(below && { status: 400, code: 50035, errors: below });
    expect(press.modal() === null, 'a refused modal opens for nobody').toBe(errors !== null);
  });
});
