import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import type { RunResult } from '../../src/engine/result.ts';
import {
  barsFromCloses,
  barsFromRows,
  inputOf,
  openMs,
  planWith,
  runRows,
  START_MS,
  SYMBOL,
  settingsWith,
  still,
  triggerWith,
} from '../support/bars.ts';

describe('a backtest', () => {
  it('costs more with higher fees when the trades stay as they are', () => {
    const rows = [still(100, 1), still(100), [100, 112, 99, 111] as const, still(108, 2), still(107)];
    const finalAt = (taker_fee_pct: number, slippage_pct: number) =>
      runRows(rows, { triggers: [triggerWith({ exit: 'volume == 2' })], settings: { taker_fee_pct, slippage_pct } }).summary.final_equity;

    const finals = [finalAt(0, 0), finalAt(0.05, 0), finalAt(0.05, 0.02), finalAt(0.5, 0.02), finalAt(2, 2)];
    expect([...finals].sort((one, other) => other - one)).toEqual(finals);
    expect(new Set(finals).size).toBe(finals.length);
  });
});

describe('the hashes', () => {
  const RISING = triggerWith({ entry: 'close > 100' });
  const run = (changes: Partial<BacktestInput> = {}): RunResult =>
    backtest({ ...inputOf({ bars: { [SYMBOL]: barsFromCloses([100, 101, 102]) }, triggers: [RISING] }), ...changes });

  it('of input and result are SHA-256 and do not depend on where the bars came from', () => {
    expect(run().input_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(run().result_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(run({ source: 'elsewhere', simulated: true }).input_hash).toBe(run().input_hash);
  });

  it('change with a setting, a bar, the plan, the exchange and the start', () => {
    const markets = [{ symbol: SYMBOL, candles: candlesFromBars(barsFromCloses([100, 101, 103])), funding: null }];
    const hashes = [
      run(),
      run({ settings: settingsWith({ min_hold_bars: 1 }) }),
      run({ markets }),
      run({ plan: planWith([RISING], { rationale: 'Another.' }) }),
      run({ exchange: 'okx' }),
      run({ startMs: openMs(1) }),
    ].map(({ input_hash }) => input_hash);

    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('a backtest that cannot be', () => {
  const bars = { [SYMBOL]: barsFromRows([still(100, 1), still(100)]) };

  it('is refused with leverage on spot', () => {
    const input = (pct: number) => inputOf({ bars, settings: { max_portfolio_exposure_pct: pct }, input: { instrument: 'spot' } });

    expect(() => backtest(input(101))).toThrow(/max_portfolio_exposure_pct 101/);
    expect(() => backtest(input(100))).not.toThrow();
  });

  it('is refused without a symbol, and with one that has no bars', () => {
    expect(() => backtest(inputOf({ bars: {} }))).toThrow(Refusal);
    expect(() => backtest(inputOf({ bars: { ...bars, 'ETH-USD': [] } }))).toThrow(/ETH-USD/);
  });

  it('is refused when its start leaves nothing to trade', () => {
    expect(() => backtest(inputOf({ bars, input: { startMs: openMs(9) } }))).toThrow(Refusal);
  });
});

describe('what a result says about its data', () => {
  it('lists the gaps, the warm-up and what is assumed', () => {
    const { data, remarks } = backtest(
      inputOf({
        bars: {
          'BTC-USD': barsFromRows([still(100), still(100), still(100), null, null, still(100)]),
          'DOGE-USD': barsFromRows([null, still(1), still(1), still(1), still(1)]),
        },
        settings: { margin_model: 'venue' },
        input: { exchange: 'coinbase', startMs: openMs(2) },
      }),
    );

    expect(data).toEqual({
      source: 'test',
      simulated: false,
      symbols: ['BTC-USD', 'DOGE-USD'],
      timeframe: '5m',
      timeframes: ['5m'],
      instrument: 'perpetual',
      exchange: 'coinbase',
      start: openMs(2),
      end: openMs(6),
      bars: 2 + 3,
      gaps: [{ symbol: 'BTC-USD', from: openMs(3), to: openMs(5), missing_bars: 2 }],
      warm_up_bars: 1,
      warm_up_bars_wanted: 0,
      funding_not_charged: ['BTC-USD', 'DOGE-USD'],
      margin_models: [expect.stringContaining('BTC 1 % + 0.005 % per BTC'), 'coinbase: DOGE assumed 2 %'],
      margin_assumed: ['DOGE-USD'],
    });
    expect(remarks).toEqual([expect.stringContaining('funding not charged'), expect.stringMatching(/margin assumed.*DOGE-USD/)]);
  });

  it('says when another margin model would have liquidated more or less', () => {
    const run = (low: number) =>
      runRows([still(100, 1), still(100), [100, 100, low, 100]], {
        triggers: [triggerWith({ stop: { kind: 'pct', pct: 60 } })],
        settings: { max_portfolio_exposure_pct: 200, margin_model: 'flat' },
        funding: { 'BTC-USD': { timeMs: new Float64Array(0), rate: new Float64Array(0) } },
      }).remarks;

    expect(run(80), 'flat liquidates at 50.5, half_initial at 75').toEqual([]);
    expect(run(70)).toEqual([expect.stringContaining('half_initial')]);
    expect(run(50)).toEqual([]);
  });

  it('reports the dropped triggers with the plan', () => {
    const { plans, remarks } = runRows([still(100, 1), still(100)], { triggers: [triggerWith(), triggerWith({ id: 'bad', grade: 'D' })] });

    expect(plans).toEqual([
      expect.objectContaining({
        from: START_MS,
        dropped: [{ id: 'bad', reason: expect.stringContaining('grade') }],
        hash: expect.any(String),
      }),
    ]);
    expect(remarks[0]).toMatch(/bad dropped/);
  });

  it('asks for as much warm-up as makes every column known at the first decision', () => {
    for (const startIndex of [31, 32, 33, 40]) {
      const bars = barsFromRows(Array.from({ length: 60 }, (_, index) => [100, 101 + (index % 3), 99, 100 + (index % 2), 1] as const));
      const run = {
        triggers: [triggerWith({ entry: 'sma_short@15m[1] > 0 and volume == 1' })],
        settings: { indicator_mode: 'custom', custom_indicator_periods: { sma_short: 3 } },
      } as const;
      const whole = inputOf({ bars: { [SYMBOL]: bars }, ...run, input: { timeframes: ['5m', '15m'], startMs: openMs(startIndex) } });
      const wanted = backtest(whole).data.warm_up_bars_wanted;
      const entryWith = (warmUpBars: number) => {
        const candles = candlesFromBars(bars.slice(startIndex - warmUpBars));
        const result = backtest({ ...whole, markets: [{ symbol: SYMBOL, candles, funding: null }] });
        return [...result.trades, ...result.open_positions][0]?.entry_time;
      };

      expect(entryWith(wanted), `start at bar ${startIndex}, ${wanted} bars before`).toBe(openMs(startIndex + 1));
      expect(entryWith(wanted - 3), 'one higher bar less').not.toBe(openMs(startIndex + 1));
    }
  });
});
