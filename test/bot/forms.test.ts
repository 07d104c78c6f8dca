import { Routes, SlashCommandBuilder } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscordConnection } from '../../src/bot/discord-client.ts';
import { createPermissions } from '../../src/bot/permissions.ts';
import { registerCommands } from '../../src/bot/register.ts';
import { createRouter } from '../../src/bot/router.ts';
import type { RouterPorts } from '../../src/bot/router-ports.ts';
import { type Answer, type CommandContext, defineCommand, type Permission } from '../../src/commands/command.ts';
import { notice, type PressAnswer, type Pressable, update } from '../../src/commands/component.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import type { FilledForm, Form } from '../../src/render/form.ts';
import { type Message, textMessage } from '../../src/render/message.ts';
import { openBot } from './open-bot.ts';

const field = (id: string, value: string) => ({ id, label: id, description: 'any text', value, isRequired: false, isLong: false });
const form = (customId: string, value = '2'): Form => ({
  customId,
  title: 'Two fields',
  fields: [field('risk', value), field('hold', '4')],
});

describe('forms and selects', () => {
  const opened: DiscordConnection[] = [];
  let playground: Playground;
  let submitted: { readonly args: readonly string[]; readonly filled: Record<string, string>; readonly userId: string }[];
  let bugs: unknown[];
  let kept: Map<string, string>;
  let acknowledged: string[];
  let traderRoleId: string | null;
  /** What a test's form does once it is filled in. */
  let answer: (filled: FilledForm) => PressAnswer;

  beforeEach(async () => {
    playground = await startPlayground({ rateLimits: 'off' });
    submitted = [];
    bugs = [];
    kept = new Map();
    acknowledged = [];
    traderRoleId = null;
    answer = () => update(textMessage('done'));
  });

  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close();
    await playground.close();
  });

  const note = (args: readonly string[], filled: FilledForm, userId: string) =>
    void submitted.push({ args, filled: Object.fromEntries(filled), userId });
  const known = (permission: Permission = 'trader'): readonly Pressable[] => [
    {
      kind: 'form-button',
      name: 'edit',
      permission,
      open: ([which = ''], _, pressedText) => {
        if (which === 'none') throw new Refusal('There is no *such* thing');
        if (which === 'bug') throw new Error('password hunter2');
        return form(`v1:filled:${which}`, pressedText);
      },
    },
    {
      kind: 'form-press',
      name: 'filled',
      permission,
      submit: async (args, filled, { userId }) => {
        note(args, filled, userId);
        return answer(filled);
      },
    },
    {
      kind: 'form-command',
      name: 'more',
      permission,
      firstAnswer: 'public',
      prepare: (args, filled) => {
        if (filled.get('risk') === 'x') throw new Refusal('risk is "x"');
        return async ({ userId }): Promise<Answer> => {
          note(args, filled, userId);
          return { kind: 'message', message: textMessage('asked') };
        };
      },
    },
    {
      kind: 'press',
      name: 'choose',
      permission,
      press: async (args, { userId }, values) => {
        note(args, new Map([['chosen', values.join()]]), userId);
        return update(textMessage(`chosen ${values.join()}`));
      },
    },
  ];
  const askCommand = defineCommand({
    definition: new SlashCommandBuilder()
      .setName('ask')
      .setDescription('Asks for more')
      .addBooleanOption((option) => option.setName('more').setDescription('Whether it does')),
    permission: 'trader',
    firstAnswer: 'public',
    formFor: (options) => (options.getBoolean('more') === true ? form('v1:more:1') : null),
    read: () => null,
    run: async () => ({ kind: 'message', message: textMessage('no form') }),
  });

  async function start(changes: Partial<RouterPorts> = {}, permission?: Permission): Promise<DiscordConnection> {
    const route = createRouter(
      { commands: [askCommand], components: known(permission) },
      {
        mayUse: createPermissions(() => ({ traderRoleId, adminRoleId: null })),
        requestContextOf: ({ requestedAtMs }) => ({ requestedAtMs, guild: NOTHING_SET, strategyIds: [], exchange: 'coinbase' }),
        // What the forms of this file ask of a desk is who asks.
        commandContextOf: (asker) => asker as CommandContext,
        followWork: () => expect.fail('Nothing here goes on.'),
        presses: {
          keep: async ({ interactionId, asked }) => {
            if (kept.has(interactionId)) return false;
            kept.set(interactionId, asked);
            return true;
          },
          noteAnswered: () => {},
          letGo: () => {},
        },
        noteAcknowledged: (name) => void acknowledged.push(name),
        nowMs: Date.now,
        reportBug: (error) => void bugs.push(error),
        ...changes,
      },
    );
    const connection = await openBot(playground, { onInteraction: route });
    opened.push(connection);
    const { rest, application } = connection.client;
    await registerCommands({ rest, applicationId: application.id, guildId: playground.home.guildId, commands: [askCommand] });
    return connection;
  }

  async function post({ client }: DiscordConnection, ...components: readonly unknown[]): Promise<string> {
    const rows = components.map((component) => ({ type: 1, components: [component] }));
    const sent = await client.rest.post(Routes.channelMessages(playground.home.channelId), { body: { content: '7', components: rows } });
    return (sent as { readonly id: string }).id;
  }
  const button = (customId: string) => ({ type: 2, style: 2, label: 'Edit', custom_id: customId });
  const select = { type: 3, custom_id: 'v1:choose:a', options: ['one', 'two'].map((value) => ({ label: value, value })) };
  const openForm = async (messageId: string, user = playground.home.userId) => {
    const press = await playground.press({ messageId, button: 'Edit', user });
    return press.waitForModal();
  };

  it('open at once from a button, with what stands in the message, and change it when they come back', async () => {
    const messageId = await post(await start(), button('v1:edit:5'));

    const modal = await openForm(messageId);
    const press = await playground.submitModal(modal, { hold: ' 0 ' });

    expect(modal).toMatchObject({ title: 'Two fields', customId: 'v1:filled:5' });
    expect(modal.fields.map((shown) => shown.kind === 'text' && [shown.customId, shown.value, shown.description])).toEqual([
      ['risk', '7', 'any text'],
      ['hold', '4', 'any text'],
    ]);
    expect((await press.waitForReply(({ content }) => content === 'done')).id).toBe(messageId);
    expect(await press.firstAnswer()).toMatchObject({ kind: 'deferUpdate' });
    expect(submitted).toEqual([{ args: ['5'], filled: { risk: '7', hold: ' 0 ' }, userId: playground.home.userId }]);
    expect([...kept.values()], 'what was typed can be told should the bot die now').toEqual(['risk: 7\nhold:  0 ']);
    expect(acknowledged).toEqual(['edit', 'filled']);
    expect(bugs).toEqual([]);
  });

  it('have one effect when the same one arrives twice', async () => {
    const messageId = await post(await start(), button('v1:edit:5'));
    const press = await playground.submitModal(await openForm(messageId));
    await press.waitForReply(({ content }) => content === 'done');

    playground.redeliver(press);
    await expect.poll(() => playground.requests.filter(({ route }) => route === 'answer-interaction')).toHaveLength(3);

    expect(submitted).toHaveLength(1);
    expect(bugs).toEqual([]);
  });

  it('open once when two processes hear of the button', async () => {
    const messageId = await post(await start(), button('v1:edit:5'));
    await start();

    await openForm(messageId);
    await expect.poll(() => playground.requests.filter(({ route }) => route === 'answer-interaction')).toHaveLength(2);

    expect(acknowledged).toEqual(['edit']);
    expect(bugs, 'that another was faster is no bug').toEqual([]);
  });

  it('ask for the permission again when they come back', async () => {
    traderRoleId = playground.addRole({ name: 'trader' });
    const ana = playground.addMember({ name: 'ana', roles: [traderRoleId] });
    const messageId = await post(await start(), button('v1:edit:5'));
    const modal = await openForm(messageId, ana);
    playground.setMemberRoles(ana, []);

    const press = await playground.submitModal(modal);

    await expect.poll(() => press.acknowledgedAfterMs()).not.toBeNull();
    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect(press.reply()?.content).toBe('This form needs the trader permission, which you do not have; ask an admin of this server.');
    expect(submitted).toEqual([]);
    const refused = await playground.press({ messageId, button: 'Edit', user: ana });
    expect((await refused.waitForReply()).content).toContain('This button needs the trader permission');
  });

  it.each([
    ['none', 'There is no \\*such\\* thing'],
    ['bug', expect.stringMatching(/^Something broke on our side\. Reference: `\d+`$/)],
  ])('are not opened by a button %s, and say why to its presser alone', async (which, content) => {
    const messageId = await post(await start(), button(`v1:edit:${which}`));

    const press = await playground.press({ messageId, button: 'Edit' });

    expect(await press.waitForReply()).toMatchObject({ content, ephemeral: true });
    expect(press.modal()).toBeNull();
    expect(bugs).toHaveLength(which === 'bug' ? 1 : 0);
  });

  it.each(['v1:gone:1', 'v0:edit:1', 'edit'])('say so where a button %s is of an older version', async (customId) => {
    const messageId = await post(await start(), button(customId));

    const press = await playground.press({ messageId, button: 'Edit' });

    expect((await press.waitForReply()).content).toBe('This button is of an older version; give the command again.');
  });

  it('say so when the form itself is of an older version', async () => {
    const first = await start();
    const messageId = await post(first, button('v1:edit:5'));
    const modal = await openForm(messageId);
    await first.close();
    opened.splice(0);
    const without = createRouter({ commands: [], components: [] }, { mayUse: () => true } as never);
    opened.push(await openBot(playground, { onInteraction: without }));

    const press = await playground.submitModal(modal);

    expect((await press.waitForReply()).content).toBe('This button is of an older version; give the command again.');
  });

  it('tell the presser alone what is for them, whole, and the channel what is for all', async () => {
    const whole: Message = {
      ...textMessage('psst'),
      embeds: [{ description: 'more of it' }],
      files: [{ name: 'a.txt', bytes: Buffer.from('abc'), description: 'letters' }],
      buttons: [{ customId: 'v1:edit:again', label: 'Again', style: 'primary', disabled: false }],
    };
    answer = () => ({ ...notice(whole), announcement: textMessage('hear, hear') });
    const messageId = await post(await start(), button('v1:edit:5'));

    const press = await playground.submitModal(await openForm(messageId));
    await expect.poll(() => press.followUps()).toHaveLength(2);

    expect(press.followUps()).toMatchObject([
      { content: 'psst', ephemeral: true, embeds: [{ description: 'more of it' }], attachments: [{ name: 'a.txt' }] },
      { content: 'hear, hear', ephemeral: false },
    ]);
    expect(JSON.stringify(press.followUps()[0]?.components)).toContain('v1:edit:again');
    expect(press.reply()?.content, 'the message itself stays').toBe('7');
  });

  it('are asked for by a command, and answered as one', async () => {
    await start();

    const asked = await playground.slash({ command: 'ask', options: { more: true } });
    const press = await playground.submitModal(await asked.waitForModal(), { risk: '9' });

    expect(await press.waitForReply()).toMatchObject({ content: 'asked', ephemeral: false });
    expect(await press.firstAnswer()).toMatchObject({ kind: 'defer', ephemeral: false });
    expect(submitted).toMatchObject([{ args: ['1'], filled: { risk: '9', hold: '4' } }]);
    expect(acknowledged).toEqual(['ask', 'more']);
    const plain = await playground.slash({ command: 'ask' });
    expect((await plain.waitForReply()).content).toBe('no form');
  });

  it('of a command are refused before the first answer, so that only their sender sees it', async () => {
    await start();
    const asked = await playground.slash({ command: 'ask', options: { more: true } });

    const press = await playground.submitModal(await asked.waitForModal(), { risk: 'x' });

    expect(await press.waitForReply()).toMatchObject({ content: 'risk is "x"', ephemeral: true });
    expect((await press.firstAnswer()).kind).toBe('message');
    expect({ submitted, kept: kept.size }).toEqual({ submitted: [], kept: 0 });
  });

  it('are not acted on where they cannot be written down, be it that only readers may', async () => {
    await start({ presses: { keep: () => Promise.reject(new Error('away')), noteAnswered: () => {}, letGo: () => {} } });
    const asked = await playground.slash({ command: 'ask', options: { more: true } });

    const press = await playground.submitModal(await asked.waitForModal());

    expect((await press.waitForReply()).content).toContain('The database is unavailable at the moment; nothing was started.');
    expect(submitted).toEqual([]);
  });

  it('hear what was chosen of a select, and ask for the permission', async () => {
    const messageId = await post(await start(), select);
    const used = await playground.select({ messageId, select: 'v1:choose:a', values: ['two'] });

    expect((await used.waitForReply(({ content }) => content === 'chosen two')).id).toBe(messageId);
    expect(submitted).toMatchObject([{ args: ['a'], filled: { chosen: 'two' } }]);
    expect([...kept.values()]).toEqual(['two']);
  });

  it('refuse a select to whoever lacks the permission', async () => {
    traderRoleId = playground.addRole({ name: 'trader' });
    const messageId = await post(await start(), select);

    const refused = await playground.select({ messageId, select: 'v1:choose:a', values: ['two'] });

    expect((await refused.waitForReply()).content).toContain('needs the trader permission');
    expect(submitted).toEqual([]);
  });
});
