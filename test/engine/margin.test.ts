import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARGIN_MODEL_NAMES, type MarginModelName, marginModel } from '../../src/engine/margin.ts';
import { MARGIN_EXCHANGES, MARGIN_TABLES } from '../../src/engine/margin-tables.ts';

type Position = { readonly side: 1 | -1; readonly entryPrice: number; readonly quantity: number };

const LONG = { side: 1, entryPrice: 60_000, quantity: 0.5 } as const;
const SHORT = { ...LONG, side: -1 } as const;

function priceUnder(model: MarginModelName, exchange: string, symbol: string, leverage: number, position: Position): number | null {
  return marginModel(model, exchange, symbol, leverage).liquidationPrice(position);
}

/** The closed form of section 8 where the rate applies to the notional at the mark, with a margin given as money. */
function onMark(
  { side, entryPrice, quantity }: Position,
  terms: { margin: number; rate: number; deduction?: number; fee?: number },
): number {
  const { margin, rate, deduction = 0, fee = 0 } = terms;
  return (entryPrice - (side * (margin + deduction)) / quantity) / (1 - side * (rate + fee));
}

/** The closed form where the rate applies to the entry value. */
function onEntry({ side, entryPrice }: Position, leverage: number, rate: number): number {
  return entryPrice * (1 - side * (1 / leverage - rate));
}

describe('the flat model', () => {
  it('is 0.5 % of the entry value', () => {
    expect(priceUnder('flat', 'coinbase', 'BTC-USD', 5, LONG)).toBeCloseTo(60_000 * (1 - 0.2 + 0.005), 8);
    expect(priceUnder('flat', 'coinbase', 'BTC-USD', 5, SHORT)).toBeCloseTo(60_000 * (1 + 0.2 - 0.005), 8);
    expect(priceUnder('flat', 'coinbase', 'BTC-USD', 1, SHORT)).toBeCloseTo(60_000 * (2 - 0.005), 8);
  });

  it('assumes nothing about the symbol', () => {
    expect(marginModel('flat', 'nowhere', 'DOGE-USD', 5).assumed).toBe(false);
  });
});

describe('the half_initial model', () => {
  it('is half of the initial margin, on the entry value', () => {
    expect(priceUnder('half_initial', 'coinbase', 'BTC-USD', 5, LONG)).toBeCloseTo(60_000 * (1 - 0.2 + 0.1), 8);
    expect(priceUnder('half_initial', 'coinbase', 'BTC-USD', 5, SHORT)).toBeCloseTo(60_000 * (1 + 0.2 - 0.1), 8);
    expect(priceUnder('half_initial', 'coinbase', 'BTC-USD', 1, SHORT)).toBeCloseTo(60_000 * 1.5, 8);
  });
});

describe('the venue model', () => {
  it('of coinbase grows with the quantity at entry, at the mark', () => {
    const rate = 0.01 + 0.00005 * 0.5;

    expect(priceUnder('venue', 'coinbase', 'BTC-USD', 5, LONG)).toBeCloseTo((60_000 * 0.8) / (1 - rate), 8);
    expect(priceUnder('venue', 'coinbase', 'BTC-USD', 5, SHORT)).toBeCloseTo((60_000 * 1.2) / (1 + rate), 8);
    const sol = { side: 1, entryPrice: 150, quantity: 400 } as const;
    expect(priceUnder('venue', 'coinbase', 'SOL-USD', 3, sol)).toBeCloseTo((150 * (1 - 1 / 3)) / (1 - 0.02 - 0.000005 * 400), 8);
  });

  it('assumes 2 % where the venue lists no rate, and says so', () => {
    const eth = { side: 1, entryPrice: 3_000, quantity: 1 } as const;

    for (const exchange of [...MARGIN_EXCHANGES, 'kraken']) {
      const model = marginModel('venue', exchange, 'ETH-USD', 4);
      expect(model.assumed, exchange).toBe(true);
      expect(model.description).toMatch(/assumed 2 %/);
    }
    expect(priceUnder('venue', 'coinbase', 'ETH-USD', 4, eth)).toBeCloseTo((3_000 * 0.75) / 0.98, 8);
    expect(marginModel('venue', 'coinbase', 'BTC-USD', 4)).toMatchObject({ assumed: false });
  });

  it('looks a tier up by the notional, never by the margin behind it', () => {
    const at = (notional: number) => ({ side: 1, entryPrice: 50_000, quantity: notional / 50_000 }) as const;
    const expected = (notional: number, rate: number, deduction: number) => onMark(at(notional), { margin: notional / 5, rate, deduction });

    expect(priceUnder('venue', 'binanceusdm', 'BTC-USDT', 5, at(50_000))).toBeCloseTo(expected(50_000, 0.004, 0), 6);
    expect(priceUnder('venue', 'binanceusdm', 'BTC-USDT', 5, at(50_001))).toBeCloseTo(expected(50_001, 0.005, 50), 6);
    expect(priceUnder('venue', 'binanceusdm', 'BTC-USDT', 5, at(600_000))).toBeCloseTo(expected(600_000, 0.005, 50), 6);
    expect(priceUnder('venue', 'binanceusdm', 'BTC-USDT', 5, at(1_000_000))).toBeCloseTo(expected(1_000_000, 0.0065, 950), 6);
    expect(priceUnder('venue', 'binanceusdm', 'BTC-USDT', 5, at(12_000_000))).toBeCloseTo(expected(12_000_000, 0.01, 11_450), 6);
    expect(priceUnder('venue', 'binanceusdm', 'BTC-USDT', 5, at(12_000_001)), 'above the last published tier').toBeNaN();
  });

  it('of okx adds the taker fee to the rate', () => {
    expect(priceUnder('venue', 'okx', 'BTC-USDT', 5, LONG)).toBeCloseTo((60_000 * 0.8) / (1 - 0.004 - 0.0005), 8);
    expect(priceUnder('venue', 'okx', 'BTC-USDT', 5, SHORT)).toBeCloseTo((60_000 * 1.2) / (1 + 0.004 + 0.0005), 8);
  });

  it('of hyperliquid asks half of 1/40 to 150 million, and no more for the first part of what is above', () => {
    const large = { side: 1, entryPrice: 60_000, quantity: 5_000 } as const;

    expect(priceUnder('venue', 'hyperliquid', 'BTC-USD', 5, LONG)).toBeCloseTo((60_000 * 0.8) / (1 - 1 / 80), 8);
    expect(priceUnder('venue', 'hyperliquid', 'BTC-USD', 5, large)).toBeCloseTo(
      onMark(large, { margin: 300e6 / 5, rate: 1 / 40, deduction: 150e6 * (1 / 40 - 1 / 80) }),
      6,
    );
  });

  it('has tiers whose maintenance margin does not jump at a bound', () => {
    for (const [exchange, { tiers }] of Object.entries(MARGIN_TABLES)) {
      for (const rows of Object.values(tiers)) {
        rows.slice(1).forEach((tier, index) => {
          const below = rows[index];
          if (below === undefined) return;
          const bound = below.upToNotional;
          expect(bound * tier.rate - tier.deduction, `${exchange} at ${bound}`).toBeCloseTo(bound * below.rate - below.deduction, 6);
        });
      }
    }
  });

  it('stands beside the others at 5× long from 60 000 as the venues’ notes have it', () => {
    const whole = { side: 1, entryPrice: 60_000, quantity: 0.1 } as const;
    const rounded = (model: MarginModelName, exchange: string) => Math.round(priceUnder(model, exchange, 'BTC-USD', 5, whole) ?? 0);

    expect({
      flat: rounded('flat', 'coinbase'),
      half_initial: rounded('half_initial', 'coinbase'),
      coinbase: rounded('venue', 'coinbase'),
      hyperliquid: rounded('venue', 'hyperliquid'),
      binanceusdm: rounded('venue', 'binanceusdm'),
      bybit: rounded('venue', 'bybit'),
      okx: rounded('venue', 'okx'),
    }).toEqual({
      flat: 48_300,
      half_initial: 54_000,
      coinbase: 48_485,
      hyperliquid: 48_608,
      binanceusdm: 48_193,
      bybit: 48_300,
      okx: 48_217,
    });
  });
});

describe('every model', () => {
  it('never liquidates a long at leverage 1', () => {
    for (const model of MARGIN_MODEL_NAMES) {
      for (const exchange of MARGIN_EXCHANGES) expect(priceUnder(model, exchange, 'BTC-USD', 1, LONG), `${model} ${exchange}`).toBeNull();
    }
  });

  it('gives no price where that would lie on the wrong side of the entry', () => {
    const huge = { entryPrice: 100, quantity: 5_000 } as const;

    expect(priceUnder('venue', 'coinbase', 'BTC-USD', 5, { ...huge, side: 1 }), '1 % + 0.005 % × 5 000 is 26 %').toBeNaN();
    expect(priceUnder('venue', 'coinbase', 'BTC-USD', 5, { ...huge, side: -1 })).toBeNaN();
    expect(priceUnder('flat', 'coinbase', 'BTC-USD', 200, LONG), '1/200 − 0.5 % is nothing').toBeNaN();
    expect(priceUnder('flat', 'coinbase', 'BTC-USD', 200, SHORT)).toBeNaN();
  });

  it('never moves the price further away from the same entry as leverage grows', () => {
    let seen = 0;
    fc.assert(
      fc.property(
        fc.record({
          model: fc.constantFrom(...MARGIN_MODEL_NAMES),
          exchange: fc.constantFrom(...MARGIN_EXCHANGES),
          symbol: fc.constantFrom('BTC-USD', 'SOL-USD', 'ETH-USD'),
          side: fc.constantFrom<1 | -1>(1, -1),
          entryPrice: fc.double({ min: 0.01, max: 200_000, noNaN: true }),
          quantity: fc.double({ min: 1e-4, max: 500, noNaN: true }),
          low: fc.double({ min: 1, max: 5, noNaN: true }),
          more: fc.double({ min: 0, max: 5, noNaN: true }),
        }),
        ({ model, exchange, symbol, low, more, ...position }) => {
          const far = priceUnder(model, exchange, symbol, low, position);
          const near = priceUnder(model, exchange, symbol, low + more, position);
          if (far === null || near === null || Number.isNaN(far) || Number.isNaN(near)) return;
          seen++;
          expect(position.side * near).toBeGreaterThanOrEqual(position.side * far - 1e-9 * position.entryPrice);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(200);
  });
});

describe('examples the venues publish', () => {
  it('Bybit, isolated USDT contract: help.bybit.com/hc/en-us/articles/900000181046, read 2026-11', () => {
    const long = { side: 1, entryPrice: 10_000, quantity: 1 } as const;
    const short = { side: -1, entryPrice: 8_000, quantity: 1 } as const;

    expect(priceUnder('venue', 'bybit', 'BTC-USDT', 50, long), 'long 1 BTC at 10 000, 50×, 0.5 %').toBeCloseTo(9_850, 8);
    expect(priceUnder('venue', 'bybit', 'BTC-USDT', 40, short), 'short 1 BTC at 8 000, 40×, 0.5 %').toBeCloseTo(8_160, 8);
    expect(priceUnder('flat', 'anywhere', 'BTC-USDT', 50, long), 'flat is the same formula').toBeCloseTo(9_850, 8);
  });

  it('Deribit, linear perpetuals, whose gateway coinbase is: support.deribit.com/hc/en-us/articles/25944738177565, read 2026-11', () => {
    // Published: the maintenance margin in USDC of so many coins at such a price. At the liquidation price what is left is that rate.
    const examples = [
      { symbol: 'BTC-USD', entryPrice: 100_000, quantity: 25, maintenance: 28_125 },
      { symbol: 'SOL-USD', entryPrice: 200, quantity: 25, maintenance: 100.625 },
    ] as const;
    for (const { symbol, entryPrice, quantity, maintenance } of examples) {
      const rate = maintenance / (entryPrice * quantity);
      for (const side of [1, -1] as const) {
        const price = priceUnder('venue', 'coinbase', symbol, 5, { side, entryPrice, quantity }) ?? Number.NaN;
        const left = (entryPrice * quantity) / 5 + side * quantity * (price - entryPrice);
        expect(left / (price * quantity), `${symbol} ${side}`).toBeCloseTo(rate, 12);
      }
    }
  });

  /**
   * From www.binance.com/en/support/faq/b3c689c1f50a44cabb3a84e663b81d93 (of 2020-08; the numbers as freqtrade keeps them in
   * tests/exchange/test_binance.py). The tiers are those of ETHUSDT and of 2020 and the margin is a wallet's, so no table of
   * ours can say it: this checks the closed form.
   */
  it('Binance USDⓈ-M: the closed form with its tier deduction', () => {
    const eth = { side: 1, entryPrice: 1_456.84, quantity: 3_683.979 } as const;
    const btc = { side: 1, entryPrice: 32_481.98, quantity: 109.488 } as const;
    const wallet = 1_535_443.01;

    expect(onMark(eth, { margin: wallet, rate: 0.1, deduction: 135_365 })).toBeCloseTo(1_114.78, 2);
    expect(onMark(btc, { margin: wallet, rate: 0.025, deduction: 16_300 })).toBeCloseTo(18_778.73, 2);
    expect(onMark(eth, { margin: wallet - 71_200.81144 - 56_354.57, rate: 0.1, deduction: 135_365 }), 'cross: other positions').toBeCloseTo(
      1_153.26,
      2,
    );
    expect(onMark(btc, { margin: wallet - 356_512.508 - 448_192.89, rate: 0.025, deduction: 16_300 })).toBeCloseTo(26_316.89, 2);
  });

  /**
   * Positions as Hyperliquid's own API reported them in 2024, kept by freqtrade in tests/exchange/test_hyperliquid.py at 3b1fb5a. BTC had
   * 50× then, so m = 1 %, not the 1.25 % of today's table; the margin is what was left of notional / leverage after fees and funding.
   */
  it('Hyperliquid: the closed form on live positions', () => {
    const positions = [
      { side: 1, entryPrice: 66_930, quantity: 0.0015, margin: 20.043862, maxLeverage: 50, reported: 54_108.51043771 },
      { side: 1, entryPrice: 67_033, quantity: 0.00121, margin: 20.251817, maxLeverage: 50, reported: 50_804.00091827 },
      { side: -1, entryPrice: 68_139, quantity: 0.00145, margin: 19.72573, maxLeverage: 50, reported: 80_933.61590987 },
      { side: -1, entryPrice: 67_400, quantity: 0.00031, margin: 20.887308, maxLeverage: 50, reported: 133_443.97317151 },
      { side: 1, entryPrice: 173.06, quantity: 0.6, margin: 20.735658, maxLeverage: 20, reported: 142.05186667 },
      { side: -1, entryPrice: 163.11, quantity: 0.48, margin: 15.650731, maxLeverage: 20, reported: 190.94213618 },
    ] as const;

    for (const { margin, maxLeverage, reported, ...position } of positions) {
      expect(onMark(position, { margin, rate: 0.5 / maxLeverage }) / reported).toBeCloseTo(1, 4);
    }
  });

  it('MEXC, whose rate is 0.4 % of the entry value: blog.mexc.fm/liquidation-in-futures-2, read 2026-11', () => {
    expect(onEntry({ side: 1, entryPrice: 50_000, quantity: 0.1 }, 25, 0.004)).toBeCloseTo(48_200, 8);
  });

  it('KuCoin, whose rate was 0.4 % of the entry value: www.kucoin.com/support/4408061803033, read 2026-11', () => {
    expect(onEntry({ side: -1, entryPrice: 28_000, quantity: 0.005 }, 100, 0.004)).toBeCloseTo(28_168, 8);
  });

  it('Phemex, 1 % and a taker fee of 0.06 % at the mark: phemex.com/help-center/liq-price-for-USDTM, read 2026-11', () => {
    const position = { side: 1, entryPrice: 0.4, quantity: 500 } as const;
    const margin = 200 / 5 + (200 - 200 / 5) * 0.0006;

    expect(onMark(position, { margin, rate: 0.01, fee: 0.0006 })).toBeCloseTo(0.3232, 4);
  });
});
