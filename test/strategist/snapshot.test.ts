import { describe, expect, it } from 'vitest';
import type { BacktestInput } from '../../src/engine/backtest.ts';
import { DAY_MS, TIMEFRAMES } from '../../src/engine/bar.ts';
import { firstBarFrom, sliceCandles } from '../../src/engine/candles.ts';
import { resolvePeriods } from '../../src/engine/indicators/periods.ts';
import { openColumns } from '../../src/engine/market-columns.ts';
import { startingState } from '../../src/engine/state.ts';
import { readSnapshot, type Snapshot, type SnapshotInput, snapshotText } from '../../src/strategist/snapshot.ts';
import { openMs } from '../support/bars.ts';
import { questionsOf, sampleRun } from './sample.ts';

/** What may be known at the close of the bar that many before the last. */
function snapshotOf(input: BacktestInput, barsBeforeEnd = 1, changes: Partial<SnapshotInput> = {}): Snapshot {
  const { settings, timeframes, instrument } = input;
  const markets = input.markets.map(({ symbol, candles }) => ({
    symbol,
    columns: openColumns(candles, timeframes[0], resolvePeriods(settings)),
    bar: candles.close.length - barsBeforeEnd,
    droppedBars: 0,
  }));
  return readSnapshot({ markets, timeframes, instrument, settings, account: null, plan: null, request: null, ...changes });
}

describe('a snapshot', () => {
  it('is the same text for the same market, and other text for another', () => {
    expect(snapshotText(snapshotOf(sampleRun()))).toBe(snapshotText(snapshotOf(sampleRun())));
    expect(snapshotText(snapshotOf(sampleRun()))).not.toBe(snapshotText(snapshotOf(sampleRun({ seed: 2 }))));
  });

  it('knows nothing of what comes later', () => {
    const whole = sampleRun();
    const [market] = whole.markets;
    if (market === undefined) throw new Error('no market');
    const cut = { ...whole, markets: [{ ...market, candles: sliceCandles(market.candles, 0, market.candles.close.length - 100) }] };

    expect(snapshotText(snapshotOf(whole, 101))).toBe(snapshotText(snapshotOf(cut, 1)));
  });

  it('holds no clock: the same bars a week later are the same text', () => {
    const later = sampleRun({ startMs: openMs(0) + 37 * DAY_MS });

    expect(snapshotText(snapshotOf(later))).toBe(snapshotText(snapshotOf(sampleRun())));
    expect(snapshotText(snapshotOf(sampleRun()))).not.toMatch(/\b\d{12,}\b|20\d\d-|hour|time_ms/);
  });

  it('holds no money: ten times the cash is the same text', async () => {
    const [poor, rich] = await Promise.all([10_000, 100_000].map((initial_cash) => questionsOf(sampleRun({ settings: { initial_cash } }))));

    expect(poor?.length).toBeGreaterThan(4);
    expect(rich?.map(({ snapshot }) => snapshotText(snapshot))).toEqual(poor?.map(({ snapshot }) => snapshotText(snapshot)));
  });

  it('stays under 4 500 characters for a symbol on three timeframes, and under 45 000 for ten on five', () => {
    const one = snapshotText(snapshotOf(sampleRun()));
    const symbols = Array.from({ length: 10 }, (_, index) => `SYMBOL${index}-USD`);
    const most = snapshotText(snapshotOf(sampleRun({ symbols, timeframes: [...TIMEFRAMES.slice(1)] as ['5m'], warmUpDays: 8 })));

    expect(one.length).toBeGreaterThan(2_000);
    expect(one.length).toBeLessThan(4_500);
    expect(most.length).toBeLessThan(45_000);
  });

  it('shows a position in R and the bars since its entry', () => {
    const input = sampleRun();
    const bars = input.markets[0]?.candles.close.length ?? 0;
    const state = startingState(10_000, 1, 3);
    const position = {
      direction: -1,
      quantity: 3,
      entryPrice: 100,
      entryOpenPrice: 100,
      entryTimeMs: 0,
      entryBar: bars - 13,
      origin: { id: 'btc-short', grade: 'A', timeframe: '5m', exit: null },
      stop: 104,
      target: 92,
      riskPerUnit: 4,
      margin: 300,
      bankruptcyPrice: 200,
      liquidationPrice: null,
      liquidationPrices: [],
      entryFee: 0,
      fundingPaid: 0,
      worstPrice: 101,
    } as const;
    Object.assign(state.symbols[0] ?? {}, { mark: 98, position });

    const { symbols } = snapshotOf(input, 1, { account: state });

    expect(symbols[0]?.position).toEqual({
      side: 'short',
      trigger_id: 'btc-short',
      unrealised_r: 0.5,
      to_stop_r: 1.5,
      to_target_r: 1.5,
      bars_held: 12,
    });
  });

  it('says null of what is not known yet', () => {
    const { symbols, account } = snapshotOf(sampleRun(), 7 * 288 - 2);

    expect(symbols[0]?.frames.map(({ timeframe, close, indicators }) => [timeframe, close === null, indicators.sma_long])).toEqual([
      ['5m', false, null],
      ['15m', false, null],
      ['1h', true, null],
    ]);
    expect(account.day_return_pct).toBeNull();
    expect(snapshotOf(sampleRun(), 7 * 288 + 1).symbols[0]?.frames[0]?.close, 'before the first bar').toBeNull();
  });

  it('finds support below the close and resistance above it, nearest first', () => {
    const { symbols } = snapshotOf(sampleRun());
    const close = symbols[0]?.frames[0]?.close ?? Number.NaN;
    const { support = [], resistance = [] } = symbols[0]?.levels ?? {};

    expect(support.length * resistance.length).toBeGreaterThan(0);
    expect(support).toEqual(support.filter((price) => price < close).toSorted((one, other) => other - one));
    expect(resistance).toEqual(resistance.filter((price) => price > close).toSorted((one, other) => one - other));
  });

  it('measures the fall of the equity from the highest of the whole run, also at the close that asks', async () => {
    const questions = await questionsOf(
      sampleRun({ days: 6, movePct: 2, settings: { drawdown_replan_enabled: true, drawdown_threshold_pct: 1 } }),
    );

    const falls = questions.map(({ snapshot }) => [snapshot.asked_because.trigger, snapshot.account.below_peak_pct] as const);
    const ofDrawdowns = falls.filter(([trigger]) => trigger === 'drawdown').map(([, pct]) => pct ?? 0);
    expect(ofDrawdowns.length).toBeGreaterThan(1);
    expect(Math.min(...ofDrawdowns)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...ofDrawdowns), 'a second fall adds to the first').toBeGreaterThan(2);
    expect(falls.every(([, pct]) => pct === null || pct >= 0)).toBe(true);
  });

  it('starts at the last bar before the run', async () => {
    const input = sampleRun();
    const [first] = await questionsOf(input);
    const candles = input.markets[0]?.candles;
    if (candles === undefined) throw new Error('no market');

    expect(first?.snapshot.symbols[0]?.frames[0]?.close).toBeCloseTo(candles.close[firstBarFrom(candles, input.startMs ?? 0) - 1] ?? 0, 3);
    expect(first?.snapshot.asked_because).toEqual({ trigger: 'first_plan', symbol: null });
  });
});
