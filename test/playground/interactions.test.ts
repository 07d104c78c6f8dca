import { type ChatInputCommandInteraction, type Client, DiscordAPIError, Events, MessageFlags, SlashCommandBuilder } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../src/playground/permission-bits.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { logIn } from './log-in.ts';
import { PNG } from './png.ts';

const MINUTE_MS = 60_000;

describe('a slash command', () => {
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
        .addStringOption((option) => option.setName('symbol').setDescription('Market').setRequired(true))
        .addIntegerOption((option) => option.setName('days').setDescription('History; days').setMinValue(1).setMaxValue(730))
        .addStringOption((option) =>
          option
            .setName('whipsaw')
            .setDescription('Filter')
            .addChoices({ name: 'None', value: 'none' }, { name: 'Strict', value: 'strict' }),
        )
        .addNumberOption((option) => option.setName('risk').setDescription('Percent'))
        .addBooleanOption((option) => option.setName('chart').setDescription('Draw'))
        .addUserOption((option) => option.setName('who').setDescription('Member'))
        .addRoleOption((option) => option.setName('role').setDescription('Role'))
        .addChannelOption((option) => option.setName('where').setDescription('Channel'))
        .addAttachmentOption((option) => option.setName('bars').setDescription('CSV')),
      new SlashCommandBuilder()
        .setName('runs')
        .setDescription('Past runs')
        .addSubcommand((sub) => sub.setName('list').setDescription('All'))
        .addSubcommandGroup((group) =>
          group
            .setName('export')
            .setDescription('Out')
            .addSubcommand((sub) =>
              sub
                .setName('csv')
                .setDescription('Table')
                .addStringOption((option) => option.setName('run').setDescription('Id')),
            ),
        ),
      new SlashCommandBuilder().setName('live').setDescription('Real money').setDefaultMemberPermissions(PERMISSIONS.manageGuild),
    ]);
  });

  afterAll(async () => {
    await client.destroy();
    await playground.close();
  });

  /** Gives the command and lets the bot handle it; resolves when both are done. */
  async function give<T>(
    work: (interaction: ChatInputCommandInteraction) => Promise<T>,
    command: Parameters<Playground['slash']>[0] = { command: 'backtest', options: { symbol: 'BTC-USD' } },
  ) {
    const handled = new Promise<T>((resolve, reject) => {
      client.once(Events.InteractionCreate, (interaction) => {
        if (interaction.isChatInputCommand()) work(interaction).then(resolve, reject);
        else reject(new Error(`Interaction ${interaction.id} is no slash command.`));
      });
    });
    const press = await playground.slash(command);
    return { press, result: await handled };
  }

  const refusalOf = (request: Promise<unknown>) =>
    request.then(
      () => null,
      (error: unknown) => (error instanceof DiscordAPIError ? { status: error.status, code: error.code } : Promise.reject(error)),
    );

  it('is deferred, answered and followed up with a picture', async () => {
    const { press } = await give(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply({ content: 'Running', embeds: [{ title: 'BTC-USD', description: '+1.2 %' }] });
      await interaction.followUp({
        embeds: [{ title: 'Equity', image: { url: 'attachment://equity.png' } }],
        files: [{ attachment: PNG, name: 'equity.png', description: 'Equity rises from 1000 to 1012' }],
      });
    });

    expect(await press.firstAnswer()).toMatchObject({ kind: 'defer', ephemeral: false });
    expect(press.reply()).toMatchObject({ content: 'Running', embeds: [{ title: 'BTC-USD' }], ephemeral: false, loading: false });
    expect(press.reply()?.revisions.map(({ loading, content }) => [loading, content])).toEqual([
      [true, ''],
      [false, 'Running'],
    ]);
    const [followUp] = press.followUps();
    expect(followUp?.attachments).toMatchObject([
      { name: 'equity.png', contentType: 'image/png', description: 'Equity rises from 1000 to 1012', inEmbed: true },
    ]);
    const served = await fetch(followUp?.attachments[0]?.url ?? '');
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(new Uint8Array(PNG));
    expect(
      playground
        .channel()
        .messages.slice(-2)
        .map(({ id }) => id),
    ).toEqual([press.reply()?.id, followUp?.id]);
  });

  it('tells how long the first acknowledgement took, by the clock', async () => {
    const { press } = await give(async (interaction) => {
      skippedMs += 1_500;
      await interaction.deferReply();
    });

    const afterMs = press.acknowledgedAfterMs() ?? 0;
    expect(afterMs).toBeGreaterThanOrEqual(1_500);
    expect(afterMs).toBeLessThan(3_000);
  });

  it('brings the member, its permissions, the options and what their ids mean', async () => {
    const trader = playground.addRole({ name: 'trader' });
    const bea = playground.addMember({ name: 'bea', permissions: PERMISSIONS.manageGuild, roles: [trader] });
    const where = playground.addChannel({ name: 'alerts' });
    const bars = { name: 'bars.csv', bytes: new TextEncoder().encode('time,open\n') };
    const options = { symbol: 'ETH-USD', days: 30, whipsaw: 'strict', risk: 2.5, chart: true, who: bea, role: trader, where, bars };

    const { result } = await give(
      async (interaction) => {
        const read = interaction.options;
        const csv = await fetch(read.getAttachment('bars', true).url);
        await interaction.reply('ok');
        return {
          values: [
            read.getString('symbol'),
            read.getInteger('days'),
            read.getString('whipsaw'),
            read.getNumber('risk'),
            read.getBoolean('chart'),
          ],
          who: read.getUser('who')?.username,
          whoIsMember: read.getMember('who') !== null,
          role: read.getRole('role')?.name,
          where: read.getChannel('where')?.name,
          csv: await csv.text(),
          by: interaction.user.username,
          manages: interaction.memberPermissions?.has('ManageGuild'),
          botMaySend: interaction.appPermissions.has('SendMessages'),
          roles: interaction.inCachedGuild() ? interaction.member.roles.cache.has(trader) : null,
          limit: interaction.attachmentSizeLimit,
          locale: interaction.locale,
        };
      },
      { command: 'backtest', options, user: bea },
    );

    expect(result).toEqual({
      values: ['ETH-USD', 30, 'strict', 2.5, true],
      who: 'bea',
      whoIsMember: true,
      role: 'trader',
      where: 'alerts',
      csv: 'time,open\n',
      by: 'bea',
      manages: true,
      botMaySend: true,
      roles: true,
      limit: 10 * 1024 * 1024,
      locale: 'en-US',
    });
  });

  it('reaches a subcommand inside a group', async () => {
    const { result } = await give(
      async (interaction) => {
        await interaction.reply('ok');
        const { options } = interaction;
        return [options.getSubcommandGroup(), options.getSubcommand(), options.getString('run')];
      },
      { command: 'runs export csv', options: { run: 'r1' } },
    );

    expect(result).toEqual(['export', 'csv', 'r1']);
  });

  it('keeps an ephemeral answer out of the channel’s history and of other hands', async () => {
    const { press } = await give((interaction) => interaction.reply({ content: 'Only you', flags: MessageFlags.Ephemeral }));

    const reply = press.reply();
    expect(reply).toMatchObject({ content: 'Only you', ephemeral: true });
    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    const channel = client.channels.cache.get(playground.home.channelId);
    if (!channel?.isSendable() || reply === null) throw new Error('The channel is not known to the client.');
    expect((await channel.messages.fetch()).has(reply.id)).toBe(false);
    expect(await refusalOf(channel.messages.delete(reply.id))).toEqual({ status: 404, code: 10008 });
  });

  it('lets visibility be decided only by the defer', async () => {
    const { press } = await give(async (interaction) => {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply('still only you');
    });

    expect(press.reply()).toMatchObject({ content: 'still only you', ephemeral: true });
  });

  it('takes the first follow-up to a deferred answer as the answer itself', async () => {
    const { press } = await give(async (interaction) => {
      await interaction.deferReply();
      await interaction.followUp('first');
      await interaction.followUp('second');
    });

    expect(press.reply()).toMatchObject({ content: 'first' });
    expect(press.followUps().map(({ content }) => content)).toEqual(['second']);
  });

  it('edits, reads and deletes its answers', async () => {
    const { press } = await give(async (interaction) => {
      await interaction.reply('one');
      const followUp = await interaction.followUp('two');
      await interaction.editReply({ message: followUp, content: 'two, edited' });
      expect((await interaction.fetchReply(followUp.id)).content).toBe('two, edited');
      await interaction.deleteReply();
    });

    expect(press.reply()).toBeNull();
    expect(press.followUps().map(({ content }) => content)).toEqual(['two, edited']);
  });

  it('gives the message with the first answer when asked', async () => {
    const { press, result } = await give((interaction) => interaction.reply({ content: 'here', withResponse: true }));

    expect(result.resource?.message?.id).toBe(press.reply()?.id);
  });

  it('is unknown to an answer that comes after 3 s', async () => {
    const { press, result } = await give((interaction) => {
      skippedMs += 3_001;
      return refusalOf(interaction.deferReply());
    });

    expect(result).toEqual({ status: 404, code: 10062 });
    expect(press.reply()).toBeNull();
  });

  it('refuses a second first answer', async () => {
    const { press, result } = await give(async (interaction) => {
      await interaction.reply('first');
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      return refusalOf(client.rest.post(path, { body: { type: 4, data: { content: 'second' } }, auth: false }));
    });

    expect(result).toEqual({ status: 400, code: 40060 });
    expect(press.reply()?.content).toBe('first');
  });

  it('has a token that dies after 15 minutes', async () => {
    const { result } = await give(async (interaction) => {
      await interaction.deferReply();
      skippedMs += 15 * MINUTE_MS - 2_000;
      await interaction.editReply('in time');
      skippedMs += 3_000;
      return [await refusalOf(interaction.editReply('late')), await refusalOf(interaction.followUp('late'))];
    });

    const expired = { status: 401, code: 50027 };
    expect(result).toEqual([expired, expired]);
  });

  it('is an unknown webhook before its first answer, and its original unknown after it was deleted', async () => {
    const { result } = await give(async (interaction) => {
      const before = await refusalOf(interaction.webhook.editMessage('@original', 'too early'));
      await interaction.reply('x');
      await interaction.deleteReply();
      return [before, await refusalOf(interaction.webhook.editMessage('@original', 'gone'))];
    });

    expect(result).toEqual([
      { status: 404, code: 10015 },
      { status: 404, code: 10008 },
    ]);
  });

  it.each([6, 7, 8, 99])('takes no answer of type %i', async (type) => {
    const { result } = await give(async (interaction) => {
      const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
      const refusal = await client.rest.post(path, { body: { type }, auth: false }).catch((error: unknown) => error);
      await interaction.reply('x');
      return refusal;
    });

    expect(result).toMatchObject({
      status: 400,
      code: 50035,
      rawError: { errors: { type: { _errors: [{ code: 'BASE_TYPE_CHOICES' }] } } },
    });
  });

  it.each([
    ['a command nobody registered', { command: 'moon' }, 'No command /moon is registered; registered: /backtest, /runs, /live.'],
    ['a missing required option', { command: 'backtest' }, '/backtest needs the option symbol.'],
    ['an unknown option', { command: 'backtest', options: { symbol: 'B', day: 3 } }, '/backtest has no option "day"'],
    ['a number where text belongs', { command: 'backtest', options: { symbol: 3 } }, 'Option symbol is 3; Discord takes text.'],
    ['empty text', { command: 'backtest', options: { symbol: '' } }, 'Option symbol is ""; Discord takes 1 to 6000 characters.'],
    [
      'a fraction where a whole number belongs',
      { command: 'backtest', options: { symbol: 'B', days: 1.5 } },
      'Option days is 1.5; Discord takes a whole number.',
    ],
    [
      'a number above its maximum',
      { command: 'backtest', options: { symbol: 'B', days: 731 } },
      'Option days is 731; Discord takes 1 to 730.',
    ],
    [
      'a value that is no choice',
      { command: 'backtest', options: { symbol: 'B', whipsaw: 'lax' } },
      'Option whipsaw is "lax"; Discord takes one of "none", "strict".',
    ],
    [
      'a member who is not there',
      { command: 'backtest', options: { symbol: 'B', who: '1' } },
      'Option who is 1; Trading floor has nothing of that kind under this id.',
    ],
    ['a group without its subcommand', { command: 'runs export' }, '/runs export names no subcommand; there is: csv.'],
    ['a command hidden by its default permissions', { command: 'live' }, '/live is not shown to ana: it wants the permissions 32.'],
    ['a channel of another server', { command: 'live', channelId: '1' }, 'The server Trading floor has no channel 1'],
  ])('is not sent with %s', async (_, command, message) => {
    await expect(playground.slash(command)).rejects.toThrow(message);
  });

  it('can be shown by the server to members its default permissions leave out', async () => {
    const { press } = await give((interaction) => interaction.reply('You are not an admin.'), {
      command: 'live',
      ignoreDefaultPermissions: true,
    });

    expect(press.reply()?.content).toBe('You are not an admin.');
  });

  it('says what it waited for when no answer comes', async () => {
    const ignored = new Promise<void>((resolve) => client.once(Events.InteractionCreate, () => resolve()));
    const press = await playground.slash({ command: 'backtest', options: { symbol: 'BTC-USD' } });
    await ignored;

    await expect(press.firstAnswer(20)).rejects.toThrow('Waited 20 ms for a first answer to /backtest symbol:BTC-USD; none came.');
  });
});
