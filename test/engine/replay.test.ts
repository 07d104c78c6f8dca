import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/engine/bar.ts';
import { firstBarFrom, sliceCandles } from '../../src/engine/candles.ts';
import { equityPairs } from '../../src/engine/equity-curve.ts';
import { hashJson } from '../../src/engine/hash.ts';
import type { Planner, TimedPlan } from '../../src/engine/plan-source.ts';
import type { EngineEvent, ReplanRequest, RunResult } from '../../src/engine/result.ts';
import {
  barsFromRows,
  closeMs,
  inputOf,
  openMs,
  planWith,
  type Row,
  type Run,
  randomWalk,
  START_MS,
  SYMBOL,
  still,
  triggerWith,
} from '../support/bars.ts';
import { stepThrough } from '../support/step-through.ts';

const near = (value: number) => expect.closeTo(value, 9);

const BAR_MS = 5 * MINUTE_MS;

/** Its close number 2 is at 08:00, where a plan is asked for by the schedule. */
const EIGHT = START_MS + 8 * HOUR_MS - 3 * BAR_MS;

type Planned = Omit<Run, 'bars'> & { readonly startMs?: number };

function inputRows(rows: readonly (Row | null)[], { startMs = EIGHT, ...run }: Planned = {}): BacktestInput {
  return inputOf({ ...run, bars: { [SYMBOL]: barsFromRows(rows, { startMs }) } });
}

function planned(rows: readonly (Row | null)[], planner: Planner, run: Planned = {}): RunResult {
  return backtest(inputRows(rows, run), () => {}, { kind: 'planner', planner });
}

function ofKind({ events }: Pick<RunResult, 'events'>, ...kinds: readonly string[]): readonly EngineEvent[] {
  return events.filter(({ kind }) => kinds.includes(kind));
}

function entryTimes({ trades, open_positions }: RunResult): readonly number[] {
  return [...trades, ...open_positions].map(({ entry_time }) => entry_time);
}

describe('a planner', () => {
  it('is asked with the request, at the close of the request, and only then', () => {
    const asked: ReplanRequest[] = [];
    const result = planned(
      [still(100), still(91), still(100), still(89), still(91), still(89)],
      (request) => {
        asked.push(request);
        return null;
      },
      {
        triggers: [],
        plan: { levels: { [SYMBOL]: { support: [90], resistance: [] } } },
        settings: { support_break_enabled: true, min_replan_interval_minutes: 8 },
      },
    );

    expect(ofKind(result, 'replan_requested', 'replan_suppressed').map(({ kind, time }) => [kind, time])).toEqual([
      ['replan_requested', closeMs(2, EIGHT)],
      ['replan_suppressed', closeMs(3, EIGHT)],
      ['replan_requested', closeMs(5, EIGHT)],
    ]);
    expect(asked).toEqual([
      { time: closeMs(2, EIGHT), trigger_type: 'scheduled', symbol: null, trigger_details: { hour: 8 } },
      { time: closeMs(5, EIGHT), trigger_type: 'support_break', symbol: SYMBOL, trigger_details: { close: 89, level: 90 } },
    ]);
  });

  it('that has no plan changes nothing', () => {
    const rows = [still(100), still(100), still(100, 1), still(101), still(102)];
    const silent = planned(rows, () => null);
    const alone = backtest(inputRows(rows));

    expect({ ...silent, input_hash: '' }).toEqual({ ...alone, input_hash: '' });
    expect(silent.summary.replans).toBe(0);
    expect(silent.trades.length + silent.open_positions.length).toBe(1);
  });

  it('is followed from the next bar’s decision on, never at the close that asked', () => {
    const plan = planWith([triggerWith({ id: 'new', entry: 'volume == 5' })]);
    const entries = (...signals: readonly number[]) => {
      const rows = [0, 0, ...signals].map((signal) => still(100, signal));
      const { trades, open_positions } = planned(rows, () => plan);
      return [...trades, ...open_positions].map(({ trigger_id, entry_time }) => [trigger_id, entry_time]);
    };

    expect(entries(5, 0, 0), 'the new plan was not there at 08:00').toEqual([]);
    expect(entries(1, 0, 0), 'the old one was').toEqual([['long', openMs(3, EIGHT)]]);
    expect(entries(0, 5, 0), 'it is there at 08:05').toEqual([['new', openMs(4, EIGHT)]]);
    expect(entries(0, 1, 0), 'the old one is not').toEqual([]);
  });

  it('is listed in the result with the open it is followed from and the hash of its plan', () => {
    const first = planWith([triggerWith({ id: 'other' })]);
    const rows = [still(100), still(100), still(100), null, null, still(100), still(100)];
    const result = planned(rows, () => first);

    expect(
      result.plans.map(({ from, plan, dropped }) => ({ from, plan, dropped })),
      'the bar after the gap',
    ).toEqual([
      { from: EIGHT, plan: planWith([triggerWith()]), dropped: [] },
      { from: openMs(5, EIGHT), plan: first, dropped: [] },
    ]);
    expect(result.plans.map(({ hash }) => hash)).toEqual([hashJson(planWith([triggerWith()])), hashJson(first)]);
    expect(result.summary.replans).toBe(1);
    expect(ofKind(result, 'replanned')).toEqual([{ time: openMs(5, EIGHT), kind: 'replanned', dropped: 0 }]);
  });

  it('at the last close plans for nothing', () => {
    const result = planned([still(100), still(100), still(100)], () => planWith([]));

    expect(ofKind(result, 'replan_requested')).toHaveLength(1);
    expect(result.plans).toHaveLength(1);
    expect(result.summary.replans).toBe(0);
  });

  it('may plan for several symbols, each from the next bar of any', () => {
    const eth = triggerWith({ id: 'eth', symbol: 'ETH-USD' });
    const input = inputOf({
      bars: {
        'BTC-USD': barsFromRows([still(100), still(100), still(100), null, null, still(100)], { startMs: EIGHT }),
        'ETH-USD': barsFromRows([still(50), still(50), still(50), still(50, 1), still(50), still(50)], { startMs: EIGHT }),
      },
      triggers: [],
    });
    const result = backtest(input, () => {}, { kind: 'planner', planner: () => planWith([eth]) });

    expect(result.plans[1]?.from).toBe(openMs(3, EIGHT));
    expect(entryTimes(result)).toEqual([openMs(4, EIGHT)]);
  });
});

describe('a plan that is refused', () => {
  it.each([
    ['is no plan', { regime: 'sideways' }, /regime/],
    ['has a broken emergency exit', planWith([], { emergency_exit: 'close <' }), /emergency_exit/],
    ['is text', 'buy low, sell high', /plan is not usable/],
  ])('since it %s leaves the last one in force and is told', (_, proposed, reason) => {
    const rows = [still(100), still(100), still(100), still(100, 1), still(100)];
    const result = planned(rows, () => proposed);

    expect(ofKind(result, 'plan_failed')).toEqual([
      { time: openMs(3, EIGHT), kind: 'plan_failed', trigger_type: 'scheduled', reason: expect.stringMatching(reason) },
    ]);
    expect(result.plans).toHaveLength(1);
    expect(result.summary.replans).toBe(0);
    expect(entryTimes(result)).toEqual([openMs(4, EIGHT)]);
  });

  it('leaves in force what an earlier replan brought', () => {
    const hours = [7, 8];
    const startMs = START_MS + 7 * HOUR_MS - BAR_MS;
    const rows = Array.from({ length: 16 }, (_, bar) => still(100, bar === 14 ? 5 : 0));
    const result = planned(
      rows,
      ({ trigger_details }) => (trigger_details.hour === 7 ? planWith([triggerWith({ entry: 'volume == 5' })]) : {}),
      {
        startMs,
        settings: { scheduled_hours: hours },
      },
    );

    expect(result.events.map(({ kind }) => kind)).toEqual(['replan_requested', 'replanned', 'replan_requested', 'plan_failed', 'opened']);
    expect(entryTimes(result)).toEqual([openMs(15, startMs)]);
  });

  it('in one trigger only lives without that trigger', () => {
    const rows = [still(100), still(100), still(100), still(100, 1), still(100)];
    const result = planned(rows, () => planWith([triggerWith({ id: 'bad', entry: 'close >' }), triggerWith()]));

    expect(result.plans[1]?.dropped).toEqual([{ id: 'bad', reason: expect.stringContaining('entry') }]);
    expect(ofKind(result, 'replanned')).toEqual([expect.objectContaining({ dropped: 1 })]);
    expect(entryTimes(result)).toEqual([openMs(4, EIGHT)]);
  });
});

describe('a position', () => {
  const OLD = triggerWith({ exit: 'volume == 2', stop: { kind: 'pct', pct: 10 }, target: { kind: 'pct', pct: 20 } });
  const NEW = triggerWith({ exit: 'volume == 3', stop: { kind: 'pct', pct: 1 }, target: { kind: 'pct', pct: 1 } });
  const open = [still(100, 1), still(100), still(100)];
  const run = (rows: readonly Row[], plan: unknown = planWith([NEW])) =>
    planned([...open, ...rows], () => plan, { triggers: [OLD] }).trades.map(({ exit_reason, exit_price }) => [exit_reason, exit_price]);

  it('keeps the exit rule it was opened with, whatever later plans say', () => {
    expect(run([still(100), still(100, 3), still(100), still(100)])).toEqual([]);
    expect(run([still(100), still(101, 2), still(102), still(102)])).toEqual([['exit_rule', 102]]);
    expect(run([still(100), still(101, 2), still(102)], planWith([])), 'also when its trigger is gone').toEqual([['exit_rule', 102]]);
  });

  it('keeps its stop and its target', () => {
    expect(run([still(100), [100, 105, 95, 100], still(100)])).toEqual([]);
    expect(run([still(100), [100, 100, 89, 95]])).toEqual([['stop', 90]]);
    expect(run([still(100), [100, 121, 100, 110]])).toEqual([['target', 120]]);
  });

  it('opened by the new plan has the new plan’s rules, on its own timeframe', () => {
    const slow = triggerWith({ entry: 'volume > 0', exit: 'close > 100', timeframe: '15m' });
    const rows = [
      still(100),
      still(100),
      still(100),
      still(100, 1),
      still(100),
      still(100),
      still(101),
      still(101),
      still(101),
      still(102),
      still(102),
    ];
    const input = inputRows(rows, { triggers: [OLD], input: { timeframes: ['5m', '15m'] } });
    const { trades } = backtest(input, () => {}, { kind: 'planner', planner: () => planWith([slow]) });

    expect(trades, 'in after the 15m bar of 08:00, out after that of 08:15').toEqual([
      expect.objectContaining({ entry_time: openMs(6, EIGHT), exit_time: openMs(9, EIGHT), exit_price: 102 }),
    ]);
  });

  it('is closed by the emergency of the plan in force', () => {
    const emergency = planWith([NEW], { emergency_exit: 'volume == 7' });

    expect(run([still(100), still(99, 7), still(98)], emergency)).toEqual([['emergency_exit', 98]]);
  });
});

describe('a trigger id', () => {
  it('is the same trigger in every plan: its blocks are counted together', () => {
    const rows = [still(100, 1), still(100, 1), still(100, 1), still(100, 1), still(100, 1)];
    const result = planned(rows, () => planWith([triggerWith({ grade: 'A' })]));

    expect(result.blocks_by_trigger).toEqual({ long: { already_positioned: 4 } });
    expect(result.plans).toHaveLength(2);
  });

  it('counts for the day’s limits whatever plan it is in', () => {
    const rows = [still(100, 1), [100, 100, 89, 100], still(100), still(100, 1), still(100)] as const;
    const { blocks } = planned(rows, () => planWith([triggerWith({ id: 'another' })]), {
      settings: { max_triggers_per_symbol_per_day: 1 },
    });

    expect(blocks).toEqual({ symbol_triggers: 1 });
  });
});

describe('a plan that arrives while the session is away', () => {
  it('is followed by what carrying on would have brought, and blocked for real', () => {
    const rows: readonly Row[] = [still(100, 1), [100, 105, 100, 100], still(100), still(100, 5), still(100), still(102)];
    const run = (planner: Planner) =>
      planned(rows, planner, {
        triggers: [triggerWith({ target: { kind: 'pct', pct: 5 } })],
        settings: { walk_away_enabled: true, walk_away_profit_target_pct: 5, max_position_risk_pct: 10 },
      });
    const followed = run(() => planWith([triggerWith({ entry: 'volume == 5' })]));

    expect(followed.blocks).toEqual({ walked_away: 1 });
    expect(followed.summary.walk_away_events).toEqual([expect.objectContaining({ counterfactual_return_pct: near(7.1) })]);
    expect(run(() => null).summary.walk_away_events).toEqual([expect.objectContaining({ counterfactual_return_pct: near(5) })]);
  });
});

describe('a frozen timeline', () => {
  it('is followed from its times on, the first bar at or after each', () => {
    const rows = [still(100), still(100, 1), still(100), null, still(100, 1), still(100), still(100)];
    const timeline: readonly TimedPlan[] = [
      { from: openMs(1, EIGHT) - 1, plan: planWith([]) },
      { from: openMs(3, EIGHT), plan: planWith([triggerWith({ id: 'later' })]) },
    ];
    const result = backtest(inputRows(rows), () => {}, { kind: 'frozen', timeline });

    expect(result.plans.map(({ from }) => from)).toEqual([EIGHT, openMs(1, EIGHT), openMs(4, EIGHT)]);
    expect(entryTimes(result), 'the plan of bar 1 has no triggers').toEqual([openMs(5, EIGHT)]);
  });

  it('is followed where nothing else happens', () => {
    const rows = Array.from({ length: 12 }, (_, bar) => still(100, bar === 9 ? 5 : 0));
    const timeline = [
      { from: openMs(4, EIGHT), plan: planWith([triggerWith({ entry: 'volume == 5' })]) },
      { from: openMs(6, EIGHT), plan: planWith([triggerWith({ id: 'second', entry: 'volume == 5' })]) },
    ];
    const result = backtest(inputRows(rows, { settings: { scheduled_hours: [] } }), () => {}, { kind: 'frozen', timeline });

    expect(result.plans.map(({ from }) => from)).toEqual([EIGHT, openMs(4, EIGHT), openMs(6, EIGHT)]);
    expect(result.open_positions).toEqual([expect.objectContaining({ trigger_id: 'second', entry_time: openMs(10, EIGHT) })]);
  });

  it('answers nothing that is asked', () => {
    const rows = [still(100), still(100), still(100), still(100, 1), still(100)];
    const result = backtest(inputRows(rows), () => {}, { kind: 'frozen', timeline: [] });

    expect(ofKind(result, 'replan_requested')).toHaveLength(1);
    expect(result.plans).toHaveLength(1);
  });

  it('is part of the input: another timeline is another input', () => {
    const input = inputRows([still(100), still(100)]);
    const hash = (...timeline: readonly TimedPlan[]) => backtest(input, () => {}, { kind: 'frozen', timeline }).input_hash;
    const later = { from: EIGHT + BAR_MS, plan: planWith([]) };

    const hashes = [hash(), hash(later), hash({ ...later, from: EIGHT }), hash({ ...later, plan: planWith([triggerWith()]) })];
    expect(new Set(hashes).size).toBe(4);
    expect(hash(later)).toBe(hash(later));
  });
});

/** Plans that differ in everything a plan can say; the request alone chooses. */
function plannerOver(symbols: readonly string[]): Planner {
  const plans = [
    planWith(symbols.map((symbol) => triggerWith({ id: `${symbol}-l`, symbol, entry: 'close > sma_short', exit: 'volume < 0.05' }))),
    planWith(
      symbols.map((symbol) =>
        triggerWith({ id: `${symbol}-s`, symbol, side: 'short', entry: 'volume > 0.8', target: { kind: 'pct', pct: 1 } }),
      ),
      { emergency_exit: 'volume > 0.97', levels: { [symbols[0] ?? '']: { support: [95], resistance: [105] } } },
    ),
    planWith(
      symbols.map((symbol) =>
        triggerWith({ id: `${symbol}-l`, symbol, timeframe: '15m', entry: 'close crosses_above ema_fast', exit: 'close < ema_slow' }),
      ),
    ),
    planWith([], { stance: 'wait' }),
    { regime: 'nonsense' },
    null,
  ];
  return ({ time, trigger_type }) => plans[(Math.floor(time / BAR_MS) + trigger_type.length) % plans.length];
}

const INPUTS: fc.Arbitrary<BacktestInput> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    symbolCount: fc.integer({ min: 1, max: 3 }),
    missing: fc.constantFrom(0, 0.2),
    reactive: fc.boolean(),
    walkAway: fc.boolean(),
    rare: fc.boolean(),
    warmUpBars: fc.constantFrom(0, 30),
  })
  .map((made) => {
    const symbols = ['BTC-USD', 'ETH-USD', 'SOL-USD'].slice(0, made.symbolCount);
    return inputOf({
      bars: Object.fromEntries(
        symbols.map((symbol, index) => [
          symbol,
          randomWalk({ seed: made.seed + index, barCount: 600, movePct: 1.5, missing: made.missing, jumps: 0.1 }),
        ]),
      ),
      triggers: symbols.map((symbol) =>
        triggerWith({
          id: `${symbol}-l`,
          symbol,
          entry: made.rare ? 'volume > 0.985' : 'volume > 0.7',
          exit: 'volume < 0.1',
          stop: { kind: 'pct', pct: 2 },
        }),
      ),
      settings: {
        max_position_risk_pct: 2,
        max_portfolio_exposure_pct: 300,
        indicator_mode: 'short_term',
        taker_fee_pct: 0.05,
        scheduled_hours: [1, 4, 9, 13, 18, 22],
        volatility_spike_enabled: made.reactive,
        volatility_spike_multiplier: 1.3,
        drawdown_replan_enabled: made.reactive,
        drawdown_threshold_pct: 2,
        support_break_enabled: made.reactive,
        resistance_break_enabled: made.reactive,
        max_reactive_replans_per_day: 10,
        walk_away_enabled: made.walkAway,
        walk_away_profit_target_pct: 5,
        walk_away_loss_limit_pct: 2,
      },
      input: { timeframes: ['5m', '15m'], startMs: openMs(made.warmUpBars) },
    });
  });

function symbolsOf({ markets }: BacktestInput): readonly string[] {
  return markets.map(({ symbol }) => symbol);
}

function planBy(input: BacktestInput): RunResult {
  return backtest(input, () => {}, { kind: 'planner', planner: plannerOver(symbolsOf(input)) });
}

describe('plans on random walks', () => {
  it('frozen as the planner run followed them come to the same trades and the same equity', () => {
    let plans = 0;
    let trades = 0;

    fc.assert(
      fc.property(INPUTS, (input) => {
        const asked = planBy(input);
        const timeline = asked.plans.slice(1).map(({ from, plan }) => ({ from, plan }));
        const frozen = backtest(input, () => {}, { kind: 'frozen', timeline });

        expect(frozen.trades).toEqual(asked.trades);
        expect(frozen.equity).toEqual(asked.equity);
        expect(frozen.summary).toEqual(asked.summary);
        expect(frozen.open_positions).toEqual(asked.open_positions);
        expect(frozen.blocks_by_trigger).toEqual(asked.blocks_by_trigger);
        expect(frozen.plans.map(({ from, hash }) => [from, hash])).toEqual(asked.plans.map(({ from, hash }) => [from, hash]));
        plans += asked.plans.length;
        trades += asked.trades.length;
      }),
      { seed: 20_250_111, numRuns: 40 },
    );

    expect(plans).toBeGreaterThan(200);
    expect(trades).toBeGreaterThan(300);
  });

  it('follow each request at the very next open, if at all', () => {
    let followed = 0;
    let failed = 0;

    fc.assert(
      fc.property(INPUTS, (input) => {
        const result = planBy(input);
        const planner = plannerOver(symbolsOf(input));
        const opens = [...result.equity.timesMs];
        const expected = ofKind(result, 'replan_requested').flatMap(({ time, trigger_type }) => {
          const request = { time, trigger_type, symbol: null, trigger_details: {} } as ReplanRequest;
          const next = opens.find((openTimeMs) => openTimeMs >= time);
          return planner(request) === null || next === undefined ? [] : [next];
        });
        const told = ofKind(result, 'replanned', 'plan_failed');

        expect(told.map(({ time }) => time)).toEqual(expected);
        expect(result.plans.slice(1).map(({ from }) => from)).toEqual(ofKind(result, 'replanned').map(({ time }) => time));
        followed += ofKind(result, 'replanned').length;
        failed += ofKind(result, 'plan_failed').length;
      }),
      { seed: 20_250_112, numRuns: 25 },
    );

    expect(followed).toBeGreaterThan(100);
    expect(failed).toBeGreaterThan(20);
  });

  it('know nothing of the future', () => {
    let plans = 0;

    fc.assert(
      fc.property(INPUTS, (input) => {
        const cutMs = START_MS + DAY_MS + 100 * BAR_MS;
        const markets = input.markets.map((market) => ({
          ...market,
          candles: sliceCandles(market.candles, 0, firstBarFrom(market.candles, cutMs)),
        }));
        const whole = planBy(input);
        const early = planBy({ ...input, markets });
        // A day that the data leave unfinished is told as it stands.
        const events = early.events.at(-1)?.kind === 'walk_away_counterfactual' ? early.events.slice(0, -1) : early.events;

        expect(whole.trades.slice(0, early.trades.length)).toEqual(early.trades);
        expect(equityPairs(whole.equity).slice(0, early.equity.values.length)).toEqual(equityPairs(early.equity));
        expect(whole.plans.slice(0, early.plans.length)).toEqual(early.plans);
        expect(whole.events.slice(0, events.length)).toEqual(events);
        plans += early.plans.length;
      }),
      { seed: 20_250_113, numRuns: 25 },
    );

    expect(plans).toBeGreaterThan(100);
  });

  it('pass quiet bars as a session would that steps every one', () => {
    let quiet = 0;
    let events = 0;

    fc.assert(
      fc.property(INPUTS, (input) => {
        const result = backtest(input);
        const equity: (readonly [number, number])[] = [];
        const stepped = stepThrough(input, {
          look: ({ state }, closeTimeMs) => {
            equity.push([closeTimeMs - BAR_MS, state.equity]);
            if (state.symbols.every(({ position, order }) => position === null && order === null)) quiet++;
          },
        });
        const own = result.events.filter((event, index) => event.kind !== 'walk_away_counterfactual' || index < result.events.length - 1);
        const theirs = stepped.events.filter(
          (event, index) => event.kind !== 'walk_away_counterfactual' || index < stepped.events.length - 1,
        );

        expect(equityPairs(result.equity)).toEqual(equity);
        expect(result.trades).toEqual(stepped.trades);
        expect(own).toEqual(theirs);
        expect(result.summary.exposure_pct).toBe((stepped.state.tally.closesWithPosition / stepped.state.tally.closes) * 100);
        events += own.length;
      }),
      { seed: 20_250_114, numRuns: 40 },
    );

    expect(quiet).toBeGreaterThan(2_000);
    expect(events).toBeGreaterThan(2_000);
  });
});
