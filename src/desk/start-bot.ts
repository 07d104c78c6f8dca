import { openDiscordClient } from '../bot/discord-client.ts';
import { startOutboxPoster } from '../bot/outbox-poster.ts';
import { createPermissions } from '../bot/permissions.ts';
import { createProgress } from '../bot/progress.ts';
import { registerCommands } from '../bot/register.ts';
import { createRouter } from '../bot/router.ts';
import { COMMANDS } from '../commands/index.ts';
import { Refusal } from '../engine/refusal.ts';
import type { Message } from '../render/message.ts';
import { renderRunEnd } from '../render/run-end.ts';
import type { ClaimedMessage } from '../store/outbox.ts';
import { findRun } from '../store/runs.ts';
import { STRATEGIES } from '../strategist/strategy.ts';
import { openChartService } from './chart-service.ts';
import { RUN_ENDED } from './end-run.ts';
import type { Desk } from './open-desk.ts';
import { composeRunCard } from './run-card.ts';
import { openRunNotices, runEndOf } from './run-notices.ts';
import { submitRun } from './submit-run.ts';

export type RunningBot = { readonly close: () => Promise<void> };

type Options = {
  /** The connection to Discord ended and does not come back. */
  readonly onEnd: (reason: string) => void;
  /** How long messages on their way may take when the bot is closed; ms. */
  readonly closeWithinMs: number;
};

/** The bot: commands in, progress and results out. What it opened is closed again when it cannot start. */
export async function startBot(desk: Desk, options: Options): Promise<RunningBot> {
  await using opened = new AsyncDisposableStack();
  await openBot(desk, options, opened);
  const running = opened.move();
  return { close: () => running.disposeAsync() };
}

async function openBot(desk: Desk, { onEnd, closeWithinMs }: Options, opened: AsyncDisposableStack): Promise<void> {
  const { config, pool, reportError } = desk;
  if (config.discordToken === null) {
    throw new Refusal('DISCORD_TOKEN is not set; set it to the bot token from the Discord developer portal (see .env.example)');
  }
  const charts = await openChartService(config);
  opened.defer(charts.close);
  const notices = await openRunNotices(desk);
  opened.defer(notices.close);
  const progress = createProgress({ ...notices, nowMs: () => Date.now(), setTimer, reportError });

  const { client, close } = await openDiscordClient({
    token: config.discordToken,
    apiUrl: config.discordApiUrl,
    onInteraction: createRouter(COMMANDS, {
      mayUse: createPermissions(() => null),
      requestContextOf: ({ requestedAtMs }) => ({
        requestedAtMs,
        guildSettings: {},
        strategyIds: STRATEGIES.map(({ id }) => id),
        exchange: config.exchangeId,
      }),
      commandContextOf: (asker) => ({ ...asker, submitBacktest: (spec) => submitRun(desk, spec, asker) }),
      followRun: progress.follow,
      reportBug: (error, reference) => reportError(new Error(`A command broke; reference ${reference}`, { cause: error })),
    }),
    reportError,
    onEnd,
  });
  opened.defer(close);
  await registerCommands({ rest: client.rest, applicationId: client.application.id, guildId: config.discordGuildId, commands: COMMANDS });
  const poster = startOutboxPoster({
    rest: client.rest,
    botUserId: client.user.id,
    db: pool,
    compose: (claimed) => compose(desk, charts.url, claimed),
    onWake: notices.onOutboxRow,
    reportError,
  });
  opened.defer(() => poster.close(closeWithinMs));
  opened.defer(progress.close);
}

async function compose({ pool, reportError }: Desk, chartUrl: string, { kind, runId, guildId }: ClaimedMessage): Promise<Message | null> {
  if (kind !== RUN_ENDED || runId === null) throw new Error(`Nobody knows how to write a message of kind ${kind}`);
  const run = await findRun(pool, { id: runId, guildId });
  const end = run === null ? null : runEndOf(run);
  if (run === null || end === null) return null;
  if (end.kind === 'done') return composeRunCard({ pool, chartUrl, reportError }, run, run.requestedBy);
  return renderRunEnd({ userId: run.requestedBy, end });
}

function setTimer(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}
