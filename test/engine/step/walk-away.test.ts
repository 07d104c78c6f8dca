import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../../src/engine/backtest.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/engine/bar.ts';
import { type Candles, firstBarFrom } from '../../../src/engine/candles.ts';
import { equityPairs } from '../../../src/engine/equity-curve.ts';
import type { EngineEvent, RunResult } from '../../../src/engine/result.ts';
import type { SessionState } from '../../../src/engine/state.ts';
import {
  barsFromRows,
  closeMs,
  inputOf,
  openMs,
  planWith,
  type Row,
  randomWalk,
  runOf,
  runRows,
  START_MS,
  SYMBOL,
  still,
  triggerWith,
} from '../../support/bars.ts';
import { savedState, stepThrough } from '../../support/step-through.ts';

const near = (value: number) => expect.closeTo(value, 9);

const BAR_MS = 5 * MINUTE_MS;

/** An entry at 100 takes the whole account: a price 1 % away is 1 % of the day. */
const AWAY = {
  walk_away_enabled: true,
  walk_away_profit_target_pct: 5,
  walk_away_loss_limit_pct: 5,
  max_position_risk_pct: 10,
  scheduled_hours: [],
} as const;

function away(rows: readonly (Row | null)[], run: Parameters<typeof runRows>[1] = {}): RunResult {
  return runRows(rows, { ...run, settings: { ...AWAY, ...run.settings } });
}

function walkAways({ events }: { readonly events: readonly EngineEvent[] }): readonly EngineEvent[] {
  return events.filter(({ kind }) => kind === 'walk_away');
}

describe('walking away', () => {
  it('happens at the first close that is exactly the target up, not at a high beyond it', () => {
    const result = away([still(100, 1), [100, 108, 100, 104.99], [104.99, 105, 104, 105], still(105.5), still(106)]);

    expect(walkAways(result)).toEqual([
      {
        time: closeMs(2),
        kind: 'walk_away',
        trigger: 'profit_target',
        daily_return_pct: near(5),
        trades_today: 1,
        equity_at_trigger: 10_500,
        action: 'flatten',
      },
    ]);
  });

  it('happens at the first close that is exactly the limit down, not at a low beyond it', () => {
    const result = away([still(100, 1), [100, 100, 91, 95.01], [95.01, 95.01, 94, 95], still(95), still(95)]);

    expect(walkAways(result)).toEqual([
      expect.objectContaining({ time: closeMs(2), trigger: 'loss_limit', daily_return_pct: near(-5), equity_at_trigger: 9_500 }),
    ]);
  });

  it('counts a short the other way round', () => {
    const short = { triggers: [triggerWith({ side: 'short' })] };

    expect(walkAways(away([still(100, 1), still(100), still(95)], short))[0]).toMatchObject({ trigger: 'profit_target' });
    expect(walkAways(away([still(100, 1), still(100), still(105)], short))[0]).toMatchObject({ trigger: 'loss_limit' });
  });

  it('adds what is realised and what is not, after costs', () => {
    const rows: readonly Row[] = [still(100, 1), [100, 103, 100, 100, 1], still(100), still(101.9), still(102)];
    const triggers = [triggerWith({ target: { kind: 'pct', pct: 3 } })];
    const result = away(rows, { triggers });

    expect(walkAways(result), '300 realised and 103 × 2 open').toEqual([
      expect.objectContaining({ time: closeMs(4), equity_at_trigger: near(10_506), trades_today: 2 }),
    ]);
    expect(walkAways(away(rows, { triggers, settings: { taker_fee_pct: 0.05 } })), 'three fills of about 5 each').toEqual([]);
  });

  it('measures from the equity of the close before the day', () => {
    const startMs = START_MS + DAY_MS - 3 * BAR_MS;
    const result = away([still(100, 1), still(100), still(104), still(105), still(109.1), still(109.3)], { startMs });

    expect(walkAways(result), '10 400 at midnight').toEqual([
      expect.objectContaining({ time: closeMs(5, startMs), daily_return_pct: near((530 / 10_400) * 100), trades_today: 0 }),
    ]);
  });

  it('is switched off by default', () => {
    const { events, trades } = runRows([still(100, 1), still(100), still(140), still(150)], { settings: { max_position_risk_pct: 10 } });

    expect(events.map(({ kind }) => kind)).toEqual(['opened']);
    expect(trades).toEqual([]);
  });

  it('asks for the profit target alone when the loss is within its own limit, and the other way round', () => {
    const rows: readonly Row[] = [still(100, 1), still(100), still(94), still(109), still(111)];
    const wide = { walk_away_profit_target_pct: 10, walk_away_loss_limit_pct: 7 };

    expect(walkAways(away(rows, { settings: wide }))).toEqual([
      expect.objectContaining({ time: closeMs(4), trigger: 'profit_target', daily_return_pct: near(11) }),
    ]);
  });

  it('happens also where a liquidation at the same close ends the trading', () => {
    const result = runRows([still(100, 1), still(100), [100, 100, 70, 80], still(80, 1), still(80)], {
      triggers: [triggerWith({ stop: { kind: 'pct', pct: 40 } })],
      settings: { ...AWAY, max_portfolio_exposure_pct: 200, margin_model: 'half_initial' },
    });

    expect(result.trades.map(({ exit_reason }) => exit_reason)).toEqual(['liquidation']);
    expect(walkAways(result), 'a margin of 12.5 % of the account is gone').toEqual([
      expect.objectContaining({ time: closeMs(2), trigger: 'loss_limit', daily_return_pct: near(-12.5) }),
    ]);
    expect(result.blocks, 'halted is asked first').toEqual({ halted: 1 });
  });

  it('happens once to an account that loses everything, never on the days after', () => {
    for (const taker_fee_pct of [0, 0.1]) {
      const startMs = START_MS + DAY_MS - 3 * BAR_MS;
      const result = runRows([still(100, 1), still(100), [70, 70, 70, 70], still(70), still(70)], {
        startMs,
        triggers: [triggerWith({ stop: { kind: 'pct', pct: 2 } })],
        settings: { ...AWAY, max_portfolio_exposure_pct: 500, taker_fee_pct },
      });

      expect(result.summary.final_equity).toBeLessThanOrEqual(0);
      expect(walkAways(result)).toEqual([expect.objectContaining({ time: closeMs(2, startMs), trigger: 'loss_limit' })]);
    }
  });
});

describe('to flatten', () => {
  it('closes at the next open with slippage and fee, for the reason walk_away', () => {
    const { trades, open_positions } = away([still(100, 1), still(100), still(106), still(107), still(108)], {
      settings: { slippage_pct: 0.5, taker_fee_pct: 0.1 },
    });

    const entry = 100 * 1.005;
    const exit = 107 * 0.995;
    expect(trades).toEqual([
      expect.objectContaining({
        exit_reason: 'walk_away',
        exit_time: openMs(3),
        exit_price: near(exit),
        quantity: 100,
        fees: near((100 * (entry + exit) * 0.1) / 100),
        pnl: near(100 * (exit - entry) - (100 * (entry + exit) * 0.1) / 100),
      }),
    ]);
    expect(open_positions).toEqual([]);
  });

  it('lets nothing in until the next UTC day, and counts it as walked_away', () => {
    const startMs = START_MS + DAY_MS - 6 * BAR_MS;
    const rows = [
      still(100, 1),
      still(100),
      still(105, 1),
      still(105, 1),
      still(105),
      still(105, 1),
      still(105, 1),
      still(105),
      still(105),
    ];
    const { blocks, open_positions, trades } = away(rows, { startMs });

    expect(blocks, 'at the close itself, after it and at midnight').toEqual({ walked_away: 3 });
    expect(trades.map(({ exit_time }) => exit_time)).toEqual([openMs(3, startMs)]);
    expect(
      open_positions.map(({ entry_time }) => entry_time),
      'decided at the first close of the new day',
    ).toEqual([openMs(7, startMs)]);
  });

  it('comes before an exit rule and an emergency at the same close', () => {
    const rows = [still(100, 1), still(100), still(105, 2), still(105), still(105)];
    const exit = { triggers: [triggerWith({ exit: 'volume == 2' })] };

    expect(away(rows, exit).trades[0]?.exit_reason).toBe('walk_away');
    expect(away(rows, { plan: { emergency_exit: 'volume == 2' } }).trades[0]?.exit_reason).toBe('walk_away');
    expect(away(rows, { ...exit, settings: { min_hold_bars: 10 } }).trades[0]?.exit_time, 'waits for no hold').toBe(openMs(3));
  });

  it('finds nothing to close where the next bar opens beyond the liquidation', () => {
    const { trades } = runRows([still(100, 1), still(100), still(94), [70, 70, 70, 70], still(70)], {
      triggers: [triggerWith({ stop: { kind: 'pct', pct: 10 } })],
      settings: { ...AWAY, max_portfolio_exposure_pct: 200, margin_model: 'half_initial' },
    });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'liquidation', exit_time: openMs(3), exit_price: 50 })]);
  });

  it('at the last close of a day closes at the first open of the next, which is a new day', () => {
    const startMs = START_MS + DAY_MS - 3 * BAR_MS;
    const result = away([still(100, 1), still(100), still(105), still(106, 1), still(106), still(106)], { startMs });

    expect(result.trades).toEqual([expect.objectContaining({ exit_reason: 'walk_away', exit_time: START_MS + DAY_MS, exit_price: 106 })]);
    expect(result.open_positions.map(({ entry_time }) => entry_time)).toEqual([openMs(4, startMs)]);
    expect(result.summary.walk_away_events, 'the day was over').toEqual([
      expect.objectContaining({ timestamp: START_MS + DAY_MS, daily_return_pct: near(5), counterfactual_return_pct: near(5) }),
    ]);
  });
});

/** BTC walks away at close 3; ETH has whatever bars it has. */
function runBoth(eth: readonly (Row | null)[], settings: Readonly<Record<string, unknown>> = {}): RunResult {
  return runOf({
    bars: {
      'BTC-USD': barsFromRows([still(100, 1), still(100), still(100), still(106), still(106), still(106), still(106)]),
      'ETH-USD': barsFromRows(eth),
    },
    triggers: [
      triggerWith(),
      triggerWith({ id: 'eth', symbol: 'ETH-USD', stop: { kind: 'pct', pct: 50 }, exit: 'volume == 2' }),
      triggerWith({ id: 'eth-short', symbol: 'ETH-USD', side: 'short', entry: 'volume == 3', stop: { kind: 'pct', pct: 50 } }),
    ],
    settings: { ...AWAY, max_portfolio_exposure_pct: 200, ...settings },
  });
}

describe('with several symbols', () => {
  const ethTrades = (result: RunResult) => result.trades.filter(({ symbol }) => symbol === 'ETH-USD');

  it('flattens each at its own next bar', () => {
    const result = runBoth([still(50, 1), still(50), still(50), null, null, still(51), still(52)]);

    expect(result.trades.map(({ symbol, exit_reason, exit_time }) => [symbol, exit_reason, exit_time])).toEqual([
      ['BTC-USD', 'walk_away', openMs(4)],
      ['ETH-USD', 'walk_away', openMs(5)],
    ]);
  });

  it.each(['flatten', 'manage'] as const)('%s cancels an entry that waits for its symbol’s next bar', (walk_away_action) => {
    const result = runBoth([still(50), still(50), still(50, 1), null, null, still(51), still(52)], { walk_away_action });

    expect(walkAways(result), 'its entry was accepted and stays counted').toEqual([
      expect.objectContaining({ time: closeMs(3), trades_today: 2 }),
    ]);
    expect(ethTrades(result)).toEqual([]);
    expect(result.open_positions.filter(({ symbol }) => symbol === 'ETH-USD')).toEqual([]);
  });

  it.each(['flatten', 'manage'] as const)('%s makes an exit of a reversal that waits', (walk_away_action) => {
    const result = runBoth([still(50, 1), still(50), still(50, 3), null, still(51), still(52), still(52)], { walk_away_action });

    expect(ethTrades(result)).toEqual([expect.objectContaining({ side: 'long', exit_reason: 'walk_away', exit_time: openMs(4) })]);
    expect(result.open_positions.filter(({ symbol }) => symbol === 'ETH-USD')).toEqual([]);
  });

  it('leaves a waiting exit its own reason', () => {
    const result = runBoth([still(50, 1), still(50), still(50, 2), null, still(51), still(52), still(52)]);

    expect(ethTrades(result)).toEqual([expect.objectContaining({ exit_reason: 'exit_rule', exit_time: openMs(4) })]);
  });

  it('fires at a close of any symbol, with the others at their last mark', () => {
    const result = runBoth([still(50, 1), still(50), null, null, null, null, still(50)]);

    expect(walkAways(result)[0]).toMatchObject({ time: closeMs(3), equity_at_trigger: 10_600 });
  });
});

describe('to manage', () => {
  const manage = (rows: readonly Row[], changes: Readonly<Record<string, unknown>> = {}) =>
    away(rows, {
      triggers: [triggerWith({ exit: 'volume == 2', target: { kind: 'pct', pct: 12 }, ...changes }), triggerWith({ id: 'more' })],
      settings: { walk_away_action: 'manage' },
    });

  it('keeps stop, target and exit rule of what is open', () => {
    const up = [still(100, 1), still(100), still(105)];

    expect(manage([...up, [105, 112, 105, 106]]).trades[0]).toMatchObject({ exit_reason: 'target', exit_price: near(112) });
    expect(manage([...up, [105, 105, 89, 92]]).trades[0]).toMatchObject({ exit_reason: 'stop', exit_price: near(90) });
    expect(manage([...up, still(104, 2), still(103)]).trades[0]).toMatchObject({ exit_reason: 'exit_rule', exit_price: 103 });
    expect(manage([...up, still(104), still(103)])).toMatchObject({ trades: [], open_positions: [{ symbol: SYMBOL }] });
  });

  it('leaves the emergency its say', () => {
    const { trades } = away([still(100, 1), still(100), still(105), still(104, 7), still(103)], {
      plan: { emergency_exit: 'volume == 7' },
      settings: { walk_away_action: 'manage' },
    });

    expect(trades).toEqual([expect.objectContaining({ exit_reason: 'emergency_exit', exit_price: 103 })]);
  });

  it('lets nothing in, not even the other side of what is open', () => {
    const startMs = START_MS + DAY_MS - 7 * BAR_MS;
    const { blocks, open_positions, trades } = away(
      [still(100, 1), still(100), still(105), still(105, 1), still(104, 3), still(104, 2), still(104, 1), still(104, 1), still(104)],
      {
        startMs,
        triggers: [triggerWith({ exit: 'volume == 2' }), triggerWith({ id: 'short', side: 'short', entry: 'volume == 3' })],
        settings: { walk_away_action: 'manage' },
      },
    );

    expect(blocks, 'walked_away comes before already_positioned').toEqual({ walked_away: 3 });
    expect(trades.map(({ exit_reason }) => exit_reason)).toEqual(['exit_rule']);
    expect(open_positions.map(({ entry_time }) => entry_time)).toEqual([openMs(8, startMs)]);
  });

  it('happens once a day, however often the closes cross', () => {
    const startMs = START_MS + DAY_MS - 7 * BAR_MS;
    const rows = [still(100, 1), still(100), still(105), still(101), still(106), still(94), still(100), still(100), still(106)];
    const result = away(rows, { startMs, settings: { walk_away_action: 'manage' } });

    expect(walkAways(result).map(({ time, trigger }) => [time, trigger])).toEqual([
      [closeMs(2, startMs), 'profit_target'],
      [closeMs(8, startMs), 'profit_target'],
    ]);
  });

  it('happens once even on a day that someone resumes', () => {
    const bars = { [SYMBOL]: barsFromRows([still(100, 1), still(100), still(105), still(105), still(106)]) };
    const resumed = stepThrough(inputOf({ bars, settings: { ...AWAY, walk_away_action: 'manage' } }), {
      look: ({ state }) => {
        state.walkedAway = null;
      },
    });

    expect(walkAways(resumed).map(({ time }) => time)).toEqual([closeMs(2)]);
  });
});

describe('the gate walked_away', () => {
  it('is asked after no_stop', () => {
    const { blocks_by_trigger } = away([still(100, 1), still(100), still(105, 4), still(105)], {
      triggers: [triggerWith(), triggerWith({ id: 'atr', entry: 'volume == 4', stop: { kind: 'atr', multiple: 1 } })],
    });

    expect(blocks_by_trigger).toEqual({ atr: { no_stop: 1 } });
  });

  it('is asked before emergency, daily_loss, max_trades and symbol_triggers', () => {
    const { blocks } = away([still(100, 1), still(100), still(95, 4), still(95)], {
      triggers: [triggerWith(), triggerWith({ id: 'other', entry: 'volume == 4' })],
      plan: { emergency_exit: 'volume == 4' },
      settings: { max_daily_loss_pct: 1, max_trades_per_day: 1, max_triggers_per_symbol_per_day: 1 },
    });

    expect(blocks).toEqual({ walked_away: 1 });
  });

  it('is asked before stance_wait', () => {
    const bars = { [SYMBOL]: barsFromRows([still(100, 1), still(100), still(105), still(105, 1), still(105)]) };
    const timeline = [{ from: openMs(2), plan: planWith([triggerWith()], { stance: 'wait' }) }];
    const { blocks } = backtest(inputOf({ bars, settings: AWAY }), () => {}, { kind: 'frozen', timeline });

    expect(blocks).toEqual({ walked_away: 1 });
  });
});

describe('the day after', () => {
  const startMs = START_MS + DAY_MS - 4 * BAR_MS;
  const rows = [still(100, 1), still(100), still(105), still(105), still(105, 1), still(105), still(111), still(111, 1), still(111)];

  it('is traded again, and may be walked away from again', () => {
    const result = away(rows, { startMs });

    expect(walkAways(result).map(({ time }) => time)).toEqual([closeMs(2, startMs), closeMs(6, startMs)]);
    expect(result.trades.map(({ entry_time, exit_reason }) => [entry_time, exit_reason])).toEqual([
      [openMs(1, startMs), 'walk_away'],
      [openMs(5, startMs), 'walk_away'],
    ]);
    expect(result.blocks).toEqual({ walked_away: 1 });
  });

  it('stays untouched, like all that follow, when nobody resumes', () => {
    const later = barsFromRows([still(111, 1), still(120), still(130)], { startMs: START_MS + 3 * DAY_MS });
    const { trades, blocks, events, summary } = runOf({
      bars: { [SYMBOL]: [...barsFromRows(rows, { startMs }), ...later] },
      settings: { ...AWAY, walk_away_resume_next_session: false },
    });

    expect(trades).toHaveLength(1);
    expect(blocks).toEqual({ walked_away: 3 });
    expect(events.map(({ kind }) => kind)).toEqual(['opened', 'walk_away', 'closed', 'walk_away_counterfactual']);
    expect(summary.walk_away_events).toHaveLength(1);
  });
});

describe('what carrying on would have brought', () => {
  const startMs = START_MS + DAY_MS - 6 * BAR_MS;
  const counterfactuals = ({ events }: RunResult) => events.filter(({ kind }) => kind === 'walk_away_counterfactual');

  it('is told at the end of the day', () => {
    const result = away([still(100, 1), still(100), still(105), still(106), still(109), still(103), still(90), still(90)], { startMs });

    expect(counterfactuals(result)).toEqual([
      {
        time: START_MS + DAY_MS,
        kind: 'walk_away_counterfactual',
        trigger: 'profit_target',
        stopped_at_pct: near(5),
        day_ended_pct: near(6),
        would_have_ended_pct: near(3),
      },
    ]);
    expect(result.summary.walk_away_events).toEqual([
      {
        timestamp: closeMs(2, startMs),
        trigger: 'profit_target',
        daily_return_pct: near(5),
        trades_today: 1,
        equity_at_trigger: 10_500,
        counterfactual_return_pct: near(3),
      },
    ]);
    expect(result.summary.final_equity, 'nothing of it is real').toBeCloseTo(10_600, 9);
  });

  it('is told of the last bars where the data end within the day', () => {
    const result = away([still(100, 1), still(100), still(105), still(106), still(109)], { startMs });

    expect(counterfactuals(result)).toEqual([expect.objectContaining({ time: closeMs(4, startMs), would_have_ended_pct: near(9) })]);
  });

  it('takes the decisions of the very close that walked away', () => {
    const triggers = [triggerWith({ target: { kind: 'pct', pct: 5 } })];
    const rows: readonly Row[] = [still(100, 1), still(100), [100, 105, 100, 100, 1], still(100), still(102), still(102), still(102)];
    const result = away(rows, { startMs, triggers });

    expect(result.blocks).toEqual({ walked_away: 1 });
    expect(counterfactuals(result), '105 bought at 100 and up 2 %').toEqual([
      expect.objectContaining({ day_ended_pct: near(5), would_have_ended_pct: near(7.1) }),
    ]);
  });

  it('keeps what the session cancelled, and the daily loss that stands in its own way', () => {
    const result = away([still(100, 1), still(100), still(94, 2), still(94, 1), still(94), still(99), still(99)], {
      startMs,
      triggers: [triggerWith({ exit: 'volume == 2' })],
      settings: { max_daily_loss_pct: 6 },
    });

    expect(counterfactuals(result)).toEqual([expect.objectContaining({ stopped_at_pct: near(-6), would_have_ended_pct: near(-6) })]);
  });

  it('goes on over funding as the session would have', () => {
    const funding = {
      [SYMBOL]: { timeMs: Float64Array.of(openMs(1, startMs), openMs(4, startMs)), rate: Float64Array.of(0.01, 0.01) },
    };
    const rows = [still(100, 1), still(100), still(105), still(105), still(105), still(105), still(105)];
    const result = away(rows, { startMs, funding });

    expect(counterfactuals(result), '1 % of 10 500 once, not twice').toEqual([
      expect.objectContaining({ day_ended_pct: near(5), would_have_ended_pct: near(5 - 1.05) }),
    ]);
    expect(result.summary.funding).toBe(0);
  });
});

/** Two days and a half of several symbols with gaps, at a pace that walks away often. */
const INPUTS: fc.Arbitrary<BacktestInput> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    symbolCount: fc.integer({ min: 1, max: 3 }),
    missing: fc.constantFrom(0, 0.25),
    movePct: fc.constantFrom(1, 3, 9),
    riskPct: fc.constantFrom(3, 10),
    grossPct: fc.constantFrom(100, 300, 500),
    lossPct: fc.constantFrom(1, 4, 10),
    action: fc.constantFrom('flatten', 'manage'),
    resume: fc.constantFrom(true, true, false),
    slippagePct: fc.constantFrom(0, 0.05),
    after: fc.constantFrom('stop', 'continue'),
    stopPct: fc.constantFrom(2, 60),
  })
  .map((made) => {
    const symbols = ['BTC-USD', 'ETH-USD', 'SOL-USD'].slice(0, made.symbolCount);
    const walk = (index: number) =>
      randomWalk({ seed: made.seed + index, barCount: 700, movePct: made.movePct, missing: made.missing, jumps: 0.1 });
    return inputOf({
      bars: Object.fromEntries(symbols.map((symbol, index) => [symbol, walk(index)])),
      triggers: symbols.flatMap((symbol) => [
        triggerWith({ id: `${symbol}-l`, symbol, entry: 'volume > 0.9', exit: 'volume < 0.04', stop: { kind: 'pct', pct: made.stopPct } }),
        triggerWith({
          id: `${symbol}-s`,
          symbol,
          side: 'short',
          entry: 'volume < 0.1',
          stop: { kind: 'pct', pct: made.stopPct },
          target: { kind: 'pct', pct: 3 },
        }),
      ]),
      settings: {
        max_position_risk_pct: made.riskPct,
        max_portfolio_exposure_pct: made.grossPct,
        taker_fee_pct: 0.01,
        slippage_pct: made.slippagePct,
        after_liquidation: made.after,
        walk_away_enabled: true,
        walk_away_profit_target_pct: 5,
        walk_away_loss_limit_pct: made.lossPct,
        walk_away_action: made.action,
        walk_away_resume_next_session: made.resume,
      },
    });
  });

function forInputs(numRuns: number, check: (input: BacktestInput) => void): void {
  fc.assert(fc.property(INPUTS, check), { seed: 20_250_107, numRuns });
}

function dayEnd(closeTimeMs: number): number {
  return Math.ceil(closeTimeMs / DAY_MS) * DAY_MS;
}

/** The first close of each day that crosses, from nothing but the equity curve. */
function crossings({ settings }: BacktestInput, { equity }: RunResult): readonly (readonly [closeTimeMs: number, trigger: string])[] {
  const found: (readonly [number, string])[] = [];
  let start = settings.initial_cash;
  let previous = settings.initial_cash;
  let day = Number.NEGATIVE_INFINITY;
  let isDone = false;
  for (const [openTimeMs, value] of equityPairs(equity)) {
    if (Math.floor(openTimeMs / DAY_MS) !== day) {
      day = Math.floor(openTimeMs / DAY_MS);
      start = previous;
      isDone = false;
    }
    previous = value;
    const returnPct = (value / start - 1) * 100;
    const trigger =
      returnPct >= settings.walk_away_profit_target_pct
        ? 'profit_target'
        : returnPct <= -settings.walk_away_loss_limit_pct
          ? 'loss_limit'
          : null;
    if (trigger === null || isDone || !(start > 0)) continue;
    found.push([openTimeMs + BAR_MS, trigger]);
    isDone = true;
    if (!settings.walk_away_resume_next_session) break;
  }
  return found;
}

function nextOpenMs(candles: Candles, timeMs: number): number | null {
  return candles.openTimeMs[firstBarFrom(candles, timeMs)] ?? null;
}

describe('walking away on random walks', () => {
  it('happens on exactly the first close of a day that crosses', () => {
    const seen: string[] = [];

    forInputs(60, (input) => {
      const result = backtest(input);

      expect(walkAways(result).map(({ time, trigger }) => [time, trigger])).toEqual(crossings(input, result));
      expect(result.summary.walk_away_events.map(({ timestamp }) => timestamp)).toEqual(walkAways(result).map(({ time }) => time));
      for (const { trigger } of walkAways(result)) seen.push(String(trigger));
      if (walkAways(result).length > 1) seen.push('again');
    });

    for (const what of ['profit_target', 'loss_limit', 'again']) {
      expect(seen.filter((name) => name === what).length, what).toBeGreaterThan(5);
    }
  });

  it('lets no entry follow on that day', () => {
    let days = 0;
    let blocked = 0;

    forInputs(40, (input) => {
      const result = backtest(input);
      const opened = result.events.flatMap(({ kind, time }) => (kind === 'opened' ? [time] : []));
      for (const { time } of walkAways(result)) {
        const untilMs = input.settings.walk_away_resume_next_session ? dayEnd(time) : Number.POSITIVE_INFINITY;
        expect(opened.filter((openedMs) => openedMs >= time && openedMs <= untilMs)).toEqual([]);
        days++;
      }
      blocked += result.blocks.walked_away ?? 0;
    });

    expect(days).toBeGreaterThan(30);
    expect(blocked).toBeGreaterThan(500);
  });

  it('flattens everything at its next open', () => {
    let flattened = 0;
    let waited = 0;

    forInputs(40, (input) => {
      const settings = { ...input.settings, walk_away_action: 'flatten' } as const;
      const result = backtest({ ...input, settings });
      for (const { time } of walkAways(result)) {
        for (const { symbol, candles } of input.markets) {
          const wasOpen = (entryMs: number) => entryMs < time;
          const next = nextOpenMs(candles, time);
          const isInside = ({ exit_time, exit_reason }: RunResult['trades'][number]) =>
            exit_time === time && !['walk_away', 'halt', 'exit_rule', 'reversal'].includes(exit_reason);
          const trades = result.trades.filter(
            (trade) => trade.symbol === symbol && wasOpen(trade.entry_time) && trade.exit_time >= time && !isInside(trade),
          );
          for (const trade of trades) {
            expect(trade.exit_time).toBe(next);
            if (trade.exit_reason === 'walk_away') flattened++;
            if (trade.exit_time > time) waited++;
          }
          if (next === null) continue;
          expect(result.open_positions.filter((position) => position.symbol === symbol && wasOpen(position.entry_time))).toEqual([]);
        }
      }
    });

    expect(flattened).toBeGreaterThan(30);
    expect(waited, 'on symbols without a bar').toBeGreaterThan(3);
  });

  it('compares with the same day carried on without the rule', () => {
    let days = 0;
    let otherwise = 0;

    forInputs(25, (input) => {
      const off = { ...input, settings: { ...input.settings, walk_away_enabled: false } };
      const result = backtest(input);
      const plain = backtest(off);
      for (const [index, { timestamp, daily_return_pct, counterfactual_return_pct }] of result.summary.walk_away_events.entries()) {
        const before = stepThrough(input, { untilMs: timestamp - BAR_MS });
        const { state } = stepThrough(off, {
          fromMs: timestamp - BAR_MS,
          untilMs: dayEnd(timestamp),
          state: savedState(before.state),
        });
        expect(counterfactual_return_pct).toBe(dayReturnPct(state));

        if (index === 0) {
          const last = equityPairs(plain.equity).findLast(([openTimeMs]) => openTimeMs < dayEnd(timestamp));
          expect(last?.[1], 'up to the first time, both runs are one').toBe(state.equity);
        }
        if (counterfactual_return_pct !== daily_return_pct) otherwise++;
        days++;
      }
    });

    expect(days).toBeGreaterThan(20);
    expect(otherwise).toBeGreaterThan(15);
  });

  it('is the same whether or not a shadow goes on', () => {
    let shadows = 0;

    forInputs(25, (input) => {
      const real = stepThrough(input);
      const alone = stepThrough(input, {
        look: (run) => {
          if (run.shadow !== null) shadows++;
          run.shadow = null;
          run.state.shadow = null;
        },
      });

      expect(alone.trades).toEqual(real.trades);
      expect(alone.events).toEqual(real.events.filter(({ kind }) => kind !== 'walk_away_counterfactual'));
      expect(alone.state).toEqual({ ...real.state, shadow: null });
    });

    expect(shadows).toBeGreaterThan(20);
  });

  it('goes on from JSON in the middle of the day as if it had never stopped', () => {
    let resumed = 0;

    forInputs(12, (input) => {
      const whole = stepThrough(input);
      const timeMs = walkAways(whole)[0]?.time;
      if (timeMs === undefined) return;
      for (const bars of [0, 1, 2, 9, 60]) {
        const cutMs = timeMs + bars * BAR_MS;
        const first = stepThrough(input, { untilMs: cutMs });
        if (first.state.shadow !== null) resumed++;
        const rest = stepThrough(input, { fromMs: cutMs, state: savedState(first.state) });

        expect([...first.events, ...rest.events]).toEqual(whole.events);
        expect([...first.trades, ...rest.trades]).toEqual(whole.trades);
        expect(rest.state).toEqual(whole.state);
      }
    });

    expect(resumed).toBeGreaterThan(25);
  });
});

function dayReturnPct({ equity, dayStartEquity }: SessionState): number {
  return ((equity - dayStartEquity) / dayStartEquity) * 100;
}
