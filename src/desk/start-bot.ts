import { type Client, Status } from 'discord.js';
import { openDiscordClient } from '../bot/discord-client.ts';
import { trackInteractions } from '../bot/in-flight.ts';
import { startOutboxPoster } from '../bot/outbox-poster.ts';
import { createPermissions } from '../bot/permissions.ts';
import { createProgress } from '../bot/progress.ts';
import { registerCommands } from '../bot/register.ts';
import { createRouter } from '../bot/router.ts';
import { COMMANDS, COMPONENTS } from '../commands/index.ts';
import { Refusal } from '../engine/refusal.ts';
import { watchGoneHolders } from '../store/gone-holders.ts';
import { openHolder } from '../store/holder.ts';
import { openPool } from '../store/pool.ts';
import { forgetReply } from '../store/work-replies.ts';
import { STRATEGIES } from '../strategist/strategy.ts';
import { rememberAcknowledgements } from './acknowledgements.ts';
import { openChartService } from './chart-service.ts';
import { composeMessage } from './compose-message.ts';
import { deskPorts } from './desk-ports.ts';
import { openGuildViews } from './guild-views.ts';
import { openImports } from './import-attachments.ts';
import { rememberSymbols } from './known-symbols.ts';
import { startLostPresses } from './lost-presses.ts';
import type { Desk } from './open-desk.ts';
import { openPlanningNow } from './plan-now.ts';
import { openPressJournal, type PressJournal } from './press-journal.ts';
import { resumeReplies } from './resume-replies.ts';
import { openRunAgain } from './run-again.ts';
import { setTimer } from './set-timer.ts';
import { openWorkNotices } from './work-notices.ts';

export type RunningBot = {
  /** Whether the gateway is there right now. */
  readonly isConnected: () => boolean;
  readonly close: () => Promise<void>;
};

type Options = {
  /** The connection to Discord ended and does not come back. */
  readonly onEnd: (reason: string) => void;
  /** How long messages on their way may take when the bot is closed; ms. */
  readonly closeWithinMs: number;
};

/** The bot: commands in, progress and results out. What it opened is closed again when it cannot start. */
export async function startBot(desk: Desk, options: Options): Promise<RunningBot> {
  await using opened = new AsyncDisposableStack();
  const client = await openBot(desk, options, opened);
  const running = opened.move();
  // The status of the whole stays what it was when the bot was first ready.
  const isConnected = () => client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready);
  return { isConnected, close: () => running.disposeAsync() };
}

async function openBot(desk: Desk, { onEnd, closeWithinMs }: Options, opened: AsyncDisposableStack): Promise<Client<true>> {
  const { config, pool, metrics, reportError } = desk;
  if (config.discordToken === null) {
    throw new Refusal('DISCORD_TOKEN is not set; set it to the bot token from the Discord developer portal (see .env.example)');
  }
  const charts = await openChartService(config);
  opened.defer(charts.close);
  const notices = await openWorkNotices(desk);
  opened.defer(notices.close);
  const holder = await openHolder(desk);
  opened.defer(holder.close);
  const heldBy = () => holder.held()?.number ?? null;
  const findGone = watchGoneHolders(pool, { nowMs: () => performance.now() });
  // So that what a killed bot left is known to be left by the time that we can deliver it.
  await findGone();
  const presses = await openPresses(desk, { heldBy, opened });
  const progress = createProgress({
    ...notices,
    onLastWord: (work) => forgetReply(pool, work).catch(reportError),
    nowMs: Date.now,
    setTimer,
    reportError,
  });
  const acknowledgements = rememberAcknowledgements();
  const guilds = await openGuildViews(desk);
  opened.defer(guilds.close);
  const again = openRunAgain(desk);
  opened.defer(again.close);
  const planningNow = openPlanningNow(desk);
  opened.defer(planningNow.close);
  const around = {
    chartUrl: charts.url,
    symbols: rememberSymbols(pool, Date.now),
    imports: openImports(desk),
    acknowledged: acknowledgements.read,
    guilds,
    again,
    planningNow,
  };

  const inFlight = trackInteractions(
    createRouter(
      { commands: COMMANDS, components: COMPONENTS },
      {
        mayUse: createPermissions((guildId) => guilds.of(guildId).setup),
        requestContextOf: ({ guildId, requestedAtMs }) => ({
          requestedAtMs,
          guild: guilds.of(guildId),
          strategyIds: STRATEGIES.map(({ id }) => id),
          exchange: config.exchangeId,
        }),
        commandContextOf: (asker, reply) => ({ ...asker, ...deskPorts(desk, around, { ...asker, reply }) }),
        followWork: progress.follow,
        presses,
        noteAcknowledged: (name, afterMs) => {
          acknowledgements.note(afterMs);
          metrics.interactionAcknowledged(name, afterMs);
        },
        nowMs: Date.now,
        reportBug: (error, reference) => reportError(new Error('A command broke', { cause: error }), { reference }),
      },
    ),
  );
  const { client, rest, close } = await openDiscordClient({
    token: config.discordToken,
    apiUrl: config.discordApiUrl,
    onInteraction: inFlight.route,
    reportError,
    onEnd,
  });
  opened.defer(close);
  await registerCommands({ rest, applicationId: client.application.id, guildId: config.discordGuildId, commands: COMMANDS });
  const poster = startOutboxPoster({
    rest,
    botUserId: client.user.id,
    db: pool,
    compose: (claimed) => composeMessage({ pool, chartUrl: charts.url, reportError }, claimed),
    onWake: notices.onOutboxRow,
    onAttempt: metrics.messagePosted,
    holder: { held: holder.held, findGone },
    reportError,
  });
  opened.defer(() => poster.close(closeWithinMs));
  opened.defer(progress.close);
  opened.defer(() => inFlight.drain(closeWithinMs));
  const lost = startLostPresses({
    pool,
    rest,
    applicationId: client.application.id,
    heldBy,
    findGone,
    setTimer,
    nowMs: Date.now,
    reportError,
  });
  opened.defer(lost.close);
  await resumeReplies(desk, { rest: client.rest, applicationId: client.application.id, follow: progress.follow });
  return client;
}

type Own = { readonly heldBy: () => number | null; readonly opened: AsyncDisposableStack };

/** On a connection of its own: a press is written down at once, however busy the desk is. */
async function openPresses({ databaseUrl, reportError }: Desk, { heldBy, opened }: Own): Promise<PressJournal> {
  const pool = openPool({
    databaseUrl,
    applicationName: 'scalpdesk presses',
    maxConnections: 1,
    reportError: (error) => reportError(error),
  });
  opened.defer(() => pool.end());
  await pool.query('select');
  const journal = openPressJournal({ db: pool, heldBy, setTimer, reportError });
  opened.defer(journal.close);
  return journal;
}
