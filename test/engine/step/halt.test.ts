import { describe, expect, it } from 'vitest';
import { barsFromRows, closeMs, openMs, type Row, runOf, runRows, still, triggerWith } from '../../support/bars.ts';

/** Leverage 2 under half_initial: a long from 100 is liquidated at 75, a short at 125. */
const SETTINGS = { max_portfolio_exposure_pct: 200, margin_model: 'half_initial' } as const;

const BTC = triggerWith({ id: 'btc', stop: { kind: 'pct', pct: 40 } });
const ETH = triggerWith({ id: 'eth', symbol: 'ETH-USD' });

/** BTC is bought at bar 1 and liquidated inside bar 2. */
const BTC_ROWS: readonly Row[] = [still(100, 1), still(100), [100, 100, 70, 80], still(80, 1), still(80, 1), still(80)];

function runBoth(eth: readonly (Row | null)[], changes: Readonly<Record<string, unknown>> = {}, btc: readonly (Row | null)[] = BTC_ROWS) {
  return runOf({
    bars: { 'BTC-USD': barsFromRows(btc), 'ETH-USD': barsFromRows(eth) },
    triggers: [BTC, ETH, triggerWith({ id: 'eth-short', symbol: 'ETH-USD', side: 'short', entry: 'volume == 3' })],
    settings: { ...SETTINGS, ...changes },
  });
}

describe('after a liquidation', () => {
  it('stop closes the other positions at their next open and blocks entries as halted', () => {
    const { trades, events, blocks, open_positions } = runBoth([still(50, 1), still(50), still(51), still(52), still(52, 1), still(52)]);

    expect(trades.map(({ symbol, exit_reason, exit_time, exit_price }) => ({ symbol, exit_reason, exit_time, exit_price }))).toEqual([
      { symbol: 'BTC-USD', exit_reason: 'liquidation', exit_time: closeMs(2), exit_price: 50 },
      { symbol: 'ETH-USD', exit_reason: 'halt', exit_time: openMs(3), exit_price: 52 },
    ]);
    expect(events.filter(({ kind }) => kind === 'halted')).toEqual([{ time: closeMs(2), kind: 'halted', cause: 'liquidation' }]);
    expect(blocks, 'BTC at closes 3 and 4, ETH at close 4').toEqual({ halted: 3 });
    expect(open_positions).toEqual([]);
  });

  it('stop waits for the next bar of a symbol that has none', () => {
    const { trades } = runBoth([still(50, 1), still(50), null, null, still(53), still(54)]);

    expect(trades[1]).toMatchObject({ symbol: 'ETH-USD', exit_reason: 'halt', exit_time: openMs(4), exit_price: 53 });
  });

  it('stop cancels an entry that waits for its symbol’s next bar', () => {
    const { trades, open_positions } = runBoth([still(50), still(50, 1), null, still(52), still(53), still(54)]);

    expect(trades).toEqual([expect.objectContaining({ symbol: 'BTC-USD' })]);
    expect(open_positions).toEqual([]);
  });

  it('stop cancels an entry decided before a liquidation at the very open it would fill at', () => {
    const btc = [still(100, 1), still(100), [70, 70, 70, 70], still(70)] as const;
    const { trades, events, open_positions } = runBoth([still(50), still(50, 1), still(52), still(53)], {}, btc);

    expect(trades).toEqual([expect.objectContaining({ symbol: 'BTC-USD', exit_reason: 'liquidation', exit_time: openMs(2) })]);
    expect(events.filter(({ kind }) => kind === 'halted')).toEqual([{ time: openMs(2), kind: 'halted', cause: 'liquidation' }]);
    expect(open_positions).toEqual([]);
  });

  it('stop turns a waiting reversal into an exit', () => {
    const { trades, open_positions } = runBoth([still(50, 1), still(50, 3), null, still(52), still(53), still(54)]);

    expect(trades[1]).toMatchObject({ symbol: 'ETH-USD', side: 'long', exit_reason: 'halt', exit_time: openMs(3), exit_price: 52 });
    expect(trades).toHaveLength(2);
    expect(open_positions).toEqual([]);
  });

  it('stop leaves a waiting exit its own reason', () => {
    const { trades } = runOf({
      bars: { 'BTC-USD': barsFromRows(BTC_ROWS), 'ETH-USD': barsFromRows([still(50, 1), still(50, 2), null, still(52)]) },
      triggers: [BTC, { ...ETH, exit: 'volume == 2' }],
      settings: SETTINGS,
    });

    expect(trades[1]).toMatchObject({ symbol: 'ETH-USD', exit_reason: 'exit_rule', exit_time: openMs(3) });
  });

  it('continue goes on with what is left', () => {
    const { trades, events, blocks, open_positions } = runBoth([still(50, 1), still(50), still(51), still(52), still(52), still(52)], {
      after_liquidation: 'continue',
    });

    expect(trades.map(({ exit_reason }) => exit_reason)).toEqual(['liquidation']);
    expect(events.filter(({ kind }) => kind === 'halted')).toEqual([]);
    expect(open_positions.map(({ symbol, entry_time }) => ({ symbol, entry_time }))).toEqual([
      { symbol: 'BTC-USD', entry_time: openMs(4) },
      { symbol: 'ETH-USD', entry_time: openMs(1) },
    ]);
    expect(blocks).toEqual({ already_positioned: 1 });
  });
});

describe('an equity at or below zero', () => {
  /** Five times the equity in one position whose margin is the whole account. */
  const run = (takerFeePct: number) =>
    runRows([still(100, 1), still(100), [70, 70, 70, 70], still(70, 1), still(70)], {
      triggers: [triggerWith({ stop: { kind: 'pct', pct: 2 } })],
      settings: {
        max_portfolio_exposure_pct: 500,
        max_position_risk_pct: 10,
        max_daily_loss_pct: 20,
        after_liquidation: 'continue',
        taker_fee_pct: takerFeePct,
      },
    });

  it('ends the trading even where a liquidation would not', () => {
    const { summary, events, blocks } = run(0);

    expect(summary.final_equity, '10 000 − 500 × 100 / 5').toBe(0);
    expect(events.filter(({ kind }) => kind === 'halted')).toEqual([{ time: closeMs(2), kind: 'halted', cause: 'no_equity' }]);
    expect(blocks).toEqual({ halted: 1 });
  });

  it('may lie below zero by the fees', () => {
    const { summary, blocks } = run(0.1);

    expect(summary.final_equity).toBeCloseTo(-500 * 100 * 0.001, 9);
    expect(blocks).toEqual({ halted: 1 });
  });
});
