import { describe, expect, it } from 'vitest';
import { chooseMarket, parseMarkets, refuseMarket } from '../../../src/market/exchange/ccxt-symbol.ts';

const spot = (base: string, quote: string) => ({ symbol: `${base}/${quote}`, base, quote, spot: true, swap: false });
const swap = (base: string, quote: string, settle: string, changes: object = {}) => ({
  symbol: `${base}/${quote}:${settle}`,
  base,
  quote,
  settle,
  spot: false,
  swap: true,
  linear: settle !== base,
  ...changes,
});
const wanted = (symbol: string, instrument: 'perpetual' | 'spot' = 'perpetual') => ({ symbol, instrument, exchangeName: 'Bybit' });

describe('chooseMarket', () => {
  const markets = parseMarkets([
    spot('BTC', 'USD'),
    spot('BTC', 'USDT'),
    swap('BTC', 'USD', 'BTC'),
    swap('BTC', 'USDT', 'USDC'),
    swap('BTC', 'USDT', 'USDT'),
    swap('ETH', 'USDT', 'USDT', { active: false }),
    swap('kPEPE', 'USDC', 'USDC'),
    { symbol: 'odd', base: undefined },
  ]);

  it.each([
    ['BTC-USDT', 'perpetual', 'BTC/USDT:USDT', 'Bybit perpetual BTC/USDT:USDT'],
    ['BTC-USDT', 'spot', 'BTC/USDT', 'Bybit spot BTC/USDT'],
    ['BTC-USD', 'perpetual', 'BTC/USD', 'Bybit spot BTC/USD, standing in for the perpetual that Bybit does not list'],
    ['ETH-USDT', 'perpetual', 'ETH/USDT:USDT', 'Bybit perpetual ETH/USDT:USDT (closed for trading)'],
    ['KPEPE-USDC', 'perpetual', 'kPEPE/USDC:USDC', 'Bybit perpetual kPEPE/USDC:USDC'],
  ] as const)('reads %s %s as %s', (symbol, instrument, ccxtSymbol, description) => {
    expect(chooseMarket(markets, wanted(symbol, instrument))).toMatchObject({ symbol, ccxtSymbol, description });
  });

  it('never takes a perpetual for spot', () => {
    expect(chooseMarket(markets, wanted('ETH-USDT', 'spot'))).toBeNull();
  });

  it('names the markets of the same base when it refuses', () => {
    expect(refuseMarket(markets, wanted('BTC-EUR')).message).toBe(
      'Bybit lists no perpetual market BTC-EUR. The nearest it has: BTC-USD, BTC-USDT.',
    );
  });
});
