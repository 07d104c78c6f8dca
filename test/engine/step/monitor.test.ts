import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestInput, backtest } from '../../../src/engine/backtest.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/engine/bar.ts';
import type { EngineEvent, RunResult } from '../../../src/engine/result.ts';
import type { Overrides } from '../../../src/engine/settings.ts';
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

const near = (value: number) => expect.closeTo(value, 9);

const BAR_MS = 5 * MINUTE_MS;

/** Nothing is scheduled and nothing held back; the ATR is the true range of the bar, the channel that of three bars. */
const WATCH: Overrides = {
  scheduled_hours: [],
  indicator_mode: 'custom',
  custom_indicator_periods: { atr: 1, donchian: 3 },
  volatility_spike_lookback_bars: 5,
  max_reactive_replans_per_day: 20,
  min_replan_interval_minutes: 1,
};

function replans({ events }: Pick<RunResult, 'events'>): readonly EngineEvent[] {
  return events.filter(({ kind }) => kind === 'replan_requested' || kind === 'replan_suppressed');
}

function watch(rows: readonly (Row | null)[], settings: Overrides, run: Parameters<typeof runRows>[1] = {}): readonly EngineEvent[] {
  return replans(runRows(rows, { triggers: [], ...run, settings: { ...WATCH, ...settings } }));
}

/** Kind, time and what asked, of each event. */
function outline(events: readonly EngineEvent[]): readonly (readonly unknown[])[] {
  return events.map(({ kind, time, trigger_type, reason }) => [kind, time, trigger_type, ...(reason === undefined ? [] : [reason])]);
}

/** A bar at 100 with that true range, if the one before it closed at 100. */
function ranging(range: number): Row {
  return [100, 100 + range, 100, 100];
}

function levels(support: readonly number[], resistance: readonly number[], symbol = SYMBOL) {
  return { levels: { [symbol]: { support, resistance } } };
}

describe('volatility_spike', () => {
  const ON = { volatility_spike_enabled: true } as const;
  const CALM = [1, 1, 1, 1, 1].map(ranging);

  it('fires above the multiple of the mean of the bars before, this one excluded, and tells its numbers', () => {
    expect(watch([...CALM, ranging(2), ranging(2.5), ranging(1)], ON), 'twice 1 is not above it, 2.5 is above twice 1.2').toEqual([
      {
        kind: 'replan_requested',
        time: closeMs(6),
        trigger_type: 'volatility_spike',
        symbol: SYMBOL,
        trigger_details: { atr: 2.5, mean_atr: near(1.2), ratio: near(2.5 / 1.2) },
      },
    ]);
  });

  it('takes its own multiple and lookback', () => {
    const rows = [ranging(3), ranging(3), ...CALM, ranging(2.5)];

    expect(watch(rows, ON)).toHaveLength(1);
    expect(watch(rows, { ...ON, volatility_spike_multiplier: 2.5 })).toEqual([]);
    expect(watch(rows, { ...ON, volatility_spike_lookback_bars: 7 }), 'mean 11 / 7').toEqual([]);
    expect(watch(rows, { ...ON, volatility_spike_lookback_bars: 7, volatility_spike_multiplier: 1.5 })).toHaveLength(1);
  });

  it('never fires while a bar of the lookback is missing or unknown', () => {
    const four = CALM.slice(1);
    const settings = { ...ON, indicator_mode: 'custom', custom_indicator_periods: { atr: 3 } } as const;

    expect(watch([...four, ranging(50)], ON)).toEqual([]);
    expect(watch([...CALM, ranging(1), ranging(50)], settings), 'the ATR is known from the third bar').toEqual([]);
    expect(watch([...CALM, ranging(1), ranging(1), ranging(50)], settings)).toHaveLength(1);
  });

  it('looks at the bars before the start', () => {
    expect(watch([...CALM, ranging(3)], ON, { input: { startMs: openMs(5) } })).toHaveLength(1);
  });
});

describe('drawdown', () => {
  const ON = { drawdown_replan_enabled: true, max_position_risk_pct: 10 } as const;
  const held = { triggers: [triggerWith()] };
  const events = (closes: readonly number[], settings: Overrides = {}) =>
    watch([still(100, 1), ...closes.map((close) => still(close))], { ...ON, ...settings }, held);

  it('fires when the marked equity is exactly the threshold below its peak, and tells its numbers', () => {
    expect(events([100, 110, 104.6, 104.5])).toEqual([
      {
        kind: 'replan_requested',
        time: closeMs(4),
        trigger_type: 'drawdown',
        symbol: null,
        trigger_details: { equity: 10_450, peak_equity: 11_000, drawdown_pct: near(5) },
      },
    ]);
    expect(events([100, 110, 104.5], { drawdown_threshold_pct: 6 })).toEqual([]);
  });

  it('counts the initial cash as the first peak', () => {
    expect(events([100, 96, 95]).map(({ time }) => time)).toEqual([closeMs(3)]);
  });

  it('measures from the peak since the last replan', () => {
    const told = events([100, 110, 104, 99, 98.7, 106, 101, 100.7]);

    expect(told.map(({ time, trigger_details }) => [time, trigger_details])).toEqual([
      [closeMs(3), { equity: 10_400, peak_equity: 11_000, drawdown_pct: near((600 / 11_000) * 100) }],
      [closeMs(5), { equity: near(9_870), peak_equity: 10_400, drawdown_pct: near((530 / 10_400) * 100) }],
      [closeMs(8), { equity: near(10_070), peak_equity: 10_600, drawdown_pct: near(5) }],
    ]);
  });

  it('measures from the peak since a replan of any kind', () => {
    const startMs = START_MS + 8 * HOUR_MS - 4 * BAR_MS;
    const rows = [still(100, 1), still(100), still(110), still(106), still(104), still(101), still(100.6)];
    const told = watch(rows, { ...ON, scheduled_hours: [8] }, { ...held, startMs });

    expect(outline(told), '10 600 at 08:00').toEqual([
      ['replan_requested', closeMs(3, startMs), 'scheduled'],
      ['replan_requested', closeMs(6, startMs), 'drawdown'],
    ]);
  });

  it('keeps its peak when it is suppressed', () => {
    const told = events([100, 110, 104, 110.5, 104.9], { max_reactive_replans_per_day: 0 });

    expect(told.map(({ kind, trigger_details }) => [kind, trigger_details])).toEqual([
      ['replan_suppressed', { equity: 10_400, peak_equity: 11_000, drawdown_pct: near((600 / 11_000) * 100) }],
      ['replan_suppressed', { equity: near(10_490), peak_equity: 11_050, drawdown_pct: near((560 / 11_050) * 100) }],
    ]);
  });
});

describe('support_break and resistance_break', () => {
  const SUPPORT = { support_break_enabled: true } as const;
  const RESISTANCE = { resistance_break_enabled: true } as const;
  const closes = (...prices: readonly number[]) => prices.map((price) => still(price));

  it('fire at a close beyond a level of the plan, not at it and not inside the bar', () => {
    const plan = levels([90], [110]);

    expect(watch([still(100), [100, 100, 85, 90], still(89.5)], SUPPORT, { plan })).toEqual([
      {
        kind: 'replan_requested',
        time: closeMs(2),
        trigger_type: 'support_break',
        symbol: SYMBOL,
        trigger_details: { close: 89.5, level: 90 },
      },
    ]);
    expect(watch([still(100), [100, 115, 100, 110], still(110.5)], RESISTANCE, { plan })).toEqual([
      {
        kind: 'replan_requested',
        time: closeMs(2),
        trigger_type: 'resistance_break',
        symbol: SYMBOL,
        trigger_details: { close: 110.5, level: 110 },
      },
    ]);
  });

  it('take the nearest level', () => {
    const plan = levels([80, 90, 70], [110, 130, 120]);
    const level = ({ time, trigger_details }: EngineEvent) => [time, trigger_details];

    expect(watch(closes(100, 89, 84, 79), SUPPORT, { plan }).map(level)).toEqual([
      [closeMs(1), { close: 89, level: 90 }],
      [closeMs(3), { close: 79, level: 80 }],
    ]);
    expect(watch(closes(100, 111, 116, 121), RESISTANCE, { plan }).map(level)).toEqual([
      [closeMs(1), { close: 111, level: 110 }],
      [closeMs(3), { close: 121, level: 120 }],
    ]);
  });

  it('break the first level on the way when a bar leaps over more than one, and none on the way back', () => {
    const plan = levels([80, 90, 70], [110, 130, 120]);
    const level = ({ time, trigger_details }: EngineEvent) => [time, trigger_details];

    expect(watch(closes(100, 78, 83, 87, 95), SUPPORT, { plan }).map(level)).toEqual([[closeMs(1), { close: 78, level: 90 }]]);
    expect(watch(closes(100, 122, 117, 113, 105), RESISTANCE, { plan }).map(level)).toEqual([[closeMs(1), { close: 122, level: 110 }]]);
  });

  it('are switched on one by one', () => {
    const plan = levels([90], [110]);

    expect(watch(closes(100, 89, 111), {}, { plan })).toEqual([]);
    expect(outline(watch(closes(100, 89, 111), { ...SUPPORT, ...RESISTANCE }, { plan }))).toEqual([
      ['replan_requested', closeMs(1), 'support_break'],
      ['replan_requested', closeMs(2), 'resistance_break'],
    ]);
  });

  it.each([
    ['no levels', {}],
    ['levels of that kind for other symbols only', levels([1], [999], 'ETH-USD')],
    ['an empty list', levels([], [])],
  ])('take the Donchian channel of the bars before with %s', (_, plan) => {
    const rows: readonly Row[] = [[100, 103, 97, 100], still(100), still(100), [100, 100, 96, 97], [97, 97, 95.5, 95.5]];
    const up: readonly Row[] = [[100, 103, 97, 100], still(100), still(100), [100, 104, 100, 103], still(104.5)];

    expect(watch(rows, SUPPORT, { plan }), 'the low of 97 is not broken by a close at 97').toEqual([
      expect.objectContaining({ time: closeMs(4), trigger_details: { close: 95.5, level: 96 } }),
    ]);
    expect(watch(up, RESISTANCE, { plan })).toEqual([
      expect.objectContaining({ time: closeMs(4), trigger_details: { close: 104.5, level: 104 } }),
    ]);
  });

  it('fall back one by one: a support of the plan leaves the resistance to the channel', () => {
    const rows = closes(100, 100, 100, 101);

    expect(outline(watch(rows, { ...SUPPORT, ...RESISTANCE }, { plan: levels([50], []) }))).toEqual([
      ['replan_requested', closeMs(3), 'resistance_break'],
    ]);
  });

  it('never fire on a channel that is unknown', () => {
    expect(watch(closes(100, 90, 80), SUPPORT)).toEqual([]);
    expect(watch(closes(100, 110, 120), RESISTANCE)).toEqual([]);
  });
});

describe('a condition', () => {
  const ON = { support_break_enabled: true } as const;
  const plan = levels([90], []);

  it('fires on the edge and again only after it has been false once', () => {
    const told = watch(
      [100, 89, 88, 89.9, 90, 89, 88].map((close) => still(close)),
      ON,
      { plan },
    );

    expect(told.map(({ time }) => time)).toEqual([closeMs(1), closeMs(5)]);
  });

  it('fires on the first bar if it is true there', () => {
    expect(watch([still(89), still(89)], ON, { plan }).map(({ time }) => time)).toEqual([closeMs(0)]);
  });

  it('that was suppressed does not ask again until it has been false once', () => {
    const settings = { ...ON, min_replan_interval_minutes: 20 };
    const told = watch(
      [89, 91, 89, 88, 88, 88, 91, 88].map((close) => still(close)),
      settings,
      { plan },
    );

    expect(outline(told)).toEqual([
      ['replan_requested', closeMs(0), 'support_break'],
      ['replan_suppressed', closeMs(2), 'support_break', 'interval'],
      ['replan_requested', closeMs(7), 'support_break'],
    ]);
  });

  it('of one symbol does not arm or hold back that of another', () => {
    const told = replans(
      runOf({
        bars: {
          'BTC-USD': barsFromRows([100, 89, 88, 88].map((close) => still(close))),
          'ETH-USD': barsFromRows([60, 60, 49, 49].map((close) => still(close))),
        },
        triggers: [],
        plan: { levels: { 'BTC-USD': { support: [90], resistance: [] }, 'ETH-USD': { support: [50], resistance: [] } } },
        settings: { ...WATCH, ...ON },
      }),
    );

    expect(told.map(({ time, symbol }) => [time, symbol])).toEqual([
      [closeMs(1), 'BTC-USD'],
      [closeMs(2), 'ETH-USD'],
    ]);
  });

  it('has not been false at a time at which its symbol has no bar', () => {
    const told = replans(
      runOf({
        bars: {
          'BTC-USD': barsFromRows([100, 100, 100, 100, 100, 100].map((close) => still(close))),
          'ETH-USD': barsFromRows([still(60), still(49), null, still(49), null, still(48)]),
        },
        triggers: [],
        plan: levels([50], [], 'ETH-USD'),
        settings: { ...WATCH, ...ON },
      }),
    );

    expect(told.map(({ time, symbol }) => [time, symbol])).toEqual([[closeMs(1), 'ETH-USD']]);
  });
});

describe('at one close', () => {
  /** Long at 100, then a wide bar that closes between a resistance below it and a support above it. */
  const EVERYTHING: Overrides = {
    volatility_spike_enabled: true,
    drawdown_replan_enabled: true,
    support_break_enabled: true,
    resistance_break_enabled: true,
    max_position_risk_pct: 10,
    scheduled_hours: [8],
  };
  const startMs = START_MS + 8 * HOUR_MS - 7 * BAR_MS;
  const rows: readonly Row[] = [[100, 101, 100, 100, 1], ...[1, 1, 1, 1, 1].map(ranging), [100, 101, 94, 94]];
  const both = (settings: Overrides) => {
    const between = { support: [95], resistance: [93] };
    return replans(
      runOf({
        bars: { 'BTC-USD': barsFromRows(rows, { startMs }), 'ETH-USD': barsFromRows(rows, { startMs }) },
        plan: { levels: { 'BTC-USD': between, 'ETH-USD': between } },
        settings: { ...WATCH, ...EVERYTHING, ...settings },
      }),
    ).filter(({ time }) => time === START_MS + 8 * HOUR_MS);
  };

  it('conditions are told in their fixed order, each symbol in the order of the run; the schedule is last', () => {
    expect(
      both({ max_reactive_replans_per_day: 0 }).map(({ kind, trigger_type, symbol, reason }) => [kind, trigger_type, symbol, reason]),
    ).toEqual([
      ['replan_suppressed', 'volatility_spike', 'BTC-USD', 'budget'],
      ['replan_suppressed', 'volatility_spike', 'ETH-USD', 'budget'],
      ['replan_suppressed', 'drawdown', null, 'budget'],
      ['replan_suppressed', 'support_break', 'BTC-USD', 'budget'],
      ['replan_suppressed', 'support_break', 'ETH-USD', 'budget'],
      ['replan_requested', 'scheduled', null, undefined],
    ]);
  });

  it('only the first that may asks, and nothing else is told', () => {
    const asking = (settings: Overrides) => both(settings).map(({ trigger_type, symbol }) => [trigger_type, symbol]);

    expect(asking({})).toEqual([['volatility_spike', 'BTC-USD']]);
    expect(asking({ volatility_spike_enabled: false })).toEqual([['drawdown', null]]);
    expect(asking({ volatility_spike_enabled: false, drawdown_replan_enabled: false })).toEqual([['support_break', 'BTC-USD']]);
  });
});

describe('the budget', () => {
  const ON = { support_break_enabled: true, max_reactive_replans_per_day: 2 } as const;
  const plan = levels([90], []);
  const broken = (times: number) => Array.from({ length: times }, () => [still(91), still(89)]).flat();

  it('suppresses what goes beyond it and begins again with the UTC day', () => {
    const startMs = START_MS + DAY_MS - 7 * BAR_MS;
    const told = watch(broken(6), ON, { plan, startMs });

    expect(outline(told), 'the close at midnight belongs to the day before').toEqual([
      ['replan_requested', closeMs(1, startMs), 'support_break'],
      ['replan_requested', closeMs(3, startMs), 'support_break'],
      ['replan_suppressed', closeMs(5, startMs), 'support_break', 'budget'],
      ['replan_requested', closeMs(7, startMs), 'support_break'],
      ['replan_requested', closeMs(9, startMs), 'support_break'],
      ['replan_suppressed', closeMs(11, startMs), 'support_break', 'budget'],
    ]);
  });

  it('of none lets none through', () => {
    expect(watch(broken(2), { ...ON, max_reactive_replans_per_day: 0 }, { plan }).map(({ kind }) => kind)).toEqual([
      'replan_suppressed',
      'replan_suppressed',
    ]);
  });

  it('is not charged by what is suppressed or scheduled', () => {
    const startMs = START_MS + 8 * HOUR_MS - BAR_MS;
    const told = watch(broken(7), { ...ON, min_replan_interval_minutes: 20, scheduled_hours: [8] }, { plan, startMs });

    expect(outline(told)).toEqual([
      ['replan_requested', closeMs(0, startMs), 'scheduled'],
      ['replan_suppressed', closeMs(1, startMs), 'support_break', 'interval'],
      ['replan_suppressed', closeMs(3, startMs), 'support_break', 'interval'],
      ['replan_requested', closeMs(5, startMs), 'support_break'],
      ['replan_suppressed', closeMs(7, startMs), 'support_break', 'interval'],
      ['replan_requested', closeMs(9, startMs), 'support_break'],
      ['replan_suppressed', closeMs(11, startMs), 'support_break', 'budget'],
      ['replan_suppressed', closeMs(13, startMs), 'support_break', 'budget'],
    ]);
  });

  it('holds no scheduled one back', () => {
    const told = watch(
      [still(91), still(91)],
      { ...ON, max_reactive_replans_per_day: 0, scheduled_hours: [0, 1] },
      {
        plan,
        startMs: START_MS + HOUR_MS - BAR_MS,
      },
    );

    expect(outline(told)).toEqual([['replan_requested', START_MS + HOUR_MS, 'scheduled']]);
  });
});

describe('the interval', () => {
  const ON = { support_break_enabled: true, min_replan_interval_minutes: 60 } as const;
  const plan = levels([90], []);
  /** Breaks at these bars. */
  const breaking = (...bars: readonly number[]) => Array.from({ length: 30 }, (_, bar) => still(bars.includes(bar) ? 89 : 91));

  it('lets through what comes exactly its minutes after the last one', () => {
    expect(outline(watch(breaking(2, 13, 25), ON, { plan }))).toEqual([
      ['replan_requested', closeMs(2), 'support_break'],
      ['replan_suppressed', closeMs(13), 'support_break', 'interval'],
      ['replan_requested', closeMs(25), 'support_break'],
    ]);
    expect(outline(watch(breaking(2, 14), ON, { plan })), '60 minutes later').toEqual([
      ['replan_requested', closeMs(2), 'support_break'],
      ['replan_requested', closeMs(14), 'support_break'],
    ]);
  });

  it('runs from scheduled ones too, and never holds those back', () => {
    const startMs = START_MS + 8 * HOUR_MS - 5 * BAR_MS;
    const told = (...bars: readonly number[]) => outline(watch(breaking(...bars), { ...ON, scheduled_hours: [8] }, { plan, startMs }));

    expect(told(10, 16), '30 and 60 minutes after 08:00').toEqual([
      ['replan_requested', START_MS + 8 * HOUR_MS, 'scheduled'],
      ['replan_suppressed', closeMs(10, startMs), 'support_break', 'interval'],
      ['replan_requested', closeMs(16, startMs), 'support_break'],
    ]);
    expect(told(2), '10 minutes before 08:00').toEqual([
      ['replan_requested', closeMs(2, startMs), 'support_break'],
      ['replan_requested', START_MS + 8 * HOUR_MS, 'scheduled'],
    ]);
  });

  it('goes on over midnight', () => {
    const startMs = START_MS + DAY_MS - 5 * BAR_MS;

    expect(outline(watch(breaking(2, 10), ON, { plan, startMs }))).toEqual([
      ['replan_requested', closeMs(2, startMs), 'support_break'],
      ['replan_suppressed', closeMs(10, startMs), 'support_break', 'interval'],
    ]);
  });
});

describe('scheduled', () => {
  const calm = (count: number) => Array.from({ length: count }, () => still(100));
  const hours = (...scheduled_hours: readonly number[]) => ({ scheduled_hours });

  it('asks at the first close of each of its hours, with the hour', () => {
    const told = watch(calm(290), hours(0, 8, 16));

    expect(told).toEqual(
      [8, 16, 24].map((hour) => ({
        kind: 'replan_requested',
        time: START_MS + hour * HOUR_MS,
        trigger_type: 'scheduled',
        symbol: null,
        trigger_details: { hour: hour % 24 },
      })),
    );
  });

  it('counts an hour that passes within the first bar, not the one it opens at', () => {
    expect(watch(calm(3), hours(8), { startMs: START_MS + 8 * HOUR_MS })).toEqual([]);
    expect(watch(calm(3), hours(8), { startMs: START_MS + 8 * HOUR_MS - BAR_MS }).map(({ time }) => time)).toEqual([
      START_MS + 8 * HOUR_MS,
    ]);
  });

  it('catches up once with the hours that a gap swallowed', () => {
    const startMs = START_MS + 7 * HOUR_MS;
    const gap = (bars: number) =>
      watch([still(100), ...Array.from({ length: bars }, () => null), ...calm(3)], hours(0, 8, 16), { startMs });

    expect(
      gap(11).map(({ time }) => time),
      'the bar before 08:00 was missing, the next one closes at 08:05',
    ).toEqual([closeMs(12, startMs)]);
    expect(
      gap(130).map(({ time, trigger_details }) => [time, trigger_details]),
      '08:00 and 16:00',
    ).toEqual([[closeMs(131, startMs), { hour: 16 }]]);
    expect(
      gap(3 * 288).map(({ time }) => time),
      'three days',
    ).toEqual([closeMs(3 * 288 + 1, startMs)]);
    expect(gap(5)).toEqual([]);
  });

  it('never asks without hours', () => {
    expect(watch(calm(600), hours())).toEqual([]);
  });

  it('asks once per bar of bars longer than the hours are apart', () => {
    const told = replans(
      runRows(calm(3), {
        timeframe: '1d',
        triggers: [],
        settings: { ...WATCH, scheduled_hours: [0, 8, 16] },
        input: { timeframes: ['1d'] },
      }),
    );

    expect(told.map(({ time, trigger_details }) => [time, trigger_details])).toEqual(
      [1, 2, 3].map((days) => [START_MS + days * DAY_MS, { hour: 0 }]),
    );
  });
});

/** Everything that can ask, over several symbols with gaps, with and without levels, traded so that the equity moves. */
const INPUTS: fc.Arbitrary<BacktestInput> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    symbolCount: fc.integer({ min: 1, max: 3 }),
    missing: fc.constantFrom(0, 0.25),
    hours: fc.constantFrom<readonly number[]>([0, 8, 16], [], [3, 4, 5]),
    spike: fc.boolean(),
    multiplier: fc.constantFrom(1.1, 1.5),
    lookback: fc.constantFrom(5, 20),
    drawdown: fc.boolean(),
    support: fc.boolean(),
    resistance: fc.boolean(),
    budget: fc.constantFrom(0, 2, 20),
    intervalMinutes: fc.constantFrom(1, 60),
    leveled: fc.integer({ min: 0, max: 2 }),
    warmUpBars: fc.constantFrom(0, 25),
    walkAway: fc.boolean(),
  })
  .map((made) => {
    const symbols = ['BTC-USD', 'ETH-USD', 'SOL-USD'].slice(0, made.symbolCount);
    const walk = (index: number) => randomWalk({ seed: made.seed + index, barCount: 420, movePct: 2, missing: made.missing, jumps: 0.1 });
    const leveled = symbols
      .slice(0, made.leveled)
      .map((symbol) => [symbol, { support: [80, 95, 90], resistance: [105, 120, 110] }] as const);
    return inputOf({
      bars: Object.fromEntries(symbols.map((symbol, index) => [symbol, walk(index)])),
      triggers: symbols.map((symbol) => triggerWith({ id: symbol, symbol, entry: 'volume > 0.8', exit: 'volume < 0.05' })),
      plan: { levels: Object.fromEntries(leveled) },
      settings: {
        max_position_risk_pct: 5,
        max_portfolio_exposure_pct: 300,
        indicator_mode: 'short_term',
        scheduled_hours: made.hours,
        volatility_spike_enabled: made.spike,
        volatility_spike_multiplier: made.multiplier,
        volatility_spike_lookback_bars: made.lookback,
        drawdown_replan_enabled: made.drawdown,
        drawdown_threshold_pct: 2,
        support_break_enabled: made.support,
        resistance_break_enabled: made.resistance,
        max_reactive_replans_per_day: made.budget,
        min_replan_interval_minutes: made.intervalMinutes,
        walk_away_enabled: made.walkAway,
        walk_away_profit_target_pct: 5,
        walk_away_loss_limit_pct: 2,
      },
      input: { startMs: openMs(made.warmUpBars) },
    });
  });

describe('the monitor on random walks', () => {
  it('gives every request the numbers that made it true', () => {
    let numbers = 0;

    fc.assert(
      fc.property(INPUTS, (input) => {
        const { settings } = input;
        for (const { trigger_type, trigger_details, time } of replans(backtest(input))) {
          const details = trigger_details as Readonly<Record<string, number>>;
          const at = (name: string) => details[name] ?? Number.NaN;
          numbers++;
          if (trigger_type === 'volatility_spike') {
            expect(at('ratio')).toBeCloseTo(at('atr') / at('mean_atr'), 9);
            expect(at('ratio')).toBeGreaterThan(settings.volatility_spike_multiplier);
          } else if (trigger_type === 'drawdown') {
            expect(at('drawdown_pct')).toBeCloseTo((1 - at('equity') / at('peak_equity')) * 100, 9);
            expect(at('drawdown_pct')).toBeGreaterThanOrEqual(settings.drawdown_threshold_pct - 1e-9);
          } else if (trigger_type === 'support_break') expect(at('close')).toBeLessThan(at('level'));
          else if (trigger_type === 'resistance_break') expect(at('close')).toBeGreaterThan(at('level'));
          else expect(at('hour')).toBe(Math.floor(time / HOUR_MS) % 24);
        }
      }),
      { seed: 20_250_109, numRuns: 20 },
    );

    expect(numbers).toBeGreaterThan(100);
  });

  it('changes nothing of what is traded while nobody plans', () => {
    let asked = 0;

    fc.assert(
      fc.property(INPUTS, (input) => {
        const blind: BacktestInput = {
          ...input,
          settings: {
            ...input.settings,
            scheduled_hours: [],
            volatility_spike_enabled: false,
            drawdown_replan_enabled: false,
            support_break_enabled: false,
            resistance_break_enabled: false,
          },
        };
        const watched = backtest(input);

        expect(backtest(blind).trades).toEqual(watched.trades);
        expect(backtest(blind).equity).toEqual(watched.equity);
        asked += replans(watched).length;
      }),
      { seed: 20_250_110, numRuns: 10 },
    );

    expect(asked).toBeGreaterThan(50);
  });
});

describe('a plan that follows', () => {
  it('brings its own levels, from its own first close on', () => {
    const bars = { [SYMBOL]: barsFromRows([100, 89, 91, 89, 94, 91].map((close) => still(close))) };
    const input = inputOf({ bars, triggers: [], plan: levels([90], []), settings: { ...WATCH, support_break_enabled: true } });
    const timeline = [{ from: openMs(3), plan: planWith([], levels([92], [])) }];
    const told = replans(backtest(input, () => {}, { kind: 'frozen', timeline }));

    expect(told.map(({ time, trigger_details }) => [time, trigger_details])).toEqual([
      [closeMs(1), { close: 89, level: 90 }],
      [closeMs(3), { close: 89, level: 92 }],
      [closeMs(5), { close: 91, level: 92 }],
    ]);
  });
});
