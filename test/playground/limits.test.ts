import { type Client, DiscordAPIError } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { logIn } from './log-in.ts';

const x = (length: number) => 'x'.repeat(length);
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

const button = (id: string, more: object = {}) => ({ type: 2, style: 1, label: 'Go', custom_id: id, ...more });
const row = (...components: readonly object[]) => ({ type: 1, components });
const select = (options: number, more: object = {}) => ({
  type: 3,
  custom_id: 'pick',
  options: times(options, (n) => ({ label: `${n}`, value: `${n}` })),
  ...more,
});
const option = (name: string, more: object = {}) => ({ type: 3, name, description: 'd', ...more });
const command = (more: object = {}) => ({ name: 'test', description: 'd', ...more });

/** [what, body, the refused path and Discord's code for it; null where the body is fine] */
type Row = readonly [what: string, body: unknown, path: string | null, code: string | null];

const MESSAGES: readonly Row[] = [
  ['content of 2000', { content: x(2000) }, null, null],
  ['content of 2001', { content: x(2001) }, 'content', 'BASE_TYPE_MAX_LENGTH'],
  ['10 embeds', { embeds: times(10, () => ({ title: 'a' })) }, null, null],
  ['11 embeds', { embeds: times(11, () => ({ title: 'a' })) }, 'embeds', 'BASE_TYPE_MAX_LENGTH'],
  ['an empty embed', { embeds: [{}] }, 'embeds.0.description', 'BASE_TYPE_REQUIRED'],
  ['a title of 256', { embeds: [{ title: x(256) }] }, null, null],
  ['a title of 257', { embeds: [{ title: x(257) }] }, 'embeds.0.title', 'BASE_TYPE_MAX_LENGTH'],
  ['a description of 4096', { embeds: [{ description: x(4096) }] }, null, null],
  ['a description of 4097', { embeds: [{ description: x(4097) }] }, 'embeds.0.description', 'BASE_TYPE_MAX_LENGTH'],
  ['25 fields', { embeds: [{ fields: times(25, () => ({ name: 'n', value: 'v' })) }] }, null, null],
  ['26 fields', { embeds: [{ fields: times(26, () => ({ name: 'n', value: 'v' })) }] }, 'embeds.0.fields', 'BASE_TYPE_MAX_LENGTH'],
  ['a field name of 257', { embeds: [{ fields: [{ name: x(257), value: 'v' }] }] }, 'embeds.0.fields.0.name', 'BASE_TYPE_BAD_LENGTH'],
  ['a field value of 1024', { embeds: [{ fields: [{ name: 'n', value: x(1024) }] }] }, null, null],
  ['a field value of 1025', { embeds: [{ fields: [{ name: 'n', value: x(1025) }] }] }, 'embeds.0.fields.0.value', 'BASE_TYPE_BAD_LENGTH'],
  ['a blank field value', { embeds: [{ fields: [{ name: 'n', value: '  ' }] }] }, 'embeds.0.fields.0.value', 'BASE_TYPE_REQUIRED'],
  ['a footer of 2048', { embeds: [{ footer: { text: x(2048) } }] }, null, null],
  ['a footer of 2049', { embeds: [{ footer: { text: x(2049) } }] }, 'embeds.0.footer.text', 'BASE_TYPE_BAD_LENGTH'],
  ['an author of 257', { embeds: [{ author: { name: x(257) } }] }, 'embeds.0.author.name', 'BASE_TYPE_BAD_LENGTH'],
  ['6000 over all embeds', { embeds: [{ description: x(4096) }, { description: x(1904) }] }, null, null],
  ['6001 over all embeds', { embeds: [{ description: x(4096) }, { description: x(1905) }] }, 'embeds', 'MAX_EMBED_SIZE_EXCEEDED'],
  ['a colour beyond white', { embeds: [{ title: 'a', color: 0x1000000 }] }, 'embeds.0.color', 'NUMBER_TYPE_MAX'],
  ['a picture without a scheme', { embeds: [{ image: { url: 'chart.png' } }] }, 'embeds.0.image.url', 'URL_TYPE_INVALID_URL'],
  [
    'a picture that names no file',
    { embeds: [{ image: { url: 'attachment://a.png' } }] },
    'embeds.0.image.url',
    'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
  ],
  ['5 rows of 5 buttons', { components: times(5, (r) => row(...times(5, (n) => button(`${r}${n}`)))) }, null, null],
  ['6 rows', { components: times(6, (r) => row(button(`${r}`))) }, 'components', 'BASE_TYPE_MAX_LENGTH'],
  ['6 buttons in a row', { components: [row(...times(6, (n) => button(`${n}`)))] }, 'components.0.components', 'BASE_TYPE_BAD_LENGTH'],
  ['an empty row', { components: [row()] }, 'components.0.components', 'BASE_TYPE_BAD_LENGTH'],
  [
    'a select beside a button',
    { components: [row(button('a'), select(2))] },
    'components.0.components.1',
    'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
  ],
  ['a custom_id of 100', { components: [row(button(x(100)))] }, null, null],
  ['a custom_id of 101', { components: [row(button(x(101)))] }, 'components.0.components.0.custom_id', 'BASE_TYPE_BAD_LENGTH'],
  ['an empty custom_id', { components: [row(button(''))] }, 'components.0.components.0.custom_id', 'BASE_TYPE_REQUIRED'],
  ['no custom_id', { components: [row({ type: 2, style: 1, label: 'Go' })] }, 'components.0.components.0.custom_id', 'BASE_TYPE_REQUIRED'],
  [
    'a custom_id twice',
    { components: [row(button('a')), row(button('a'))] },
    'components.1.components.0.custom_id',
    'COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
  ['a label of 80', { components: [row(button('a', { label: x(80) }))] }, null, null],
  ['a label of 81', { components: [row(button('a', { label: x(81) }))] }, 'components.0.components.0.label', 'BASE_TYPE_MAX_LENGTH'],
  [
    'a button without a caption',
    { components: [row(button('a', { label: null }))] },
    'components.0.components.0.label',
    'BASE_TYPE_REQUIRED',
  ],
  [
    'a link without an address',
    { components: [row({ type: 2, style: 5, label: 'Go' })] },
    'components.0.components.0.url',
    'BASE_TYPE_REQUIRED',
  ],
  ['25 select options', { components: [row(select(25))] }, null, null],
  ['26 select options', { components: [row(select(26))] }, 'components.0.components.0.options', 'BASE_TYPE_BAD_LENGTH'],
  [
    'a placeholder of 151',
    { components: [row(select(1, { placeholder: x(151) }))] },
    'components.0.components.0.placeholder',
    'BASE_TYPE_MAX_LENGTH',
  ],
  ['an unknown component', { components: [row({ type: 77 })] }, 'components.0.components.0', 'UNION_TYPE_CHOICES'],
  ['a nonce of 25', { content: 'a', nonce: x(25) }, null, null],
  ['a nonce of 26', { content: 'a', nonce: x(26) }, 'nonce', 'NONCE_TYPE_TOO_LONG'],
  [
    'mentions both parsed and listed',
    { content: 'a', allowed_mentions: { parse: ['users'], users: ['100000000000000001'] } },
    'allowed_mentions',
    'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
  ],
  [
    'a reply to nothing',
    { content: 'a', message_reference: { message_id: '100000000000000001' } },
    'message_reference',
    'REPLIES_UNKNOWN_MESSAGE',
  ],
  ['an attachment that was not uploaded', { content: 'a', attachments: [{ id: 0 }] }, 'attachments.0.id', 'ATTACHMENT_NOT_FOUND'],
];

const COMMANDS: readonly Row[] = [
  ['a name of 32', command({ name: x(32) }), null, null],
  ['a name of 33', command({ name: x(33) }), 'name', 'BASE_TYPE_BAD_LENGTH'],
  ['an empty name', command({ name: '' }), 'name', 'BASE_TYPE_BAD_LENGTH'],
  ['a name in capitals', command({ name: 'Backtest' }), 'name', 'APPLICATION_COMMAND_INVALID_NAME'],
  ['a name with a space', command({ name: 'back test' }), 'name', 'APPLICATION_COMMAND_INVALID_NAME'],
  ['a name in another script', command({ name: 'прогон' }), null, null],
  ['a description of 101', command({ description: x(101) }), 'description', 'BASE_TYPE_BAD_LENGTH'],
  ['no description', { name: 'test' }, 'description', 'BASE_TYPE_REQUIRED'],
  ['25 options', command({ options: times(25, (n) => option(`o${n}`)) }), null, null],
  ['26 options', command({ options: times(26, (n) => option(`o${n}`)) }), 'options', 'BASE_TYPE_MAX_LENGTH'],
  ['an option in capitals', command({ options: [option('Days')] }), 'options.0.name', 'APPLICATION_COMMAND_INVALID_NAME'],
  [
    'an option twice',
    command({ options: [option('a'), option('a')] }),
    'options.1.name',
    'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
  ],
  [
    'a required option after an optional one',
    command({ options: [option('a'), option('b', { required: true })] }),
    'options.1',
    'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
  ],
  ['25 choices', command({ options: [option('a', { choices: times(25, (n) => ({ name: `${n}`, value: `${n}` })) })] }), null, null],
  [
    '26 choices',
    command({ options: [option('a', { choices: times(26, (n) => ({ name: `${n}`, value: `${n}` })) })] }),
    'options.0.choices',
    'BASE_TYPE_MAX_LENGTH',
  ],
  [
    'a choice name of 101',
    command({ options: [option('a', { choices: [{ name: x(101), value: 'a' }] })] }),
    'options.0.choices.0.name',
    'BASE_TYPE_BAD_LENGTH',
  ],
  [
    'a choice twice',
    command({
      options: [
        option('a', {
          choices: [
            { name: 'n', value: '1' },
            { name: 'n', value: '2' },
          ],
        }),
      ],
    }),
    'options.0.choices.1.name',
    'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS',
  ],
  [
    'choices with autocomplete',
    command({ options: [option('a', { autocomplete: true, choices: [{ name: 'n', value: '1' }] })] }),
    'options.0.autocomplete',
    'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES',
  ],
  [
    'a subcommand beside an option',
    command({ options: [{ type: 1, name: 'sub', description: 'd' }, option('a')] }),
    'options.1.type',
    'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
  ],
  [
    'a group in a group',
    command({ options: [{ type: 2, name: 'a', description: 'd', options: [{ type: 2, name: 'b', description: 'd' }] }] }),
    'options.0.options.0.type',
    'BASE_TYPE_CHOICES',
  ],
  ['an option type that does not exist', command({ options: [option('a', { type: 12 })] }), 'options.0', 'UNION_TYPE_CHOICES'],
  [
    '8000 characters in all',
    command({
      name: 'test',
      options: [option('a', { choices: [{ name: 'n', value: x(6000) }] }), option('b', { choices: [{ name: 'n', value: x(1989) }] })],
    }),
    null,
    null,
  ],
  [
    '8001 characters in all',
    command({
      name: 'test',
      options: [option('a', { choices: [{ name: 'n', value: x(6000) }] }), option('b', { choices: [{ name: 'n', value: x(1990) }] })],
    }),
    '',
    'APPLICATION_COMMAND_TOO_LARGE',
  ],
];

describe('limits', () => {
  let playground: Playground;
  let client: Client<true>;

  beforeAll(async () => {
    playground = await startPlayground({ rateLimits: 'off' });
    client = await logIn(playground);
  });

  afterAll(async () => {
    await client.destroy();
    await playground.close();
  });

  const refusalOf = async (request: Promise<unknown>) => {
    const error = await request.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null || error instanceof DiscordAPIError) return error;
    throw error;
  };
  const expectRefusal = (error: DiscordAPIError | null, path: string | null, code: string | null) => {
    if (path === null) return expect(error).toBeNull();
    const nested = path
      .split('.')
      .filter((key) => key !== '')
      .reduceRight<unknown>((inner, key) => ({ [key]: inner }), { _errors: [expect.objectContaining({ code })] });
    expect(error).toMatchObject({ status: 400, code: 50035, rawError: { message: 'Invalid Form Body', errors: nested } });
  };

  it.each(MESSAGES)('weighs a message with %s', async (_, body, path, code) => {
    expectRefusal(await refusalOf(client.rest.post(`/channels/${playground.home.channelId}/messages`, { body })), path, code);
  });

  it.each(COMMANDS)('weighs a command with %s', async (_, body, path, code) => {
    const { guildId } = playground.addGuild('For one command');
    const route = `/applications/${playground.applicationId}/guilds/${guildId}/commands` as const;
    expectRefusal(await refusalOf(client.rest.post(route, { body })), path, code);
  });

  it.each([{}, { content: '' }, { content: ' \n ' }, { embeds: [] }])('refuses the empty message %j', async (body) => {
    const error = await refusalOf(client.rest.post(`/channels/${playground.home.channelId}/messages`, { body }));

    expect(error).toMatchObject({ status: 400, code: 50006 });
  });

  const upload = (files: readonly { readonly name: string; readonly bytes: number }[]) =>
    refusalOf(
      client.rest.post(`/channels/${playground.home.channelId}/messages`, {
        body: {},
        files: files.map(({ name, bytes }) => ({ name, data: Buffer.alloc(bytes) })),
      }),
    );

  it('takes 10 files but not 11', async () => {
    expect(await upload(times(10, (n) => ({ name: `${n}.txt`, bytes: 1 })))).toBeNull();
    expect(await upload(times(11, (n) => ({ name: `${n}.txt`, bytes: 1 })))).toMatchObject({ status: 400, code: 30015 });
  });

  it('takes a file of 10 MiB but not one byte more, and 25 MiB in all', async () => {
    const mebibyte = 1024 * 1024;
    expect(await upload([{ name: 'a.bin', bytes: 10 * mebibyte }])).toBeNull();
    expect(await upload([{ name: 'a.bin', bytes: 10 * mebibyte + 1 }])).toMatchObject({ status: 413, code: 40005 });
    expect(await upload(times(3, (n) => ({ name: `${n}.bin`, bytes: 9 * mebibyte })))).toMatchObject({ status: 413, code: 40005 });
  });

  it.each(['my chart.png', 'chärt.png', 'a/b.png'])('refuses the file name %s', async (name) => {
    expect(await upload([{ name, bytes: 1 }])).toMatchObject({ status: 400, code: 50035 });
  });

  it('takes 100 commands in a scope, not 101, and no name twice', async () => {
    const { guildId } = playground.addGuild('For many commands');
    const route = `/applications/${playground.applicationId}/guilds/${guildId}/commands` as const;
    const named = (count: number) => times(count, (n) => command({ name: `c${n}` }));

    expect(await refusalOf(client.rest.put(route, { body: named(100) }))).toBeNull();
    expect(await refusalOf(client.rest.put(route, { body: named(101) }))).toMatchObject({ status: 400, code: 30032 });
    expect(await refusalOf(client.rest.post(route, { body: command({ name: 'one-more' }) }))).toMatchObject({ status: 400, code: 30032 });
    expectRefusal(await refusalOf(client.rest.put(route, { body: [command(), command()] })), '1', 'APPLICATION_COMMANDS_DUPLICATE_NAME');
    expect(playground.commands(guildId)).toHaveLength(100);
  });

  it('takes 200 new commands a day; a name that stays is not new', async () => {
    const { guildId } = playground.addGuild('For new commands');
    const route = `/applications/${playground.applicationId}/guilds/${guildId}/commands` as const;
    const named = (letter: string) => times(100, (n) => command({ name: `${letter}${n}` }));

    for (const letter of ['a', 'b', 'b']) expect(await refusalOf(client.rest.put(route, { body: named(letter) }))).toBeNull();
    expect(await refusalOf(client.rest.put(route, { body: named('c') }))).toMatchObject({ status: 400, code: 30034 });
  });

  it('keeps the id of a command that keeps its name', async () => {
    const [first] = (await client.application.commands.set([command()])).map(({ id }) => id);
    const [second] = (await client.application.commands.set([command({ description: 'changed' })])).map(({ id }) => id);

    expect(second).toBe(first);
    expect(playground.commands()).toMatchObject([{ id: first, description: 'changed' }]);
  });

  it('creates, reads, edits and deletes a single command', async () => {
    const created = await client.application.commands.create(command({ name: 'single' }));
    await client.application.commands.edit(created.id, { description: 'edited' });

    expect((await client.application.commands.fetch(created.id, { force: true })).description).toBe('edited');
    await client.application.commands.delete(created.id);
    expect(await refusalOf(client.application.commands.fetch(created.id, { force: true }))).toMatchObject({ status: 404, code: 10063 });
  });
});
