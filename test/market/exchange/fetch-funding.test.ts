import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/engine/refusal.ts';
import { fetchFunding } from '../../../src/market/exchange/fetch-funding.ts';
import { simulateFunding } from '../../../src/market/simulated.ts';
import { MONTH, NOW_MS, type Setup, withExchange } from './with-exchange.ts';

const signal = new AbortController().signal;
const funding = simulateFunding({ symbol: 'BTC-USDT', startMs: MONTH.startMs, endMs: NOW_MS, seed: 7 });

const fetchMonth = ({ exchange, market }: Setup, endMs = MONTH.endMs) =>
  fetchFunding({ exchange, market, startMs: MONTH.startMs, endMs, signal });

describe('fetchFunding', () => {
  it('gives the rates of a month, at the minute they are due', async () => {
    const setup = await withExchange('binanceusdm', { funding });

    const rates = await fetchMonth(setup);

    const count = funding.timeMs.filter((timeMs) => timeMs < MONTH.endMs).length;
    expect(count).toBe(90);
    expect(rates).toEqual({ timeMs: funding.timeMs.slice(0, count), rate: funding.rate.slice(0, count) });
  });

  it('loses none while the exchange fails now and then', async () => {
    const setup = await withExchange('binanceusdm', { funding });
    let asked = 0;
    setup.loopback.failOthers(() => (asked++ % 3 === 0 ? { kind: 'truncated' } : null));

    expect(await fetchMonth(setup, NOW_MS)).toEqual(funding);
    expect(setup.waitsMs.length).toBeGreaterThan(1);
  });

  it('is none where the exchange had none in the range', async () => {
    const setup = await withExchange('binanceusdm');

    expect(await fetchMonth(setup)).toEqual({ timeMs: new Float64Array(), rate: new Float64Array() });
  });

  it('is null for a spot market', async () => {
    expect(await fetchMonth(await withExchange('coinbase'))).toBeNull();
  });

  it('is null when the exchange gives only its newest rates', async () => {
    const newest = { timeMs: funding.timeMs.slice(-5), rate: funding.rate.slice(-5) };
    const setup = await withExchange('binanceusdm', { funding: newest });
    const { readFunding } = setup.exchange;
    if (readFunding === null) throw new Error('Binance has funding');
    const exchange = {
      ...setup.exchange,
      readFunding: (request: Parameters<typeof readFunding>[0]) => readFunding({ ...request, untilMs: null }),
    };

    expect(await fetchMonth({ ...setup, exchange })).toBeNull();
  });

  it('refuses a rate that is no fraction, and names its time', async () => {
    const rate = funding.rate.map((own, row) => (row === 4 ? 1.5 : own));
    const setup = await withExchange('binanceusdm', { funding: { timeMs: funding.timeMs, rate } });

    await expect(fetchMonth(setup)).rejects.toThrow(Refusal);
    await expect(fetchMonth(setup)).rejects.toThrow(
      /^Binance USDⓈ-M's BTC-USDT has a bad funding rate at 2025-03-02T08:00:00Z: 1\.5; wanted/,
    );
  });
});
