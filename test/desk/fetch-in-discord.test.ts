import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cancellations, watchCancellations } from '../../src/desk/cancellations.ts';
import { type ExchangeServices, openExchangeServices } from '../../src/desk/exchange-service.ts';
import { startFetchWorker } from '../../src/desk/start-fetch-worker.ts';
import type { RunningWorker } from '../../src/desk/start-worker.ts';
import { DAY_MS, type Timeframe } from '../../src/engine/bar.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { type BarRequest, type LoopbackExchange, openLoopbackExchange } from '../support/loopback-exchange.ts';
import { onDiscord } from './on-discord.ts';

const NOW_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const MARKET = { symbol: 'BTC-USDT', startMs: NOW_MS - 40 * DAY_MS, endMs: NOW_MS, seed: 11 };
const MINUTE_MS = 60_000;
const WAIT_MS = 20_000;
/** A UTC day so many days before today. */
const day = (daysAgo: number) => new Date(NOW_MS - daysAgo * DAY_MS).toISOString().slice(0, 10);

const BUSY = { kind: 'status', status: 503 } as const;

describe('/candles fetch', () => {
  let skippedMs = 0;
  const on = onDiscord({ clock: () => Date.now() + skippedMs, rateLimits: 'off' }, { EXCHANGE_ID: 'binanceusdm' });
  let loopback: LoopbackExchange;
  let exchanges: ExchangeServices;
  let cancellations: Cancellations;
  let worker: RunningWorker | null = null;

  beforeAll(async () => {
    const candlesOf = (timeframe: Timeframe) => simulateCandles({ ...MARKET, timeframe });
    loopback = await openLoopbackExchange({ candlesOf, funding: simulateFunding(MARKET), nowMs: () => Date.now() });
    exchanges = openExchangeServices({ exchangeId: 'binanceusdm', baseUrl: loopback.url });
    cancellations = await watchCancellations(on.desk);
  });

  afterAll(async () => {
    await cancellations.close();
    await exchanges.close();
    await loopback.close();
  });

  // Every test fetches what none has kept.
  beforeEach(() => on.desk.pool.query('truncate candles, funding, fetched_ranges'));
  afterEach(async () => {
    await stopWorker();
    loopback.fail(() => null);
  });

  const startWorker = async () => {
    worker = await startFetchWorker(on.desk, { exchanges, cancellations });
  };
  const stopWorker = async () => {
    await worker?.close(0);
    worker = null;
  };

  /** Asks for bars in a channel of its own. */
  async function ask(options: Record<string, string | number> = {}) {
    const channelId = on.playground.addChannel({ name: 'floor' });
    const asked = { symbol: 'btc-usdt', timeframe: '5m', start: day(2), end: day(0), ...options };
    const press = await on.playground.slash({ command: 'candles fetch', options: asked, channelId });
    const replied = await press.waitForReply(({ loading }) => !loading, WAIT_MS);
    const { rows } = await on.desk.pool.query<{ id: string }>('select id from fetches order by created_at desc limit 1');
    const channel = on.playground.channel(channelId);
    return {
      press,
      fetchId: rows[0]?.id ?? '',
      replied,
      told: () => channel.messages.filter(({ answers }) => answers === null),
      end: () => channel.waitForMessage(({ answers }) => answers === null, WAIT_MS),
      reply: (words: string) => press.waitForReply(({ content }) => content.includes(words), WAIT_MS),
      cancel: (user?: string) =>
        on.playground.press({ messageId: replied.id, button: 'Cancel fetch', ...(user === undefined ? {} : { user }) }),
    };
  }
  type Asked = Awaited<ReturnType<typeof ask>>;

  const rowOf = async ({ fetchId }: Asked) => {
    const { rows } = await on.desk.pool.query<Record<string, unknown>>(
      'select state, exchange, progress, new_bars::integer as new_bars, error, cancelled_by from fetches where id = $1',
      [fetchId],
    );
    return rows[0];
  };
  /** The exchange gives 1,000 bars at once: of ten days the first page comes, a third of it. */
  const failAfterFirstPage = () =>
    loopback.fail(({ timeframe, startMs }: BarRequest) => (timeframe === '5m' && startMs >= NOW_MS - 8 * DAY_MS ? BUSY : null));

  it('keeps the bars, says so to whoever asked, and a second one finds them kept', async () => {
    await startWorker();
    const first = await ask();
    const told = await first.end();
    const second = await ask({ symbol: 'BTC-USDT' });

    expect((await first.press.firstAnswer()).kind).toBe('defer');
    expect((await first.reply('Done in')).content).toMatch(
      /^\*\*Fetch\*\* BTC-USDT · 5m · <t:\d+:f> to <t:\d+:f> · binanceusdm\nDone in .*; the result is below\.$/,
    );
    expect((await first.reply('Done in')).components).toEqual([]);
    expect(told.content).toMatch(/\*\*Fetched\*\* BTC-USDT 5m: 576 new bars, with funding\n/);
    expect(told.pings.users).toEqual([on.playground.home.userId]);
    expect(await rowOf(first)).toMatchObject({ state: 'done', exchange: 'binanceusdm', progress: 1, new_bars: 576 });
    expect((await second.end()).content).toContain('all bars were kept already');
    const coverage = await (await on.playground.slash({ command: 'candles coverage' })).waitForReply();
    expect(coverage.content).toContain('BTC-USDT 5m         576 bars');
    expect(coverage.content).toContain(' from exchange, funding');
    expect(on.errors).toEqual([]);
  });

  it('takes days as well, and a month when no time is named', async () => {
    const rangeOf = async (options: Record<string, string | number>) => {
      const press = await on.playground.slash({ command: 'candles fetch', options: { symbol: 'BTC-USDT', timeframe: '1h', ...options } });
      await press.waitForReply(({ content }) => content.includes('Queued'), WAIT_MS);
      const { rows } = await on.desk.pool.query<{ days: number }>(
        `update fetches set state = 'refused', error = 'enough', finished_at = now() where state = 'queued'
         returning ((end_ms - start_ms) / 86400000)::integer as days`,
      );
      return rows[0]?.days;
    };

    expect([await rangeOf({ days: 3 }), await rangeOf({}), await rangeOf({ start: day(9), end: day(4) })]).toEqual([3, 30, 5]);
  });

  it.each([
    [{ start: '2025-10-02', end: '2025-10-01' }, 'end must be later'],
    [{ start: '2025-10-01', days: 3 }, 'keep start, or keep days'],
    [{ start: 'yesterday' }, 'start is "yesterday"; it must be a UTC date or time'],
    [{ symbol: 'BTC' }, '"BTC" is no market; it must be BASE-QUOTE, e.g. BTC-USD'],
  ])('refuses %j at once, to the asker alone', async (options, words) => {
    const press = await on.playground.slash({ command: 'candles fetch', options: { symbol: 'BTC-USDT', timeframe: '5m', ...options } });

    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect((await press.waitForReply()).content).toContain(words);
  });

  it('says how many stand before it, then how far it is', async () => {
    const [first, second] = [await ask({ start: day(10) }), await ask({ timeframe: '1h' })];
    expect(first.replied.content).toContain('Queued: next, it starts when a worker is free.');
    expect(second.replied.content).toContain('Queued: 1 before it.');
    failAfterFirstPage();

    await startWorker();
    const { content, components } = await first.reply('fetching');
    await second.reply('Queued: next');

    expect(content).toMatch(/\n`█*░+` \d+ % · fetching · \d+ s$/);
    expect(JSON.stringify(components)).toContain('Cancel fetch');
    await expect.poll(async () => (await rowOf(first))?.progress, { timeout: WAIT_MS }).toBeGreaterThan(0.3);
    expect((await first.reply(' 3')).content).toMatch(/`███░{7}` 3\d % /);
    loopback.fail(() => null);
    await second.reply('Done in');
    expect((await first.end()).content).toContain('2,880 new bars');
    on.errors.length = 0;
  });

  it('is refused in the words of the exchange, in the reply and below it', async () => {
    await startWorker();
    const asked = await ask({ symbol: 'NOPE-USDT' });

    expect((await asked.end()).content).toMatch(/Fetch refused: .*NOPE/);
    expect((await asked.reply('Refused: ')).content).toContain('NOPE');
    expect(await rowOf(asked)).toMatchObject({ state: 'refused', error: expect.stringContaining('NOPE') });
  });

  it('is cancelled while it is worked on: the worker is free at once and what came is kept', async () => {
    failAfterFirstPage();
    await startWorker();
    const asked = await ask({ start: day(10) });
    await expect.poll(async () => (await rowOf(asked))?.progress, { timeout: WAIT_MS }).toBeGreaterThan(0);

    const { userId } = on.playground.home;
    await asked.cancel();
    const reply = await asked.reply('Cancelled');

    expect(reply.content).toMatch(new RegExp(`^\\*\\*Fetch\\*\\* BTC-USDT.*\nCancelled by <@${userId}>\\.$`));
    expect(reply.components).toEqual([]);
    expect(await rowOf(asked)).toMatchObject({ state: 'cancelled', cancelled_by: userId });
    const { rows } = await on.desk.pool.query('select from fetched_ranges');
    expect(rows.length, 'what came is kept').toBeGreaterThan(0);
    // Were the worker still busy with it, this would wait for a minute of patience.
    const next = await ask({ timeframe: '1d', start: day(9) });
    expect((await next.end()).content).toContain('9 new bars');
    expect(asked.told(), 'whoever does it need not be told').toEqual([]);
    on.errors.length = 0;
  });

  it('is cancelled by nobody else, but by an admin, and then whoever asked is told', async () => {
    const asked = await ask();
    const bea = on.playground.addMember({ name: 'bea' });
    const admin = on.playground.addMember({ name: 'cy', permissions: 1n << 5n });
    const id = asked.fetchId.slice(0, 8);

    const refused = await asked.cancel(bea);
    await expect.poll(() => refused.followUps()).toHaveLength(1);
    await asked.cancel(admin);
    const told = await asked.end();

    const { userId } = on.playground.home;
    expect(refused.followUps()[0]?.content).toBe(`Only <@${userId}> and admins of this server can cancel fetch \`${id}\`.`);
    expect(told.content).toContain(`<@${userId}> Your fetch \`${id}\` was cancelled by <@${admin}>. What it had is kept.`);
  });

  it('answers the second press with who was first', async () => {
    const asked = await ask();

    const presses = await Promise.all([asked.cancel(), asked.cancel()]);
    await expect.poll(() => presses.flatMap((press) => press.followUps())).toHaveLength(1);

    const [late] = presses.flatMap((press) => press.followUps());
    expect(late?.content).toBe(`Fetch \`${asked.fetchId.slice(0, 8)}\` is already cancelled by <@${on.playground.home.userId}>.`);
  });

  it('comes too late for a fetch that has ended, and brings the reply up to date', async () => {
    const asked = await ask();
    await on.stopBot();
    await startWorker();
    await expect.poll(async () => (await rowOf(asked))?.state, { timeout: WAIT_MS }).toBe('done');
    await on.desk.pool.query('delete from fetch_replies');
    await on.startBot();

    const press = await asked.cancel();
    await expect.poll(() => press.followUps()).toHaveLength(1);

    const words = `Fetch \`${asked.fetchId.slice(0, 8)}\` had ended before that: it is done. See \`/candles coverage\`.`;
    expect(press.followUps()[0]?.content).toBe(words);
    expect((await asked.reply('Done in')).components).toEqual([]);
  });

  it('tells the end although the bot was down, once, and its reply goes on', async () => {
    const asked = await ask();
    await on.stopBot();
    await startWorker();
    await expect.poll(async () => (await rowOf(asked))?.state, { timeout: WAIT_MS }).toBe('done');
    expect(asked.told()).toEqual([]);

    await on.startBot();
    const told = await asked.end();
    await asked.reply('Done in');

    expect(told.content).toContain('576 new bars');
    expect(asked.told()).toHaveLength(1);
    const countReplies = async () => (await on.desk.pool.query('select from fetch_replies where fetch_id = $1', [asked.fetchId])).rowCount;
    await expect.poll(countReplies, { message: 'after its last word nobody needs the token' }).toBe(0);
    expect(on.errors).toEqual([]);
  });

  it('tells the end although the token of the reply is dead by then', async () => {
    const asked = await ask();
    skippedMs += 16 * MINUTE_MS;

    await startWorker();

    expect((await asked.end()).content).toContain('576 new bars');
    expect(asked.press.reply()?.content, 'nobody can edit it any more').toBe(asked.replied.content);
    on.errors.length = 0;
  });
});
