import { describe, expect, it } from 'vitest';
import { backtest, runPrepared } from '../../src/engine/backtest.ts';
import { backtestWithEvidence } from '../../src/engine/backtest-with-evidence.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { computeColumns } from '../../src/engine/indicators/compute-columns.ts';
import { resolvePeriods } from '../../src/engine/indicators/periods.ts';
import { findLookAhead } from '../../src/engine/look-ahead.ts';
import { columnsOver } from '../../src/engine/market-columns.ts';
import { type PreparedBacktest, prepareBacktest } from '../../src/engine/prepare-backtest.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { lazySignals } from '../../src/engine/signals.ts';
import { inputOf, randomWalk, runRows, SYMBOL, still, triggerWith } from '../support/bars.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../support/property-cases.ts';

const walk = inputOf({
  bars: { [SYMBOL]: randomWalk({ seed: 3, barCount: 16 * 288, movePct: 0.4 }) },
  triggers: [triggerWith({ entry: 'close crosses_above ema_fast', exit: 'close crosses_below ema_fast', stop: { kind: 'pct', pct: 3 } })],
});

/** The same bars with indicators that know the close of the next bar already. */
function peeking(prepared: PreparedBacktest): PreparedBacktest {
  const columnsFor = (settings: Settings) =>
    prepared.markets.map(({ candles }) =>
      columnsOver({
        baseTimeframe: '5m',
        candlesOf: () => candles,
        compute: (name) => {
          const next = { ...candles, close: Float64Array.from(candles.close, (close, bar) => candles.close[bar + 1] ?? close) };
          return computeColumns([name], next, resolvePeriods(settings));
        },
        answers: (fill) => lazySignals(fill, candles.close.length),
      }),
    );
  return { ...prepared, columnsFor };
}

describe('the look-ahead canary', () => {
  it('finds nothing in a run that knew no more than it could', () => {
    const { evidence, ...result } = backtestWithEvidence(walk);
    const lookAhead = evidence?.look_ahead;

    expect(lookAhead?.verdict).toBe('none_seen');
    expect(lookAhead?.trades).toBeGreaterThan(50);
    expect(lookAhead?.cut_time).toBe(result.equity.timesMs[lookAhead?.closes ?? 0]);
    expect({ ...result, evidence: null }, 'nothing of the run itself is touched').toEqual(backtest(walk));
  });

  it('names the column that knows the next bar', () => {
    const peeked = peeking(prepareBacktest(walk));
    const result = runPrepared(peeked, walk.settings, { kind: 'none' }, () => {});

    expect(findLookAhead(peeked, result)).toMatchObject({ verdict: 'seen', differs: `ema_fast@5m of ${SYMBOL}` });
  });

  it('is not fooled by honest columns when what was traded is not what they say', () => {
    const prepared = prepareBacktest(walk);
    const result = runPrepared(peeking(prepared), walk.settings, { kind: 'none' }, () => {});

    expect(findLookAhead(prepared, result)).toMatchObject({ verdict: 'seen', differs: 'equity' });
  });

  it('sees a decision that only what came after can explain', () => {
    const prepared = prepareBacktest(walk);
    const result = backtest(walk);
    const cutMs = findLookAhead(prepared, result).cut_time;
    const trades = result.trades.map((trade) => (trade.entry_time === cutMs ? { ...trade, quantity: trade.quantity * 2 } : trade));

    expect(findLookAhead(prepared, { ...result, trades })).toMatchObject({ verdict: 'seen', differs: `the decision to open ${SYMBOL}` });
  });

  it('has nothing to test where nothing was opened', () => {
    const result = runRows([still(100), still(100)]);

    expect(findLookAhead(prepareBacktest(walk), result)).toMatchObject({ verdict: 'nothing_to_test', cut_time: null });
  });

  it('finds nothing in any run of this engine', { timeout: PROPERTY_TIMEOUT_MS }, async () => {
    const seen = await forCases(generatedRuns({ min: 20, max: 60 }), 11, (input, note) => {
      const lookAhead = backtestWithEvidence(input).evidence?.look_ahead;
      expect(lookAhead?.verdict).not.toBe('seen');
      if (lookAhead?.verdict === 'none_seen') note('tested');
      note('trades', lookAhead?.trades ?? 0);
    });

    expectSeen(seen, { tested: 600, trades: 1_000 });
  });
});

describe('evidence', () => {
  it('counts days and trades, and draws an interval from days enough', () => {
    const { evidence, summary } = backtestWithEvidence(walk);

    expect(evidence).toMatchObject({ days: 16, trades: summary.total_trades, return_interval: { level_pct: 90, resamples: 1_000 } });
    expect(evidence?.return_interval?.low_pct).toBeLessThan(summary.equity_return_pct);
    expect(evidence?.return_interval?.high_pct).toBeGreaterThan(summary.equity_return_pct);
  });

  it('has no interval for a few days', () => {
    const [market] = walk.markets;
    if (market === undefined) throw new Error('The walk has no market.');
    const startMs = (market.candles.openTimeMs[0] ?? 0) + 4 * DAY_MS;

    expect(backtestWithEvidence({ ...walk, startMs }).evidence).toMatchObject({ days: 12, return_interval: null });
  });
});
