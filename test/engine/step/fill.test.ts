import { describe, expect, it } from 'vitest';
import { closeMs, openMs, runRows, still, triggerWith } from '../../support/bars.ts';

const COSTS = { taker_fee_pct: 0.1, slippage_pct: 0.02 };
const near = (value: number) => expect.closeTo(value, 9);

describe('fills', () => {
  it('fill a long decided at a close at the next open, worse by slippage, and charge the fee per side', () => {
    const { trades, summary } = runRows([still(100, 1), [102, 103, 101, 103, 2], still(104)], {
      triggers: [triggerWith({ exit: 'volume == 2', target: { kind: 'r', multiple: 2 } })],
      settings: COSTS,
    });

    const quantity = (10_000 * 0.01) / (100 * 0.1);
    const entry = 102 * 1.0002;
    const exit = 104 * 0.9998;
    const fees = quantity * (entry + exit) * 0.001;
    const pnl = quantity * (exit - entry) - fees;
    expect(trades).toEqual([
      {
        symbol: 'BTC-USD',
        side: 'long',
        trigger_id: 'long',
        grade: 'B',
        entry_time: openMs(1),
        entry_price: near(entry),
        exit_time: openMs(2),
        exit_price: near(exit),
        quantity: near(quantity),
        stop: near(100 - 10),
        target: near(100 + 2 * 10),
        exit_reason: 'exit_rule',
        fees: near(fees),
        funding: 0,
        pnl: near(pnl),
        r: near(pnl / (quantity * 10)),
      },
    ]);
    expect(summary.final_equity).toBeCloseTo(10_000 + pnl, 9);
  });

  it('fill a short at the next open, sold below it and bought back above it', () => {
    const { trades } = runRows([still(100, 1), [98, 99, 97, 97, 2], still(96)], {
      triggers: [triggerWith({ id: 'short', side: 'short', exit: 'volume == 2', target: { kind: 'r', multiple: 2 } })],
      settings: COSTS,
    });

    const entry = 98 * 0.9998;
    const exit = 96 * 1.0002;
    const pnl = 10 * (entry - exit) - 10 * (entry + exit) * 0.001;
    expect(trades).toEqual([
      expect.objectContaining({
        side: 'short',
        entry_price: near(entry),
        exit_price: near(exit),
        stop: near(100 + 10),
        target: near(100 - 2 * 10),
        pnl: near(pnl),
        r: near(pnl / (10 * 10)),
      }),
    ]);
  });

  it('keep stop and target where the decision put them when the open is elsewhere', () => {
    const { open_positions } = runRows([still(100, 1), still(105)], { triggers: [triggerWith({ target: { kind: 'pct', pct: 8 } })] });

    expect(open_positions).toEqual([
      expect.objectContaining({ entry_price: 105, stop: near(100 - 10), target: near(100 + 8), unrealised_pnl: 0 }),
    ]);
  });

  it('put an ATR stop so many ATRs of the trigger’s timeframe from the close', () => {
    const bar = [100, 102, 98, 100, 0] as const;
    const { open_positions } = runRows([bar, bar, [100, 102, 98, 100, 1], still(100)], {
      triggers: [triggerWith({ stop: { kind: 'atr', multiple: 1.5 }, target: { kind: 'r', multiple: 3 } })],
      settings: { indicator_mode: 'custom', custom_indicator_periods: { atr: 2 } },
    });

    const distance = 1.5 * (102 - 98);
    expect(open_positions).toEqual([
      expect.objectContaining({
        stop: near(100 - distance),
        target: near(100 + 3 * distance),
        quantity: near(Math.floor((100 / distance) * 1e8) / 1e8),
      }),
    ]);
  });

  it('slip and charge a stop like any other fill, so that it loses more than 1 R', () => {
    const { trades } = runRows([still(100, 1), [100, 101, 89, 95]], { settings: COSTS });

    const entry = 100 * 1.0002;
    const exit = 90 * 0.9998;
    const pnl = 10 * (exit - entry) - 10 * (entry + exit) * 0.001;
    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'stop', exit_price: near(exit), pnl: near(pnl), r: near(pnl / 100) })]);
  });

  it('never happen for an order decided at the last close: the position stays open and is listed apart', () => {
    const result = runRows([still(100, 1), still(104, 2)], { triggers: [triggerWith({ exit: 'volume == 2' })], settings: COSTS });

    const entry = 104 * 1.0002;
    expect(result.trades).toEqual([]);
    expect(result.summary.total_trades).toBe(0);
    expect(result.open_positions).toEqual([
      {
        symbol: 'BTC-USD',
        side: 'long',
        trigger_id: 'long',
        grade: 'B',
        quantity: 10,
        entry_time: openMs(1),
        entry_price: near(entry),
        stop: 90,
        target: null,
        liquidation_price: null,
        unrealised_pnl: near(10 * (104 - entry)),
        fees: near(10 * entry * 0.001),
        funding: 0,
      },
    ]);
    expect(runRows([still(100, 1)]).open_positions, 'an entry decided at the last close lapses').toEqual([]);
  });

  it('count the blocks of the last close although its orders lapse', () => {
    const { blocks, open_positions } = runRows([still(100, 1)], {
      triggers: [triggerWith(), triggerWith({ id: 'second', side: 'short' })],
    });

    expect(blocks).toEqual({ already_positioned: 1 });
    expect(open_positions).toEqual([]);
  });

  it('tell of themselves in order, at the open or, inside the bar, at the close', () => {
    const { events } = runRows([still(100, 1), [100, 101, 89, 95, 1], [95, 96, 94, 95, 2], still(96)], {
      triggers: [triggerWith({ exit: 'volume == 2' })],
    });

    expect(events.map(({ time, kind, reason, price }) => ({ time, kind, reason, price }))).toEqual([
      { time: openMs(1), kind: 'opened', reason: undefined, price: 100 },
      { time: closeMs(1), kind: 'closed', reason: 'stop', price: 90 },
      { time: openMs(2), kind: 'opened', reason: undefined, price: 95 },
      { time: openMs(3), kind: 'closed', reason: 'exit_rule', price: 96 },
    ]);
  });

  it('close a position by the exit rule it was opened with, never by that of another trigger', () => {
    const triggers = [triggerWith({ exit: 'volume == 3' }), triggerWith({ id: 'other', entry: 'volume == 9', exit: 'volume == 2' })];
    const { trades } = runRows([still(100, 1), still(100), still(100, 2), still(101), still(101, 3), still(102)], { triggers });

    expect(trades).toEqual([expect.objectContaining({ trigger_id: 'long', exit_time: openMs(5), exit_price: 102 })]);
  });
});
