import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestChartInput, backtestChartSpec } from '../../src/charts/backtest.spec.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/engine/bar.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';
import { EXIT_REASONS } from '../../src/engine/result.ts';
import { barsFrom, START_MS, trade } from './sample.ts';

const rising = barsFrom([100, 101, 102, 103, 104, 105]);

function input(changes: Partial<BacktestChartInput>): BacktestChartInput {
  const candles = changes.candles ?? rising;
  return {
    title: '+4.2 % after fees',
    symbol: 'BTC-USD',
    timeframe: '1h',
    candles,
    trades: [],
    openPositions: [],
    equity: { timesMs: candles.openTimeMs, values: candles.openTimeMs.map((_, index) => 10_000 + index) },
    initialCash: 10_000,
    simulated: false,
    ...changes,
  };
}

type Titles = { plugins: { title: { text: string[] }; subtitle: { text: string[] } } };

/** The written parts of a configuration, as a reader sees them. */
function writing(changes: Partial<BacktestChartInput>) {
  const { config } = backtestChartSpec(input(changes));
  const { data, options } = JSON.parse(JSON.stringify(config)) as {
    data: { labels: string[]; datasets: { type: string; data: unknown[] }[] };
    options: Titles & { scales: { x: { title: { text: string } } } };
  };
  return {
    title: options.plugins.title.text.join('\n'),
    subtitle: options.plugins.subtitle.text.join('\n'),
    key: options.scales.x.title.text,
    labels: data.labels.filter((label) => label !== ''),
    bars: data.datasets.filter((dataset) => dataset.type === 'bar').map((dataset) => dataset.data),
    marks: data.datasets.filter((dataset) => dataset.type === 'scatter').map((dataset) => dataset.data.length),
  };
}

describe('backtestChartSpec', () => {
  it('draws bodies from open to close and wicks from low to high', () => {
    const { bars } = writing({ candles: barsFrom([100, 103, 101]) });

    expect(bars).toEqual([
      [
        [99, 100],
        [100, 103],
        [103, 101],
      ],
      [
        [98, 101],
        [99, 104],
        [100, 104],
      ],
    ]);
  });

  it('writes the answer, then what it is about', () => {
    const written = writing({ title: '+4.2 % after fees' });

    expect(written.title).toBe('+4.2 % after fees');
    expect(written.subtitle).toBe('BTC-USD 1h · 10 Oct 2025');
  });

  it('says that a market is simulated', () => {
    expect(writing({ simulated: true }).subtitle).toMatch(/^simulated · /);
    expect(backtestChartSpec(input({ simulated: true })).altText).toContain('simulated market');
  });

  it('draws 300 bars as they are and 301 as the next timeframe that fits', () => {
    const bars = (count: number) => barsFrom(new Array<number>(count).fill(100), HOUR_MS);

    expect(backtestChartSpec(input({ candles: bars(300) })).drawnTimeframe).toBe('1h');
    expect(backtestChartSpec(input({ candles: bars(301) })).drawnTimeframe).toBe('4h');
    expect(writing({ candles: bars(301) }).subtitle).toBe('BTC-USD 1h · drawn as 4h bars · 10 Oct – 22 Oct 2025');
  });

  it('merges bars into first open, highest high, lowest low and last close', () => {
    const closes = Array.from({ length: 304 }, (_, index) => 100 + (index % 4 === 1 ? 20 : 0) - (index % 4 === 2 ? 30 : 0));
    const { bars } = writing({ candles: barsFrom(closes) });

    expect(bars[0]).toHaveLength(76);
    expect([bars[0]?.[5], bars[1]?.[5]], 'hours of 100, 120, 70, 100 after an hour that closed at 100').toEqual([
      [100, 100],
      [69, 121],
    ]);
  });

  it('groups days when even days are too many, and says so', () => {
    const candles = barsFrom(new Array<number>(1_000).fill(100), DAY_MS);
    const { bars, subtitle } = writing({ candles, timeframe: '1d' });

    expect(bars[0]).toHaveLength(250);
    expect(subtitle).toContain('drawn as 4-day bars');
  });

  it('keeps a gap in the data out of the candles', () => {
    const { openTimeMs, ...columns } = barsFrom([1, 2, 3]);
    const candles = { ...columns, openTimeMs: openTimeMs.map((timeMs, index) => timeMs + (index === 2 ? 9 * DAY_MS : 0)) };

    expect(writing({ candles }).bars[0]).toHaveLength(3);
  });

  it('names every mark that occurs and no other', () => {
    const trades = [trade({ exit_reason: 'stop' }), trade({ side: 'short', exit_reason: 'liquidation' })];

    expect(writing({ trades }).key).toBe('▲ long    ▼ short    ✗ stop    ◆ liquidated');
    expect(writing({}).key).toBe('no trades');
  });

  it('marks every trade, however many, and says how many there are', () => {
    const trades = Array.from({ length: 401 }, (_, index) => trade({ side: index % 2 === 0 ? 'long' : 'short' }));
    const written = writing({ trades });

    expect(written.marks).toEqual([401, 201, 200]);
    expect(written.subtitle).toContain('401 trades');
  });

  it('explains the red area when equity fell', () => {
    const equity = { timesMs: Float64Array.of(START_MS, START_MS + HOUR_MS), values: Float64Array.of(10_500, 9_000) };

    expect(writing({ equity }).key).toContain('red: drawdown');
  });

  it('shows a rise and a fall of equity inside a merged candle, in their order', () => {
    const candles = barsFrom(new Array<number>(400).fill(100), MINUTE_MS);
    const values = candles.openTimeMs.map((_, index) => (index === 1 ? 12_000 : index === 2 ? 6_000 : 10_000));
    const { config } = backtestChartSpec(input({ candles, timeframe: '1m', equity: { timesMs: candles.openTimeMs, values } }));

    const lines = (config as unknown as { data: { datasets: { yAxisID: string; data: { x: number; y: number }[] }[] } }).data.datasets;
    const line = lines.find(({ yAxisID, data }) => yAxisID === 'yEquity' && data.length > 2)?.data ?? [];
    expect(line.slice(0, 4).map(({ y }) => y)).toEqual([12_000, 6_000, 10_000, 10_000]);
    expect(line.slice(0, 4).map(({ x }) => Math.ceil(x) + 0)).toEqual([0, 0, 0, 1]);
    expect(JSON.stringify(config), 'the drawdown reaches as far down').toContain('{"x":0,"y":6000}');
  });

  it('describes the chart in words', () => {
    const { altText } = backtestChartSpec(input({ trades: [trade({})] }));

    expect(altText).toBe(
      'Backtest chart: +4.2 % after fees. BTC-USD 1h, 10 Oct 2025: 1 trade (1 long, 0 short); equity from 10,000 to 10,005.',
    );
  });

  it('breaks a long title between words', () => {
    const title = 'Liquidated on 10 October after a fall of one fifth in five minutes';

    expect(writing({ title }).title).toBe('Liquidated on 10 October after a fall of one fifth\nin five minutes');
  });

  it('refuses to draw nothing', () => {
    expect(() => backtestChartSpec(input({ candles: candlesFromBars([]) }))).toThrow('There is no bar of BTC-USD to draw');
  });

  it('is plain JSON with at most 300 candles and 7 time labels, whatever was traded', () => {
    let traded = 0;
    const price = fc.double({ min: 1e-8, max: 1e6, noNaN: true });
    const stepMs = fc.constantFrom(MINUTE_MS, HOUR_MS, DAY_MS);
    const timeframes = { [MINUTE_MS]: '1m', [HOUR_MS]: '1h', [DAY_MS]: '1d' } as const;
    const trades = fc.array(
      fc.record({ at: fc.nat(2_000), held: fc.nat(50), side: fc.constantFrom('long', 'short'), why: fc.constantFrom(...EXIT_REASONS) }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(fc.array(price, { minLength: 1, maxLength: 1_500 }), stepMs, trades, fc.boolean(), (closes, step, drafts, simulated) => {
        traded += drafts.length;
        const made = drafts.map(({ at, held, side, why }) => {
          const entry_time = START_MS + at * step;
          return trade({ side, exit_reason: why, entry_time, exit_time: entry_time + held * step, exit_price: closes[0] ?? 1 });
        });
        const timeframe = timeframes[step as keyof typeof timeframes];
        const { config } = backtestChartSpec(input({ candles: barsFrom(closes, step), timeframe, trades: made, simulated }));
        const { labels } = config.data as { labels: string[] };

        expect(JSON.parse(JSON.stringify(config))).toEqual(config);
        expect(labels.length).toBeLessThanOrEqual(300);
        const written = labels.filter((label) => label !== '').length;
        expect(written).toBeGreaterThan(0);
        expect(written).toBeLessThanOrEqual(7);
      }),
      { numRuns: 60 },
    );
    expect(traded).toBeGreaterThan(0);
  });
});
