import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCommands } from '../../src/bot/register.ts';
import { candlesCommand } from '../../src/commands/candles.command.ts';
import { resolveFetchRequest } from '../../src/commands/fetch-request.ts';
import { type ExchangeService, openExchangeService } from '../../src/desk/exchange-service.ts';
import { requestFetch } from '../../src/desk/request-fetch.ts';
import { startFetchWorker } from '../../src/desk/start-fetch-worker.ts';
import type { RunningWorker } from '../../src/desk/start-worker.ts';
import { DAY_MS, type Timeframe } from '../../src/engine/bar.ts';
import { simulateCandles, simulateFunding } from '../../src/market/simulated.ts';
import { openBot } from '../bot/open-bot.ts';
import { type LoopbackExchange, openLoopbackExchange } from '../support/loopback-exchange.ts';
import { onDiscord } from './on-discord.ts';

const NOW_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const MARKET = { symbol: 'BTC-USDT', startMs: NOW_MS - 5 * DAY_MS, endMs: NOW_MS, seed: 11 };
const WAIT_MS = 15_000;

describe('a fetch', () => {
  const on = onDiscord();
  let loopback: LoopbackExchange;
  let exchange: ExchangeService;
  let worker: RunningWorker;

  beforeAll(async () => {
    const candlesOf = (timeframe: Timeframe) => simulateCandles({ ...MARKET, timeframe });
    loopback = await openLoopbackExchange({ candlesOf, funding: simulateFunding(MARKET), nowMs: () => Date.now() });
    exchange = openExchangeService({ exchangeId: 'binanceusdm', baseUrl: loopback.url });
    worker = await startFetchWorker(on.desk, exchange);
  });

  afterAll(async () => {
    await worker.close(5_000);
    await exchange.close();
    await loopback.close();
  });

  /** Asks for bars in a channel of its own; what it is told there. */
  async function fetched(symbol: string) {
    const channelId = on.playground.addChannel({ name: 'floor' });
    const { guildId, userId } = on.playground.home;
    const asked = resolveFetchRequest({ symbol, timeframe: '5m', days: 2 }, NOW_MS);
    await requestFetch(on.desk, asked, { guildId, channelId, userId, reply: null });
    return on.playground.channel(channelId).waitForMessage(() => true, WAIT_MS);
  }

  it('keeps the bars and tells whoever asked, and a second one finds them kept', async () => {
    const first = await fetched('btc-usdt');
    const second = await fetched('BTC-USDT');

    expect(first.content).toMatch(/\*\*Fetched\*\* BTC-USDT 5m: 576 new bars, with funding\n/);
    expect(first.pings.users).toEqual([on.playground.home.userId]);
    expect(second.content).toContain('all bars were kept already');
    const coverage = await (await on.playground.slash({ command: 'candles coverage' })).waitForReply();
    expect(coverage.content).toContain('BTC-USDT 5m         576 bars');
    expect(coverage.content).toContain(' from exchange, funding');
    expect(on.errors).toEqual([]);
  });

  it('that the exchange has no market for is refused with its words', async () => {
    expect((await fetched('NOPE-USDT')).content).toMatch(/Fetch refused: .*NOPE/);
  });

  it('is a command that Discord takes', async () => {
    const { client, close } = await openBot(on.playground);
    const commands = [candlesCommand];
    const registering = registerCommands({
      rest: client.rest,
      applicationId: client.application.id,
      guildId: on.playground.home.guildId,
      commands,
    });

    expect(await registering).toBe('registered');
    await close();
  });
});
