import type { Candles } from '../src/engine/candles.ts';
import { findRunPreset } from '../src/engine/presets.ts';
import { openSession, type Session } from '../src/engine/session/session.ts';
import { step } from '../src/engine/session/step.ts';
import { effectiveSettings } from '../src/engine/settings.ts';
import { simulateCandles } from '../src/market/simulated.ts';
import { planOfStrategy } from '../src/strategist/strategy.ts';
import type { Figure } from './measure.ts';

const SYMBOLS = ['BTC-USD', 'ETH-USD'] as const;
const HISTORY_BARS = 100_000;
const LIVE_BARS = 3_000;
const START_MS = Date.UTC(2024, 0, 1);
const FIVE_MINUTES_MS = 300_000;

/** A paper session in this process: what one more bar of two symbols and three timeframes costs after 100,000 bars. */
export function measureSession(): readonly Figure[] {
  const preset = findRunPreset('scalper-5m');
  const endMs = START_MS + (HISTORY_BARS + LIVE_BARS) * FIVE_MINUTES_MS;
  const markets = SYMBOLS.map((symbol) => ({
    symbol,
    candles: simulateCandles({ symbol, timeframe: '5m', startMs: START_MS, endMs, seed: 1 }),
  }));
  let session: Session = openSession(
    { symbols: [...SYMBOLS], timeframes: preset.timeframes, instrument: 'perpetual', exchange: 'coinbase', fills: 'simulated' },
    effectiveSettings(preset.overrides),
    planOfStrategy('aggressive_active', [...SYMBOLS], '5m'),
  );
  for (const { symbol, candles } of markets) {
    const bars = Array.from({ length: HISTORY_BARS }, (_, index) => ({ openTimeMs: openOf(index), ...pricesAt(candles, index) }));
    session = step(session, { kind: 'history', symbol, bars }).session;
  }

  const latenciesMs: number[] = [];
  for (let index = HISTORY_BARS; index < HISTORY_BARS + LIVE_BARS; index++) {
    const bars = Object.fromEntries(markets.map(({ symbol, candles }) => [symbol, pricesAt(candles, index)]));
    const startMs = performance.now();
    session = step(session, { kind: 'bars', openTimeMs: openOf(index), bars }).session;
    latenciesMs.push(performance.now() - startMs);
  }
  latenciesMs.sort((one, other) => one - other);
  const figure = (name: string, value: number, unit: string): Figure => ({ name, value, unit, reference: null, ratio: null });
  return [
    figure('session step after 100,000 bars, two symbols, three timeframes, median', latenciesMs[LIVE_BARS / 2] ?? 0, 'ms'),
    figure('the same, 99th percentile', latenciesMs[Math.floor(LIVE_BARS * 0.99)] ?? 0, 'ms'),
    figure('that session as JSON', JSON.stringify(session).length / 1_000, 'kB'),
  ];
}

function openOf(index: number): number {
  return START_MS + index * FIVE_MINUTES_MS;
}

function pricesAt({ open, high, low, close, volume }: Candles, index: number) {
  return {
    open: open[index] as number,
    high: high[index] as number,
    low: low[index] as number,
    close: close[index] as number,
    volume: volume[index] as number,
  };
}
