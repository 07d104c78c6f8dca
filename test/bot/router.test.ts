import { type Interaction, Routes, SlashCommandBuilder } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscordConnection } from '../../src/bot/discord-client.ts';
import { createPermissions } from '../../src/bot/permissions.ts';
import type { FollowedReply } from '../../src/bot/progress.ts';
import { registerCommands } from '../../src/bot/register.ts';
import { createRouter } from '../../src/bot/router.ts';
import type { PressedInteraction, RouterPorts } from '../../src/bot/router-ports.ts';
import { type Asker, type CommandContext, defineCommand, type Suggest } from '../../src/commands/command.ts';
import type { Component } from '../../src/commands/component.ts';
import { COMMANDS, COMPONENTS } from '../../src/commands/index.ts';
import { NOTHING_SET, NOTHING_SET_UP } from '../../src/engine/guild-view.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import type { AskedRun } from '../../src/engine/run-spec.ts';
import { effectiveSettings } from '../../src/engine/settings.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { textMessage } from '../../src/render/message.ts';
import { renderProgress } from '../../src/render/progress.ts';
import { openBot } from './open-bot.ts';

const MANAGE_SERVER = 1n << 5n;
const RUN_ID = '11111111-1111-4111-8111-111111111111';
const SUBMITTED = { runId: RUN_ID, isQueueAway: false };

const notAsked = () => Promise.reject(new Error('This was not to be asked.'));

describe('the router', () => {
  const opened: DiscordConnection[] = [];
  let skippedMs = 0;
  let playground: Playground;
  let submitted: { readonly asker: Asker; readonly spec: AskedRun }[];
  let bugs: { readonly error: unknown; readonly reference: string }[];
  let followed: FollowedReply[];
  let acknowledged: string[];
  let kept: Map<string, PressedInteraction>;
  let settled: { readonly id: string; readonly as: 'answered' | 'let go' }[];

  beforeEach(async () => {
    playground = await startPlayground({ clock: () => Date.now() + skippedMs, rateLimits: 'off' });
    submitted = [];
    bugs = [];
    followed = [];
    acknowledged = [];
    kept = new Map();
    settled = [];
  });

  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close();
    await playground.close();
  });

  /** Logs a bot in whose commands are registered; `seenAs` changes interactions on their way to the router. */
  async function start(
    changes: Partial<RouterPorts> = {},
    seenAs = (interaction: Interaction) => interaction,
    known = { commands: COMMANDS, components: COMPONENTS },
  ): Promise<DiscordConnection> {
    const route = createRouter(known, {
      mayUse: createPermissions(() => NOTHING_SET_UP),
      requestContextOf: ({ requestedAtMs }) => ({
        requestedAtMs,
        guild: NOTHING_SET,
        strategyIds: ['aggressive_active'],
        exchange: 'coinbase',
      }),
      commandContextOf: contextOf(async (spec, asker) => {
        submitted.push({ asker, spec });
        return SUBMITTED;
      }).commandContextOf,
      followWork: (reply) => {
        followed.push(reply);
        void reply.edit(renderProgress(reply, { kind: 'queued', position: null }));
      },
      presses: {
        keep: async (press) => {
          if (kept.has(press.interactionId)) return false;
          kept.set(press.interactionId, press);
          return true;
        },
        noteAnswered: (id) => void settled.push({ id, as: 'answered' }),
        letGo: (id) => void settled.push({ id, as: 'let go' }),
      },
      noteAcknowledged: (name) => void acknowledged.push(name),
      nowMs: Date.now,
      reportBug: (error, reference) => void bugs.push({ error, reference }),
      ...changes,
    });
    const connection = await openBot(playground, { onInteraction: (interaction) => route(seenAs(interaction)) });
    opened.push(connection);
    const { rest, application } = connection.client;
    await registerCommands({ rest, applicationId: application.id, guildId: playground.home.guildId, commands: known.commands });
    return connection;
  }

  /** What the desk does; a test says what it needs of it. */
  const contextOf = (submitBacktest: (spec: AskedRun, asker: Asker) => Promise<typeof SUBMITTED>, desk: Partial<CommandContext> = {}) => ({
    commandContextOf: (asker: Asker): CommandContext => ({
      ...asker,
      submitBacktest: (spec) => submitBacktest(spec, asker),
      submitComparison: notAsked,
      countRuns: async () => 0,
      listRuns: async () => [],
      findRuns: notAsked,
      findComparisons: notAsked,
      readComparison: notAsked,
      composeComparison: notAsked,
      readRun: notAsked,
      composeCard: notAsked,
      verifyRun: notAsked,
      askRules: notAsked,
      composePlayback: notAsked,
      readPlanning: notAsked,
      listStrategies: () => ({ strategies: [], model: null }),
      readStrategies: () => [],
      planNow: notAsked,
      readWork: notAsked,
      cancelWork: notAsked,
      countSeries: notAsked,
      listSeries: notAsked,
      knownSymbols: async () => [],
      importCandles: notAsked,
      readGuild: async () => NOTHING_SET,
      changeSettings: notAsked,
      savePreset: notAsked,
      deletePreset: notAsked,
      changeSetup: notAsked,
      countAudit: notAsked,
      listAudit: notAsked,
      countWalkAways: notAsked,
      listWalkAways: notAsked,
      countReplans: notAsked,
      listReplans: notAsked,
      submitFetch: notAsked,
      readStatus: notAsked,
      ...desk,
    }),
  });

  it('defers a backtest, submits what was asked and hands the reply over', async () => {
    await start();

    const options = { preset: 'scalper-5m', symbols: 'eth-usd sol-usd', timeframe: '15m', days: 2, leverage: 3, set: 'min_hold_bars=2' };
    const press = await playground.slash({ command: 'backtest', options });
    const reply = await press.waitForReply();

    expect(await press.firstAnswer()).toMatchObject({ kind: 'defer', ephemeral: false });
    expect(reply.content).toBe(
      '**Backtest** ETH-USD, SOL-USD · 15m · last 2 days · preset scalper-5m · 9 settings not default\nQueued; it starts when a worker is free.',
    );
    const [{ asker, spec }] = submitted as [(typeof submitted)[number]];
    expect(asker).toEqual({ ...playground.home, isAdmin: false, requestedAtMs: spec.requestedAtMs });
    expect(acknowledged).toEqual(['backtest']);
    expect(Math.abs(asker.requestedAtMs - press.createdAtMs)).toBeLessThan(2);
    expect(spec).toEqual({
      preset: 'scalper-5m',
      symbols: ['ETH-USD', 'SOL-USD'],
      timeframes: ['15m', '1h', '4h'],
      window: { kind: 'days', days: 2 },
      candleSource: { kind: 'best', seed: 1 },
      instrument: 'perpetual',
      exchange: 'coinbase',
      settings: effectiveSettings({
        max_symbol_exposure_pct: 100,
        max_daily_risk_budget_pct: 30,
        max_triggers_per_symbol_per_day: 20,
        initial_cash: 10_000,
        max_position_risk_pct: 4,
        max_portfolio_exposure_pct: 300,
        min_hold_bars: 2,
        trade_cooldown_bars: 0,
        min_price_move_pct: 0.1,
        indicator_mode: 'short_term',
      }),
      strategyId: 'aggressive_active',
      plan: null,
      requestedAtMs: asker.requestedAtMs,
    });
    expect(followed).toMatchObject([{ work: { kind: 'run', id: RUN_ID }, repliedAtMs: asker.requestedAtMs }]);
    expect(bugs).toEqual([]);
  });

  it.each([
    [{ symbols: 'btc' }, '"btc" is no market; it must be BASE-QUOTE, e.g. BTC-USD'],
    [{ symbols: '*x* <@1>' }, '"\\*x\\*" is no market; it must be BASE-QUOTE, e.g. BTC-USD'],
    [{ start: '2025-02-30' }, 'start is "2025-02-30", which does not exist; write a real UTC date or time, e.g. start 2025-10-01T12:00'],
    [
      { days: 3, start: '2025-02-01' },
      'days 3 and start 2025-02-01 are both given; keep start, or keep days (counted back from end, or from now)',
    ],
    [
      { leverage: 3, set: 'max_portfolio_exposure_pct=200' },
      'leverage 3 means max_portfolio_exposure_pct=300, but set means max_portfolio_exposure_pct=200; keep one of the two',
    ],
  ])('refuses %j at once, to the asker alone, and submits nothing', async (options, content) => {
    await start();

    const press = await playground.slash({ command: 'backtest', options });

    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect(press.reply()).toMatchObject({ content, ephemeral: true, pings: { users: [] } });
    expect({ submitted, bugs, followUps: press.followUps() }).toEqual({ submitted: [], bugs: [], followUps: [] });
  });

  it('shows a refusal that is too long for Discord shortened, and says so', async () => {
    await start({
      requestContextOf: () => {
        throw new Refusal('*'.repeat(5_000));
      },
    });

    const press = await playground.slash({ command: 'backtest' });

    expect((await press.waitForReply()).content).toBe(`${'\\*'.repeat(950)}… (shortened)`);
  });

  it('lets only those with the trader role ask once there is one, and admins', async () => {
    const trader = playground.addRole({ name: 'trader' });
    const bea = playground.addMember({ name: 'bea', roles: [trader] });
    const admin = playground.addMember({ name: 'cy', permissions: MANAGE_SERVER });
    await start({ mayUse: createPermissions(() => ({ traderRoleId: trader, adminRoleId: null })) });
    const ask = async (user: string) => (await (await playground.slash({ command: 'backtest', user })).firstAnswer()).kind;

    const refused = await playground.slash({ command: 'backtest' });

    expect(await refused.waitForReply()).toMatchObject({
      content: '/backtest needs the trader permission, which you do not have; ask an admin of this server.',
      ephemeral: true,
    });
    expect([await ask(bea), await ask(admin)]).toEqual(['defer', 'defer']);
    playground.setMemberRoles(bea, []);
    expect(await ask(bea), 'a role that was taken away is not held any more').toBe('message');
    expect(submitted.map(({ asker }) => asker.userId)).toEqual([bea, admin]);
  });

  it('refuses a command in a direct message', async () => {
    const none = { value: null };
    // What a direct message brings has neither server nor member.
    await start({}, (interaction) => Object.create(interaction, { guildId: none, member: none, memberPermissions: none }));

    const press = await playground.slash({ command: 'backtest' });

    expect(await press.waitForReply()).toMatchObject({
      content: 'Commands work in a server only; give it in a channel of your server.',
      ephemeral: true,
    });
    expect(submitted).toEqual([]);
  });

  it('says so when a command is not there any more', async () => {
    await start({}, (interaction) => Object.create(interaction, { commandName: { value: 'gone' } }));

    const press = await playground.slash({ command: 'backtest' });

    expect(await press.waitForReply()).toMatchObject({
      content: 'There is no command /gone any more; reload Discord to see those there are.',
      ephemeral: true,
    });
  });

  it('apologises for a bug with the reference that is reported', async () => {
    const boom = new Error('the database is gone, password hunter2');
    await start(contextOf(() => Promise.reject(boom)));

    const press = await playground.slash({ command: 'backtest' });

    expect((await press.waitForReply()).content).toBe(`Something broke on our side. Reference: \`${press.interactionId}\``);
    expect(bugs).toEqual([{ error: boom, reference: press.interactionId }]);
    expect(followed).toEqual([]);
  });

  it('apologises at once when the bug is in reading the request', async () => {
    const boom = new Error('boom');
    await start({
      requestContextOf: () => {
        throw boom;
      },
    });

    const press = await playground.slash({ command: 'backtest' });

    expect(await press.waitForReply()).toMatchObject({ content: expect.stringContaining(press.interactionId), ephemeral: true });
    expect(bugs).toEqual([{ error: boom, reference: press.interactionId }]);
  });

  it('shows a refusal that comes from the work', async () => {
    await start(contextOf(() => Promise.reject(new Refusal('The queue is full; try again in a minute'))));

    const press = await playground.slash({ command: 'backtest' });

    expect((await press.waitForReply()).content).toBe('The queue is full; try again in a minute');
    expect(bugs).toEqual([]);
  });

  it('takes a second press as a second run', async () => {
    await start();

    const presses = [await playground.slash({ command: 'backtest' }), await playground.slash({ command: 'backtest' })];
    for (const press of presses) await press.waitForReply();

    expect(submitted).toHaveLength(2);
    expect(playground.channel().messages).toHaveLength(2);
  });

  it('acts once when two processes hear of the same press', async () => {
    await start();
    await start();

    const press = await playground.slash({ command: 'backtest' });
    await press.waitForReply();
    const callbacks = () => playground.requests.filter(({ route }) => route === 'answer-interaction').map(({ status }) => status);
    await expect.poll(callbacks).toHaveLength(2);

    expect(callbacks().toSorted(), 'both have tried').toEqual([204, 400]);
    expect(submitted, 'only the process that wrote it down goes on').toHaveLength(1);
    expect(bugs).toEqual([]);
  });

  it('goes on when it wrote the press down and another process acknowledged it', async () => {
    await start();
    playground.failNext({ route: 'answer-interaction', times: 1, fault: { kind: 'status', status: 500, applied: true } });

    const press = await playground.slash({ command: 'backtest' });

    expect((await press.waitForReply()).content, 'Discord had it, and said 40060 to the second try').toContain('Queued');
    expect({ submitted: submitted.length, bugs }).toEqual({ submitted: 1, bugs: [] });
  });

  it('does nothing about a press that was written down before, although it could be acknowledged', async () => {
    await start({ presses: { keep: async () => false, noteAnswered: () => expect.fail(), letGo: () => expect.fail() } });

    const press = await playground.slash({ command: 'backtest' });
    await press.firstAnswer();
    await expect.poll(() => acknowledged).toEqual(['backtest']);

    expect({ submitted, bugs, loading: press.reply()?.loading }).toEqual({ submitted: [], bugs: [], loading: true });
  });

  it('writes a press down as it was typed, without waiting for Discord, and notes its answer', async () => {
    await start();
    playground.failNext({ route: 'answer-interaction', times: 1, fault: { kind: 'delay', delayMs: 500 } });

    const press = await playground.slash({ command: 'runs list' });
    await expect.poll(() => kept.size).toBe(1);
    expect(press.acknowledgedAfterMs(), 'the acknowledgement is on its way').toBeNull();
    await press.waitForReply();

    const { guildId, channelId, userId } = playground.home;
    expect(kept.get(press.interactionId)).toEqual({
      interactionId: press.interactionId,
      applicationId: playground.applicationId,
      token: expect.any(String),
      guildId,
      channelId,
      userId,
      kind: 'command',
      asked: '/runs list',
      pressedAtMs: expect.any(Number),
    });
    await expect.poll(() => settled).toEqual([{ id: press.interactionId, as: 'answered' }]);
  });

  it('acknowledges without waiting for the row, and starts nothing before there is one', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    await start({ presses: { keep: () => promise, noteAnswered: () => {}, letGo: () => {} } });

    const press = await playground.slash({ command: 'backtest' });
    await press.firstAnswer();
    expect(submitted).toEqual([]);
    resolve(true);

    await press.waitForReply();
    expect(submitted).toHaveLength(1);
  });

  it('refuses what it cannot write down, and does what only reads all the same', async () => {
    const away = new Error('connection refused');
    await start({
      presses: { keep: () => Promise.reject(away), noteAnswered: (id) => void settled.push({ id, as: 'answered' }), letGo: () => {} },
    });

    const backtest = await playground.slash({ command: 'backtest' });
    const help = await playground.slash({ command: 'desk help' });

    expect((await backtest.waitForReply()).content).toBe(
      'The database is unavailable at the moment; nothing was started. Wait a few seconds and try again.',
    );
    expect((await help.waitForReply()).content).not.toContain('unavailable');
    expect({ submitted, bugs }).toEqual({
      submitted: [],
      bugs: [
        { error: away, reference: backtest.interactionId },
        { error: away, reference: help.interactionId },
      ],
    });
    await expect.poll(() => settled).toHaveLength(2);
  });

  it('lets a press go whose answer Discord does not take', async () => {
    await start();
    playground.failNext({ route: 'edit-answer', times: 4, fault: { kind: 'status', status: 500, applied: false } });

    const press = await playground.slash({ command: 'runs list' });

    await expect.poll(() => settled, { timeout: 10_000 }).toEqual([{ id: press.interactionId, as: 'let go' }]);
    expect(bugs).toHaveLength(1);
  });

  it('leaves a press alone that it could not acknowledge in time', async () => {
    await start({
      requestContextOf: ({ requestedAtMs }) => {
        skippedMs += 4_000;
        return { requestedAtMs, guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'coinbase' };
      },
    });

    const press = await playground.slash({ command: 'backtest' });
    await expect.poll(() => bugs).toHaveLength(1);

    expect(bugs).toMatchObject([{ error: { code: 10062 }, reference: press.interactionId }]);
    expect(settled, 'nobody waits for it').toEqual([{ id: press.interactionId, as: 'answered' }]);
    expect({ submitted, reply: press.reply() }).toEqual({ submitted: [], reply: null });
  });

  it('acknowledges 200 presses that are in flight together', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    await start(
      contextOf(async () => {
        await held;
        return SUBMITTED;
      }),
    );

    const presses = await Promise.all(Array.from({ length: 200 }, () => playground.slash({ command: 'backtest' })));
    const answers = await Promise.all(presses.map((press) => press.firstAnswer()));

    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['defer']));
    expect(Math.max(...answers.map(({ afterMs }) => afterMs)), 'Discord waits three seconds').toBeLessThan(3_000);
    letGo();
    await Promise.all(presses.map((press) => press.waitForReply(undefined, 20_000)));
    expect(followed).toHaveLength(200);
    expect(bugs).toEqual([]);
  });

  /** A message with one button of ours, posted by the bot itself. */
  async function postButton({ client }: DiscordConnection, customId: string): Promise<string> {
    const components = [{ type: 1, components: [{ type: 2, style: 2, label: 'Go', custom_id: customId }] }];
    const sent = await client.rest.post(Routes.channelMessages(playground.home.channelId), { body: { content: 'one', components } });
    return (sent as { readonly id: string }).id;
  }
  const button = (press: Component['press'], permission: Component['permission'] = 'viewer') => ({
    commands: COMMANDS,
    components: [{ kind: 'press' as const, name: 'test', permission, press }],
  });

  it('acknowledges a press, edits the message and tells the presser alone what is for them', async () => {
    const heard: unknown[] = [];
    const known = button(async (args, { userId, guildId, isAdmin }) => {
      heard.push({ args, userId, guildId, isAdmin });
      return { update: textMessage('two'), notice: textMessage('psst') };
    });
    const messageId = await postButton(await start({}, undefined, known), 'v1:test:7:abc');

    const press = await playground.press({ messageId, button: 'Go' });
    await expect.poll(() => press.followUps()).toHaveLength(1);

    expect(await press.firstAnswer()).toMatchObject({ kind: 'deferUpdate' });
    expect(press.reply()).toMatchObject({ id: messageId, content: 'two', components: [] });
    expect(press.followUps()).toMatchObject([{ content: 'psst', ephemeral: true, pings: { users: [] } }]);
    const { guildId, userId } = playground.home;
    expect(heard).toEqual([{ args: ['7', 'abc'], userId, guildId, isAdmin: false }]);
    expect(acknowledged).toEqual(['test']);
  });

  it('checks who presses anew: whoever sees a button may not always use it', async () => {
    const trader = playground.addRole({ name: 'trader' });
    const pressed: string[] = [];
    const known = button(async (_, { userId }) => {
      pressed.push(userId);
      return { update: null, notice: null };
    }, 'trader');
    const messageId = await postButton(
      await start({ mayUse: createPermissions(() => ({ traderRoleId: trader, adminRoleId: null })) }, undefined, known),
      'v1:test',
    );
    const admin = playground.addMember({ name: 'cy', permissions: MANAGE_SERVER });

    const refused = await playground.press({ messageId, button: 'Go' });
    await refused.waitForReply();
    const allowed = await playground.press({ messageId, button: 'Go', user: admin });

    expect(refused.reply()).toMatchObject({
      content: 'This button needs the trader permission, which you do not have; ask an admin of this server.',
      ephemeral: true,
    });
    expect((await allowed.firstAnswer()).kind).toBe('deferUpdate');
    await expect.poll(() => pressed).toEqual([admin]);
  });

  it.each(['v1:gone:1', 'v2:test', 'test', 'v1:test:../../etc'])('says that a button %s is not known any more', async (customId) => {
    const known = button(() => Promise.reject(new Error('This was not to be pressed.')));
    const messageId = await postButton(await start({}, undefined, known), customId);

    const press = await playground.press({ messageId, button: 'Go' });

    expect(await press.waitForReply()).toMatchObject({
      content: 'This button is of an older version; give the command again.',
      ephemeral: true,
    });
    expect(bugs).toEqual([]);
  });

  it.each([
    ['a refusal', new Refusal('There is no *such* page'), 'There is no \\*such\\* page'],
    ['a bug', new Error('password hunter2'), expect.stringMatching(/^Something broke on our side\. Reference: `\d+`$/)],
  ])('leaves the message as it is when a press ends in %s', async (_, error, content) => {
    const messageId = await postButton(
      await start(
        {},
        undefined,
        button(() => Promise.reject(error)),
      ),
      'v1:test',
    );

    const press = await playground.press({ messageId, button: 'Go' });
    await expect.poll(() => press.followUps()).toHaveLength(1);

    expect(press.followUps()).toMatchObject([{ content, ephemeral: true }]);
    expect(press.reply()).toMatchObject({ content: 'one' });
  });

  const suggesting = (suggest: Suggest) => {
    const definition = new SlashCommandBuilder()
      .setName('pick')
      .setDescription('Choose')
      .addStringOption((option) => option.setName('what').setDescription('Which').setAutocomplete(true));
    const done = async () => ({ kind: 'message' as const, message: textMessage('picked') });
    const command = defineCommand({ definition, permission: 'admin', firstAnswer: 'public', read: () => null, run: done, suggest });
    return { commands: [command], components: [] };
  };

  it('suggests to everybody who sees the channel, whatever the command itself needs', async () => {
    await start(
      {},
      undefined,
      suggesting(async ({ name, text, subcommand }) => [{ name: `${name} ${subcommand}`, value: text }]),
    );

    expect(await playground.autocomplete({ command: 'pick', option: 'what', text: 'ab' })).toEqual([{ name: 'what null', value: 'ab' }]);
  });

  it('suggests nothing when that breaks, and reports it', async () => {
    const boom = new Error('the database is gone');
    await start(
      {},
      undefined,
      suggesting(() => Promise.reject(boom)),
    );

    expect(await playground.autocomplete({ command: 'pick', option: 'what', text: '' })).toEqual([]);
    expect(bugs).toMatchObject([{ error: boom }]);
  });

  it('suggests nothing rather than too late', async () => {
    await start(
      {},
      undefined,
      suggesting(() => new Promise(() => undefined)),
    );
    const sinceMs = performance.now();

    expect(await playground.autocomplete({ command: 'pick', option: 'what', text: '' })).toEqual([]);

    expect(performance.now() - sinceMs, 'Discord waits three seconds').toBeLessThan(3_000);
    expect(bugs).toEqual([]);
  });
});
