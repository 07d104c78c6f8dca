import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { candlesFromBars, firstBarFrom, sliceCandles } from '../../src/engine/candles.ts';
import { compileProgram } from '../../src/engine/program.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { type Replay, replay } from '../../src/engine/replay.ts';
import type { RunResult, Trade } from '../../src/engine/result.ts';
import { type ValidatedPlan, validatePlan } from '../../src/engine/validate-plan.ts';
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
import { GENERATED_RUNS } from '../support/generated-runs.ts';
import { savedState, stepThrough } from '../support/step-through.ts';

/** Runs the property on the same inputs every time. */
function forInputs(numRuns: number, check: (input: BacktestInput) => void): void {
  fc.assert(fc.property(GENERATED_RUNS, check), { seed: 20_250_106, numRuns });
}

function planOf(input: BacktestInput): ValidatedPlan {
  return validatePlan(input.plan, { symbols: input.markets.map(({ symbol }) => symbol), timeframes: input.timeframes });
}

function replayOf(input: BacktestInput): Replay {
  return replay({ program: compileProgram(input), plan: planOf(input), startMs: input.startMs ?? START_MS });
}

describe('a backtest on random walks', () => {
  it('ends with the initial cash, what closed trades made and what open ones are worth', () => {
    const seen = new Map<string, number>();
    const note = (what: string, by = 1) => seen.set(what, (seen.get(what) ?? 0) + by);

    forInputs(120, (input) => {
      const { summary, trades, open_positions, equity, blocks, events } = backtest(input);

      const closed = trades.reduce((sum, { pnl }) => sum + pnl, 0);
      const open = open_positions.reduce((sum, { unrealised_pnl, fees, funding }) => sum + unrealised_pnl - fees - funding, 0);
      const expected = input.settings.initial_cash + closed + open;
      expect(Math.abs(summary.final_equity - expected)).toBeLessThanOrEqual(1e-9 * input.settings.initial_cash);
      expect(summary.final_equity).toBe(equity.at(-1)?.[1]);
      expect(summary.total_trades).toBe(trades.length);
      for (const trade of trades) expectSensible(trade);

      for (const { exit_reason } of trades) note(exit_reason);
      for (const { kind } of events) note(kind);
      for (const reason of Object.keys(blocks)) note(reason);
      note('open', open_positions.length);
    });

    const few = [
      'halt',
      'walk_away_counterfactual',
      'risk_budget',
      'symbol_triggers',
      'portfolio_exposure',
      'cooldown',
      'min_hold',
      'halted',
      'price_move',
    ];
    for (const what of few) expect(seen.get(what) ?? 0, what).toBeGreaterThan(0);
    const many = [
      'walk_away',
      'walked_away',
      'replan_requested',
      'replan_suppressed',
      'stop',
      'target',
      'liquidation',
      'exit_rule',
      'reversal',
      'emergency_exit',
      'funding',
      'open',
      'daily_loss',
    ];
    for (const what of many) expect(seen.get(what) ?? 0, what).toBeGreaterThan(10);
  });

  it('never orders more than the symbol limit and the gross limit allow at the decision', () => {
    let entries = 0;
    let reversals = 0;
    let atTheLimit = 0;

    forInputs(60, (input) => {
      const { settings } = input;
      const leverage = Math.max(1, settings.max_portfolio_exposure_pct / 100);
      stepThrough(input, {
        look: ({ state }, closeMs) => {
          let gross = 0;
          let isNew = false;
          for (const { order, position, mark } of state.symbols) {
            const held = position === null || order?.kind === 'reversal' ? 0 : position.quantity * (mark ?? 0);
            const ordered = order === null || order.kind === 'exit' ? 0 : order.quantity * (mark ?? 0);
            gross += held + ordered;
            if (order === null || order.kind === 'exit' || order.decidedAtMs !== closeMs) continue;
            isNew = true;
            if (order.kind === 'entry') entries++;
            else reversals++;
            if (order.cap !== 'none') atTheLimit++;
            expect(ordered).toBeLessThanOrEqual(((state.equity * leverage * settings.max_symbol_exposure_pct) / 100) * (1 + 1e-9));
          }
          if (isNew) expect(gross).toBeLessThanOrEqual(((state.equity * settings.max_portfolio_exposure_pct) / 100) * (1 + 1e-9));
        },
      });
    });

    expect(entries).toBeGreaterThan(500);
    expect(reversals).toBeGreaterThan(20);
    expect(atTheLimit).toBeGreaterThan(100);
  });

  it('knows nothing of the future: what comes before a cut does not change with it', () => {
    let trades = 0;

    forInputs(40, (input) => {
      const cutMs = openMs(200);
      const markets = input.markets.map((market) => ({
        ...market,
        candles: sliceCandles(market.candles, 0, firstBarFrom(market.candles, cutMs)),
      }));
      const whole = backtest(input);
      const early = backtest({ ...input, markets });

      expect(whole.equity.slice(0, early.equity.length)).toEqual(early.equity);
      expect(whole.trades.slice(0, early.trades.length)).toEqual(early.trades);
      // A day that the data leave unfinished is told as it stands.
      const events = early.events.at(-1)?.kind === 'walk_away_counterfactual' ? early.events.slice(0, -1) : early.events;
      expect(whole.events.slice(0, events.length)).toEqual(events);
      trades += early.trades.length;
    });

    expect(trades).toBeGreaterThan(300);
  });

  it('goes on from its state as JSON as if it had never stopped', () => {
    let trades = 0;
    let awayThen = 0;

    forInputs(40, (input) => {
      const whole = stepThrough(input);
      const first = stepThrough(input, { untilMs: openMs(170) });
      const away = first.state.shadow !== null;
      const rest = stepThrough(input, { fromMs: openMs(170), state: savedState(first.state) });

      expect(rest.state).toEqual(whole.state);
      expect([...first.trades, ...rest.trades]).toEqual(whole.trades);
      expect([...first.events, ...rest.events]).toEqual(whole.events);
      expect([...first.requests, ...rest.requests]).toEqual(whole.requests);
      trades += rest.trades.length;
      if (away) awayThen++;
    });

    expect(trades).toBeGreaterThan(200);
    expect(awayThen, 'stopped while away').toBeGreaterThan(3);
  });

  it('leaves a state that is its own JSON', () => {
    forInputs(20, (input) => {
      const { state } = replayOf(input);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    });
  });

  it('gives the same result and the same hashes for the same input', () => {
    forInputs(10, (input) => {
      expect(backtest(input)).toEqual(backtest(input));
    });
  });

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

/** What every closed trade must be, whatever happened. */
function expectSensible(trade: Trade): void {
  const direction = trade.side === 'long' ? 1 : -1;
  expect(trade.quantity).toBeGreaterThan(0);
  expect(trade.exit_time).toBeGreaterThanOrEqual(trade.entry_time);
  const gross = direction * trade.quantity * (trade.exit_price - trade.entry_price);
  expect(Math.abs(trade.pnl - (gross - trade.fees - trade.funding))).toBeLessThan(1e-7);
  if (trade.exit_reason === 'target') expect(trade.target).not.toBeNull();
}
