import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../../src/engine/backtest.ts';
import type { Candles } from '../../../src/engine/candles.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSame, expectSeen, forCases, PROPERTY_CASES, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { runHashes } from './run-hashes.ts';

describe('the same input', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('gives the same result and hashes again, from other memory and with its settings in another order', async () => {
    const seen = await forCases(generatedRuns({ min: 10, max: 30 }), 20_250_151, (input, note) => {
      const result = backtest(input);

      expectSame(backtest(elsewhere(input)), result, 'results');
      note('trades', result.trades.length);
    });

    expectSeen(seen, { trades: 2_000 });
  });

  it('gives the same hashes in another process', async () => {
    const file = join(import.meta.dirname, 'print-run-hashes.ts');
    const args = [file, String(PROPERTY_CASES)];
    const other = promisify(execFile)(process.execPath, args, { maxBuffer: 1_000 * 1_000 * 1_000 });
    const hashes: string[] = [];
    for (const line of runHashes(PROPERTY_CASES)) {
      if (hashes.push(line) % 250 === 0) await nextTurn();
    }
    const { stdout } = await other;

    expectSame(stdout.trimEnd().split('\n'), hashes, 'hashes');
    expect(new Set(hashes).size, 'different runs').toBeGreaterThan(PROPERTY_CASES * 0.9);
    const trades = hashes.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0);
    expect(trades, 'trades seen').toBeGreaterThan(PROPERTY_CASES * 2);
  });
});

/** Equal in everything that counts and the same in nothing: columns behind other bytes of memory of its own, keys the other way round. */
function elsewhere(input: BacktestInput): BacktestInput {
  return {
    ...input,
    settings: Object.fromEntries(Object.entries(input.settings).reverse()) as Settings,
    plan: structuredClone(input.plan),
    markets: input.markets.map(({ symbol, candles, funding }) => ({
      symbol,
      candles: movedCandles(candles),
      funding: funding === null ? null : { timeMs: moved(funding.timeMs), rate: moved(funding.rate) },
    })),
  };
}

function movedCandles({ openTimeMs, open, high, low, close, volume }: Candles): Candles {
  return {
    openTimeMs: moved(openTimeMs),
    open: moved(open),
    high: moved(high),
    low: moved(low),
    close: moved(close),
    volume: moved(volume),
  };
}

function moved(column: Float64Array): Float64Array {
  const padded = new Float64Array(column.length + 3).fill(Number.NaN);
  padded.set(column, 2);
  return padded.subarray(2, 2 + column.length);
}
