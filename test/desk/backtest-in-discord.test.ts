import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { importCandles } from '../../src/desk/import-files.ts';
import { type Desk, openDesk } from '../../src/desk/open-desk.ts';
import { type RunningBot, startBot } from '../../src/desk/start-bot.ts';
import { type RunningWorker, startWorker } from '../../src/desk/start-worker.ts';
import type { Candles } from '../../src/engine/candles.ts';
import type { RunResult } from '../../src/engine/result.ts';
import { LOCAL_GUILD } from '../../src/engine/run-spec.ts';
import { simulateCandles } from '../../src/market/simulated.ts';
import { type Playground, startPlayground } from '../../src/playground/playground.ts';
import { candlesAsCsv } from '../support/csv.ts';
import { withDatabase } from '../support/database.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

const WAIT_MS = 20_000;

describe('/backtest in Discord', () => {
  const database = withDatabase();
  const errors: unknown[] = [];
  let folder = '';
  let playground: Playground;
  let desk: Desk;
  let worker: RunningWorker;
  let bot: RunningBot;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scalpdesk-desk-'));
    playground = await startPlayground();
    const config = {
      ...parseConfig({ DATABASE_URL: database.databaseUrl, EXCHANGE_BASE_URL: NO_EXCHANGE }),
      discordToken: playground.token,
      discordApiUrl: playground.restUrl,
      discordGuildId: playground.home.guildId,
    };
    desk = await openDesk(config, (error) => errors.push(error));
    worker = await startWorker(desk);
    bot = await startBot(desk, { onEnd: (reason) => errors.push(reason), closeWithinMs: 5_000 });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    await bot.close();
    await worker.close(5_000);
    await desk.close();
    await playground.close();
  });

  const channel = () => playground.channel(playground.home.channelId);
  const results = () => channel().messages.filter(({ answers, attachments }) => answers === null && attachments.length > 0);

  const onlyResult = async (): Promise<RunResult> => {
    const { rows } = await database.pool.query<{ result: RunResult }>('select result from runs');
    expect(rows).toHaveLength(1);
    return (rows[0] as { result: RunResult }).result;
  };

  it('answers a preset with a card and a picture that the asker is told of, once', async () => {
    const press = await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m' } });
    const card = await channel().waitForMessage(({ attachments }) => attachments.length > 0, WAIT_MS);
    const reply = await press.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);

    expect(errors).toEqual([]);
    expect((await press.firstAnswer()).kind).toBe('defer');
    expect(reply.content).toContain('**Backtest** BTC-USD · 5m · last 3 days · preset scalper-5m');
    expect(card.pings).toEqual({ everyone: false, users: [playground.home.userId], roles: [] });
    expect(card.content).toMatch(/^<@\d+> [+−]?\d+\.\d % net, \d+ trades, max drawdown \d+\.\d %.* \(simulated market\)$/);
    expect(results()).toHaveLength(1);

    const { summary, trades, open_positions, data } = await onlyResult();
    expect(data).toMatchObject({ simulated: true, bars: 864, timeframe: '5m' });
    expect(summary.total_trades).toBeGreaterThan(10);
    const accounted =
      summary.initial_cash +
      trades.reduce((sum, { pnl }) => sum + pnl, 0) +
      open_positions.reduce((sum, { unrealised_pnl, fees, funding }) => sum + unrealised_pnl - fees - funding, 0);
    expect(accounted / summary.final_equity).toBeCloseTo(1, 9);

    const table = /```\n([\s\S]+?)\n```/.exec(card.embeds[0]?.description ?? '')?.[1] ?? '';
    expect(Math.max(...table.split('\n').map((line) => line.length)), 'a phone wraps wider tables').toBeLessThanOrEqual(28);
    const [picture] = card.attachments;
    const { width, height } = await loadImage(Buffer.from(picture?.bytes ?? []));
    expect([width, height]).toEqual([1200, 675]);
    expect(picture?.description).toContain('simulated market');
  });

  it('runs on candles imported in the terminal, through a crash, and calls them real', async () => {
    const range = { symbol: 'SOL-USD', startMs: Date.UTC(2025, 9, 1), endMs: Date.UTC(2025, 9, 31), seed: 3 };
    const path = join(folder, 'sol.csv');
    await writeFile(path, candlesAsCsv(withCrash(simulateCandles({ ...range, timeframe: '5m' }))));
    await importCandles(desk.pool, LOCAL_GUILD, 'SOL-USD', path);

    await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m', symbols: 'SOL-USD', days: 30 } });
    const card = await channel().waitForMessage(({ embeds }) => JSON.stringify(embeds).includes('Real bars · sol.csv'), WAIT_MS);

    expect(card.content).not.toContain('simulated');
    expect(JSON.stringify(card.embeds)).toContain('8,640 bars of 5m, no gaps');
    expect(JSON.stringify(card.embeds)).toContain('funding not charged');
    expect(card.attachments).toHaveLength(1);
  });

  it('tells why a run was refused that only its worker could judge', async () => {
    const press = await playground.slash({ command: 'backtest', options: { start: '2019-06-01', end: '2019-06-03', timeframe: '1h' } });

    const reply = await press.waitForReply(({ content }) => content.includes('Refused'), WAIT_MS);
    const message = await channel().waitForMessage(({ content }) => content.includes('Backtest refused'), WAIT_MS);

    expect(reply.content).toContain('2020-01-01');
    expect(message.attachments).toHaveLength(0);
  });

  it('refuses at once and to the asker alone what cannot be meant', async () => {
    const press = await playground.slash({ command: 'backtest', options: { set: 'min_hold_bar=1' } });
    const reply = await press.waitForReply();

    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect(reply.content).toContain('the nearest is min_hold_bars');
  });

  it('delivers what ended while the bot was away, in the order of the channel', async () => {
    const before = results().length;
    const press = await playground.slash({ command: 'backtest', options: { preset: 'scalper-5m', days: 2 } });
    await press.waitForReply(({ loading }) => !loading, WAIT_MS);
    await bot.close();

    bot = await startBot(desk, { onEnd: (reason) => errors.push(reason), closeWithinMs: 5_000 });
    await channel().waitForMessage(
      ({ attachments, embeds }) => attachments.length > 0 && JSON.stringify(embeds).includes('576 bars'),
      WAIT_MS,
    );

    expect(results()).toHaveLength(before + 1);
    expect(errors).toEqual([]);
  });
});

/** The same bars with a fall of a fifth inside one of them, and back. */
function withCrash(candles: Candles): Candles {
  const low = candles.low.slice();
  const middle = Math.floor(low.length / 2);
  low[middle] = (low[middle] as number) * 0.8;
  return { ...candles, low };
}
