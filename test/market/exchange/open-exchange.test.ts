import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/engine/refusal.ts';
import { openExchange } from '../../../src/market/exchange/open-exchange.ts';
import { systemReadPorts } from '../../../src/market/exchange/read-patiently.ts';
import { openOnLoopback } from './with-exchange.ts';

const signal = new AbortController().signal;

describe('openExchange', () => {
  it('refuses an exchange it does not know and names the nearest', async () => {
    const failure = openExchange({ exchangeId: 'coinbse', baseUrl: null, timeLimitMs: 1_000 });

    await expect(failure).rejects.toThrow(Refusal);
    await expect(failure).rejects.toThrow(/"coinbse" is not an exchange we know\. Did you mean coinbase\?/);
  });

  it.each(['../ccxt', 'base/Exchange', 'pro', ''])('does not load "%s"', async (exchangeId) => {
    await expect(openExchange({ exchangeId, baseUrl: null, timeLimitMs: 1_000 })).rejects.toThrow(/is not an exchange we know/);
  });

  it.each([
    ['coinbase', '/v2/time'],
    ['binanceusdm', '/fapi/v1/time'],
    ['binance', '/api/v3/time'],
    ['bybit', '/v5/market/time'],
    ['okx', '/api/v5/public/time'],
    ['kraken', '/0/public/Time'],
    ['krakenfutures', '/derivatives/api/v3/instruments'],
    ['hyperliquid', '/info'],
    ['kucoinfutures', '/api/v1/timestamp'],
    ['bitget', '/api/v2/public/time'],
  ])('asks the given server where it would ask %s', async (exchangeId, path) => {
    const { exchange, loopback } = await openOnLoopback(exchangeId);

    await exchange.ping(2_000);

    expect(loopback.requests.map((request) => request.split('?')[0])).toContain(path);
  });
});

describe('ping', () => {
  it.each(['coinbase', 'binanceusdm'])('is true when %s answers', async (exchangeId) => {
    const { exchange } = await openOnLoopback(exchangeId);

    expect(await exchange.ping(3_000)).toBe(true);
  });

  it.each([
    ['hangs', { kind: 'hang' }],
    ['fails', { kind: 'status', status: 503 }],
    ['sends a web page', { kind: 'html' }],
    ['is not to be used from here', { kind: 'status', status: 451, text: '{"code":0,"msg":"restricted location"}' }],
    ['cuts the connection', { kind: 'reset' }],
  ] as const)('is false within its limit when the server %s', async (_, fault) => {
    const { exchange, loopback } = await openOnLoopback('binanceusdm', { ports: systemReadPorts });
    loopback.failOthers(() => fault);
    const startedMs = performance.now();

    expect(await exchange.ping(400)).toBe(false);

    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('is false when nobody listens', async () => {
    const { exchange, loopback } = await openOnLoopback('coinbase', { ports: systemReadPorts });
    await loopback.close();

    expect(await exchange.ping(1_000)).toBe(false);
  });

  it('is false once the exchange is closed', async () => {
    const { exchange } = await openOnLoopback('coinbase');
    exchange.close();

    expect(await exchange.ping(1_000)).toBe(false);
  });
});

describe('findMarket', () => {
  it('finds the linear perpetual', async () => {
    const { exchange } = await openOnLoopback('binanceusdm');

    expect(await exchange.findMarket({ symbol: 'BTC-USDT', instrument: 'perpetual', signal })).toEqual({
      symbol: 'BTC-USDT',
      ccxtSymbol: 'BTC/USDT:USDT',
      kind: 'swap',
      description: 'Binance USDⓈ-M perpetual BTC/USDT:USDT',
    });
  });

  it('takes the spot market where there is no perpetual, and says so', async () => {
    const { exchange } = await openOnLoopback('coinbase');

    expect(await exchange.findMarket({ symbol: 'BTC-USD', instrument: 'perpetual', signal })).toEqual({
      symbol: 'BTC-USD',
      ccxtSymbol: 'BTC/USD',
      kind: 'spot',
      description: 'Coinbase Advanced spot BTC/USD, standing in for the perpetual that Coinbase Advanced does not list',
    });
  });

  it('refuses a market that is not listed and names the nearest', async () => {
    const { exchange } = await openOnLoopback('binanceusdm');

    await expect(exchange.findMarket({ symbol: 'BTC-USD', instrument: 'perpetual', signal })).rejects.toThrow(
      'Binance USDⓈ-M lists no perpetual market BTC-USD. The nearest it has: BTC-USDT.',
    );
    await expect(exchange.findMarket({ symbol: 'BTC-USDT', instrument: 'spot', signal })).rejects.toThrow(
      'Binance USDⓈ-M lists no spot market BTC-USDT. It lists none we can read; name another exchange.',
    );
  });

  it('works again after the markets could not be listed', async () => {
    const { exchange, loopback } = await openOnLoopback('binanceusdm', { patienceMs: 0 });
    loopback.failOthers(() => ({ kind: 'html' }));
    await expect(exchange.findMarket({ symbol: 'BTC-USDT', instrument: 'perpetual', signal })).rejects.toThrow(/gave no usable answer/);

    loopback.failOthers(() => null);

    expect((await exchange.findMarket({ symbol: 'BTC-USDT', instrument: 'perpetual', signal })).ccxtSymbol).toBe('BTC/USDT:USDT');
  });

  it('does not take a failed listing of contracts for none', async () => {
    const { exchange, loopback, waitsMs } = await openOnLoopback('coinbase');
    const failed: string[] = [];
    loopback.failOthers((path) => {
      if (!path.includes('FUTURE') || failed.length > 2) return null;
      failed.push(path);
      return { kind: 'status', status: 500 };
    });

    await exchange.findMarket({ symbol: 'BTC-USD', instrument: 'perpetual', signal });

    expect(waitsMs).toHaveLength(2);
  });

  it('lists the markets once', async () => {
    const { exchange, loopback } = await openOnLoopback('binanceusdm');

    await exchange.findMarket({ symbol: 'BTC-USDT', instrument: 'perpetual', signal });
    await exchange.findMarket({ symbol: 'ETH-USDT', instrument: 'perpetual', signal });

    expect(loopback.requests).toEqual(['/fapi/v1/exchangeInfo']);
  });
});
