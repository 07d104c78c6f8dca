import { describe, expect, it } from 'vitest';
import { type BacktestAsk, NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import type { RequestContext } from '../../src/commands/command.ts';
import { DAY_MS, HOUR_MS } from '../../src/engine/bar.ts';
import { type GuildView, NOTHING_SET } from '../../src/engine/guild-view.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { runSpecSchema } from '../../src/engine/run-spec.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

const NOW_MS = Date.UTC(2025, 9, 10, 12, 30);
const context: RequestContext = {
  requestedAtMs: NOW_MS,
  guild: NOTHING_SET,
  strategyIds: ['aggressive_active', 'calm_trend'],
  exchange: 'coinbase',
};
const files = { candles: { 'BTC-USD': 'csv:a', 'SOL-USD': 'csv:b' }, funding: {} };

const resolve = (asked: Partial<BacktestAsk>, known: Partial<RequestContext> = {}) =>
  resolveBacktestRequest({ ...NOTHING_ASKED, ...asked }, { ...context, ...known });

function refusalOf(asked: Partial<BacktestAsk>): string {
  try {
    return `not refused: ${JSON.stringify(resolve(asked))}`;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

describe('resolveBacktestRequest', () => {
  it('is the conservative preset with all defaults when nothing is asked', () => {
    expect(resolve({})).toEqual({
      preset: 'conservative',
      symbols: ['BTC-USD'],
      timeframes: ['1h', '4h', '1d'],
      window: { kind: 'days', days: 30 },
      candleSource: { kind: 'best', seed: 1 },
      instrument: 'perpetual',
      exchange: 'coinbase',
      settings: DEFAULT_SETTINGS,
      strategyId: 'aggressive_active',
      plan: null,
      requestedAtMs: NOW_MS,
    });
  });

  it.each<Partial<BacktestAsk>>([
    { seed: 1 },
    { seed: 2, preset: 'scalper-15m', symbols: 'sol-usd', days: 7, leverage: 5, setText: 'min_hold_bars=3' },
    { seed: 3, plan: { triggers: [] }, instrument: 'spot', start: '2025-10-01' },
    { files, timeframes: '1m' },
  ])('is a run spec that its own schema takes as it is: %j', (asked) => {
    const spec = resolve(asked);

    expect(runSpecSchema.parse(structuredClone(spec))).toEqual(spec);
  });

  it('lays defaults, guild settings, preset, options and set over each other', () => {
    const by = { setBy: 'ana', setAtMs: 0 };
    const set: GuildView['set'] = new Map([
      ['taker_fee_pct', { value: 0.05, ...by }],
      ['min_hold_bars', { value: 9, ...by }],
      ['trade_cooldown_bars', { value: 5, ...by }],
    ]);

    const { settings } = resolve({ preset: 'scalper-5m', cash: 500, setText: 'trade_cooldown_bars=3' }, { guild: { ...NOTHING_SET, set } });

    expect(settings).toMatchObject({
      max_trades_per_day: 10,
      taker_fee_pct: 0.05,
      min_hold_bars: 1,
      initial_cash: 500,
      trade_cooldown_bars: 3,
      indicator_mode: 'short_term',
    });
  });

  it.each([
    [{ leverage: 3 }, { max_portfolio_exposure_pct: 300 }],
    [{ leverage: '1.1' }, { max_portfolio_exposure_pct: 110 }],
    [{ leverage: 1 }, { max_portfolio_exposure_pct: 100 }],
    [{ leverage: 0.5, setText: 'max_portfolio_exposure_pct=50' }, { max_portfolio_exposure_pct: 50 }],
    [{ whipsaw: 'disabled' }, { min_hold_bars: 0, trade_cooldown_bars: 0, confidence_override_threshold: null }],
    [
      { whipsaw: 'custom', setText: 'min_hold_bars=7' },
      { min_hold_bars: 7, trade_cooldown_bars: 2 },
    ],
    [
      { whipsaw: 'moderate', setText: 'min_hold_bars=2' },
      { min_hold_bars: 2, confidence_override_threshold: 'B' },
    ],
    [{ indicatorMode: 'custom', setText: 'custom_indicator_periods=rsi:7,atr:10' }, { custom_indicator_periods: { rsi: 7, atr: 10 } }],
    [{ overrides: { slippage_pct: 0 } }, { slippage_pct: 0 }],
  ] as const)('turns %j into %j', (asked, expected) => {
    expect(resolve(asked).settings).toMatchObject(expected);
  });

  it.each([
    ['BTC-USD, ETH-USD', ['BTC-USD', 'ETH-USD']],
    ['btc-usd eth-usd', ['BTC-USD', 'ETH-USD']],
    [' sol-usd ,', ['SOL-USD']],
  ])('reads the symbols %j', (symbols, expected) => {
    expect(resolve({ symbols }).symbols).toEqual(expected);
  });

  it.each([
    [{ timeframe: '1m' }, ['1m', '5m', '15m']],
    [{ timeframe: '4h' }, ['4h', '1d']],
    [{ timeframe: '1d' }, ['1d']],
    [{ timeframes: '1m' }, ['1m']],
    [{ timeframes: '5m, 1h 1d' }, ['5m', '1h', '1d']],
  ])('reads the timeframes of %j', (asked, expected) => {
    expect(resolve(asked).timeframes).toEqual(expected);
  });

  it.each([
    [{ days: 7 }, { kind: 'days', days: 7 }],
    [{ days: '1500' }, { kind: 'days', days: 1500 }],
    [{ start: '2025-10-01' }, { kind: 'range', startMs: Date.UTC(2025, 9, 1), endMs: null }],
    [
      { start: '2025-10-01T12:00', end: '2025-10-01T13:00Z' },
      { kind: 'range', startMs: Date.UTC(2025, 9, 1, 12), endMs: Date.UTC(2025, 9, 1, 13) },
    ],
    [
      { end: '2025-10-08', days: 7 },
      { kind: 'range', startMs: Date.UTC(2025, 9, 1), endMs: Date.UTC(2025, 9, 8) },
    ],
    [{ end: '2025-10-08' }, { kind: 'range', startMs: Date.UTC(2025, 9, 8) - 30 * DAY_MS, endMs: Date.UTC(2025, 9, 8) }],
    [
      { start: '2024-02-29', end: '2024-03-01' },
      { kind: 'range', startMs: Date.UTC(2024, 1, 29), endMs: Date.UTC(2024, 2, 1) },
    ],
    [{ files }, { kind: 'whole' }],
    [
      { files, end: '2099-01-01' },
      { kind: 'range', startMs: 0, endMs: Date.UTC(2099, 0, 1) },
    ],
  ] as const)('reads the window of %j', (asked, expected) => {
    expect(resolve(asked).window).toEqual(expected);
  });

  it('keeps the range of simulated bars before the moment of the request', () => {
    const end = new Date(NOW_MS).toISOString().slice(0, 16);

    expect(resolve({ start: '2025-10-10T10:00', end }).window).toEqual({ kind: 'range', startMs: NOW_MS - 2.5 * HOUR_MS, endMs: NOW_MS });
  });

  it('runs on imported files, by default on all their symbols', () => {
    expect(resolve({ files })).toMatchObject({ symbols: ['BTC-USD', 'SOL-USD'], candleSource: { kind: 'files', ...files } });
    expect(resolve({ files, symbols: 'sol-usd' }).symbols).toEqual(['SOL-USD']);
  });

  it('takes a plan of one’s own instead of a strategy', () => {
    expect(resolve({ plan: { triggers: [] } })).toMatchObject({ strategyId: null, plan: { triggers: [] } });
    expect(resolve({ strategyId: 'calm_trend' })).toMatchObject({ strategyId: 'calm_trend', plan: null });
  });

  it.each<[Partial<BacktestAsk>, string]>([
    [
      { preset: 'scalper-6m' },
      'There is no preset "scalper-6m"; the nearest is scalper-5m (all: scalper-5m, scalper, scalper-15m, conservative)',
    ],
    [{ strategyId: 'calm_tren' }, 'There is no strategy "calm_tren"; the nearest is calm_trend (all: aggressive_active, calm_trend)'],
    [{ strategyId: 'calm_trend', plan: {} }, 'strategy calm_trend and a plan of your own are both given; keep one of the two'],
    [{ symbols: ' , ' }, 'symbols is " , "; name at least one market, e.g. BTC-USD, ETH-USD'],
    [{ symbols: 'BTC-USD,btc-usd, ETH-USD' }, 'symbols names BTC-USD twice; name each market once, e.g. BTC-USD, ETH-USD'],
    [{ symbols: 'btc/usd' }, '"btc/usd" is no market; it must be BASE-QUOTE, e.g. BTC-USD'],
    [{ symbols: 'SOL' }, '"SOL" is no market; it must be BASE-QUOTE, e.g. SOL-USD'],
    [{ symbols: '$$$' }, '"$$$" is no market; it must be BASE-QUOTE, e.g. BTC-USD'],
    [
      { symbols: 'A-U B-U C-U D-U E-U F-U G-U H-U I-U J-U K-U' },
      'symbols names 11 markets; a run trades at most 10, e.g. BTC-USD, ETH-USD',
    ],
    [{ timeframe: '6m' }, 'There is no timeframe "6m"; the nearest is 1m (all: 1m, 5m, 15m, 1h, 4h, 1d)'],
    [{ timeframe: '5m', timeframes: '5m, 1h' }, 'timeframe 5m and timeframes 5m, 1h are both given; keep one of the two'],
    [{ timeframes: '' }, 'timeframes is ""; name the base timeframe first, e.g. 5m, 15m, 1h'],
    [{ timeframes: '1h 5m' }, 'timeframes is 1h, 5m; the base comes first and is the lowest, e.g. 5m, 1h'],
    [{ timeframes: '5m 1d 1h' }, 'timeframes is 5m, 1d, 1h; the base comes first and is the lowest, e.g. 5m, 1h, 1d'],
    [{ timeframes: '5m 5m' }, 'timeframes is 5m, 5m; name each timeframe once, e.g. 5m'],
    [{ days: 0 }, 'days is 0; it must be a whole number from 1 to 1500 (days), e.g. days 30'],
    [{ days: 1501 }, 'days is 1501; it must be a whole number from 1 to 1500 (days), e.g. days 30'],
    [{ days: '2.5' }, 'days is "2.5"; it must be a whole number from 1 to 1500 (days), e.g. days 30'],
    [{ days: 'a week' }, 'days is "a week"; it must be a whole number from 1 to 1500 (days), e.g. days 30'],
    [
      { days: 7, start: '2025-10-01' },
      'days 7 and start 2025-10-01 are both given; keep start, or keep days (counted back from end, or from now)',
    ],
    [{ start: '01.10.2025' }, 'start is "01.10.2025"; it must be a UTC date or time, e.g. start 2025-10-01 or start 2025-10-01T12:00'],
    [
      { end: '2025-10-01T12:00+02:00' },
      'end is "2025-10-01T12:00+02:00"; it must be a UTC date or time, e.g. end 2025-10-01 or end 2025-10-01T12:00',
    ],
    [{ start: '2025-02-29' }, 'start is "2025-02-29", which does not exist; write a real UTC date or time, e.g. start 2025-10-01T12:00'],
    [{ start: '2025-13-01' }, 'start is "2025-13-01", which does not exist; write a real UTC date or time, e.g. start 2025-10-01T12:00'],
    [
      { end: '2025-10-01T24:00' },
      'end is "2025-10-01T24:00", which does not exist; write a real UTC date or time, e.g. end 2025-10-01T12:00',
    ],
    [{ start: '0099-01-01' }, 'start is "0099-01-01", which does not exist; write a real UTC date or time, e.g. start 2025-10-01T12:00'],
    [{ start: '1969-12-31' }, 'start is "1969-12-31"; it must be in 1970 or later, e.g. start 2025-10-01'],
    [
      { start: '2025-10-02', end: '2025-10-02' },
      'start is 2025-10-02T00:00 and end is 2025-10-02T00:00; end must be later, and no bar opens at it: put start before it',
    ],
    [
      { start: '2025-10-02', end: '2025-10-02T00:30' },
      'From 2025-10-02T00:00 to 2025-10-02T00:30 no 1h bar fits; put end at least one bar after start',
    ],
    [{ start: '2025-10-11' }, 'start is 2025-10-11T00:00, which is not past; it must be before 2025-10-10T12:30 UTC, or use days 30'],
    [
      { end: '2025-10-11' },
      'end is 2025-10-11T00:00, which is not past; it must be at or before 2025-10-10T12:30 UTC, or leave it out for the last bar',
    ],
    [
      { start: '2020-01-01', end: '2025-01-01' },
      'From 2020-01-01T00:00 to 2025-01-01T00:00 are 1827 days; at most 1500 fit in a run: move start or end',
    ],
    [{ cash: 50 }, 'cash is 50; it must be a number from 100 to 1000000000 (quote currency), e.g. cash 10000'],
    [{ cash: '10k' }, 'cash is "10k"; it must be a number from 100 to 1000000000 (quote currency), e.g. cash 10000'],
    [{ leverage: 7 }, 'leverage is 7; it must be a number from 0.5 to 5 (times the equity), e.g. leverage 3'],
    [{ leverage: '3x' }, 'leverage is "3x"; it must be a number from 0.5 to 5 (times the equity), e.g. leverage 3'],
    [
      { leverage: 3, setText: 'max_portfolio_exposure_pct=200' },
      'leverage 3 means max_portfolio_exposure_pct=300, but set means max_portfolio_exposure_pct=200; keep one of the two',
    ],
    [
      { leverage: 3, overrides: { max_portfolio_exposure_pct: 200 } },
      'leverage 3 means max_portfolio_exposure_pct=300, but the parameter’s own flag means max_portfolio_exposure_pct=200; keep one of the two',
    ],
    [{ cash: 500, setText: 'initial_cash=600' }, 'cash 500 means initial_cash=500, but set means initial_cash=600; keep one of the two'],
    [
      { whipsaw: 'disabled', setText: 'confidence_override_threshold=C' },
      'whipsaw disabled means confidence_override_threshold=null, but set means confidence_override_threshold=C; keep one of the two',
    ],
    [
      { indicatorMode: 'standard', setText: 'indicator_mode=short_term' },
      'indicator_mode means indicator_mode=standard, but set means indicator_mode=short_term; keep one of the two',
    ],
    [
      { whipsaw: 'agressive' },
      'There is no whipsaw preset "agressive"; the nearest is aggressive (all: conservative, moderate, aggressive, disabled, custom)',
    ],
    [{ instrument: 'swap' }, 'There is no instrument "swap"; the nearest is spot (all: perpetual, spot)'],
    [{ seed: -1 }, 'seed is -1; it must be a whole number from 0 to 4294967295 (names a simulated market), e.g. seed 1'],
    [{ seed: 5, files }, 'seed 5 names a simulated market, but files of candles are given; keep one of the two'],
    [{ symbols: 'ETH-USD', files }, 'There is no file of candles for ETH-USD; give one, or leave ETH-USD out of symbols'],
  ])('refuses %j', (asked, message) => {
    expect(refusalOf(asked)).toBe(message);
  });

  it.each<[Partial<BacktestAsk>, readonly string[]]>([
    [{ indicatorMode: 'fast' }, ['indicator_mode', '"fast"', 'standard, short_term, custom']],
    [{ setText: 'min_hold_bars' }, ['"min_hold_bars"', 'name=value']],
    [{ setText: 'min_hold_bar=1' }, ['"min_hold_bar"', 'min_hold_bars']],
    [{ setText: 'min_hold_bars=11' }, ['min_hold_bars', '"11"', '0 to 10']],
    [{ setText: 'min_hold_bars=1 min_hold_bars=2' }, ['min_hold_bars', 'twice', '1 and 2']],
    [{ setText: 'custom_indicator_periods=rsi:7' }, ['custom_indicator_periods', 'indicator_mode=custom']],
    [{ preset: 'scalper-5m', setText: 'custom_indicator_periods=rsi:7' }, ['custom_indicator_periods', 'short_term']],
  ])('refuses %j in the words of the parameters', (asked, words) => {
    const message = refusalOf(asked);

    for (const word of words) expect(message).toContain(word);
  });

  it('shows only the beginning of a long text that it refuses', () => {
    expect(refusalOf({ days: 'x'.repeat(6_000) })).toContain(`days is "${'x'.repeat(39)}…"; it must be`);
  });
});
