import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReplans, type WatchedRun } from '../../../bench/replan-reading.ts';
import { type Answer, firstDifference, firstMisusedPlan, type PlanUse, planInForce, shownUse } from '../../../bench/replan-verdict.ts';
import { type Bar, TIMEFRAME_MS } from '../../../src/engine/bar.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Replay } from '../../../src/engine/replay.ts';
import { REPLAN_TRIGGERS, type ReplanRequest } from '../../../src/engine/result.ts';
import { validatePlan } from '../../../src/engine/validate-plan.ts';
import { inputOf, planWith, randomWalk, START_MS, seededRandom, triggerWith } from '../../support/bars.ts';
import { expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';

const SYMBOLS = ['BTC-USD', 'ETH-USD'] as const;

const DONCHIAN_BARS = 4;

/** The equity falls by percents within a few bars. */
const STAKES = { max_position_risk_pct: 10, max_portfolio_exposure_pct: 300 } as const;

const CASES = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  symbolCount: fc.constantFrom(1, 2),
  timeframe: fc.constantFrom('1h', '4h'),
  barCount: fc.integer({ min: 30, max: 80 }),
  warmUpBars: fc.constantFrom(0, 0, 9),
  movePct: fc.constantFrom(1, 4),
  missing: fc.constantFrom(0, 0.2),
  /** Prices on a grid reach levels and channels exactly. */
  tick: fc.constantFrom(null, 0.5),
  planned: fc.constantFrom('levels', 'levels', 'channel', 'kept'),
  replan: fc.record({
    scheduled_hours: fc.constantFrom([], [0, 8, 16], [3, 4]),
    volatility_spike_enabled: fc.constantFrom(true, true, false),
    volatility_spike_multiplier: fc.constantFrom(1.1, 1.5),
    volatility_spike_lookback_bars: fc.constantFrom(5, 10),
    drawdown_replan_enabled: fc.constantFrom(true, true, false),
    drawdown_threshold_pct: fc.constantFrom(1, 3),
    support_break_enabled: fc.constantFrom(true, true, false),
    resistance_break_enabled: fc.constantFrom(true, true, false),
    max_reactive_replans_per_day: fc.constantFrom(0, 1, 3, 20),
    min_replan_interval_minutes: fc.constantFrom(1, 120, 1440),
  }),
});

type Case = typeof CASES extends fc.Arbitrary<infer Each> ? Each : never;

describe('a second reading of the monitor’s rules', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('asks and holds back on the same bars as the engine, and every plan is used from the next bar on', async () => {
    const seen = await forCases(CASES, 20_251_010, (made, note) => {
      const { watched, replayed, use } = watch(made);
      const read = readReplans(watched);

      expect(firstDifference(replayed.events, read)).toBeNull();
      expect(firstMisusedPlan(use)).toBeNull();

      for (const { type, outcome } of read) note(`${type} ${outcome}`);
      const { atAskingClose, onFirstBar } = shownUse(use, watched.barMs);
      note('entry by the old plan at an asking close', atAskingClose);
      note('entry by a plan on its first bar', onFirstBar);
    });

    const least = { requested: 500, budget: 500, interval: 300, unheard: 50 };
    const reactive = REPLAN_TRIGGERS.filter((type) => type !== 'scheduled');
    expectSeen(seen, {
      ...Object.fromEntries(reactive.flatMap((type) => Object.entries(least).map(([outcome, count]) => [`${type} ${outcome}`, count]))),
      'scheduled requested': 3_000,
      'scheduled unheard': 500,
      'entry by the old plan at an asking close': 700,
      'entry by a plan on its first bar': 700,
    });
  });
});

/** Replays a generated market with a planner that names every trigger after its plan, and keeps what it answered. */
function watch(made: Case): { readonly watched: WatchedRun; readonly replayed: Replay; readonly use: PlanUse } {
  const { timeframe, tick } = made;
  const barMs = TIMEFRAME_MS[timeframe];
  const atrBars = tick === null ? 3 : 1;
  const input = inputOf({
    bars: Object.fromEntries(SYMBOLS.slice(0, made.symbolCount).map((symbol, index) => [symbol, barsOf(made, index)])),
    triggers: triggersOf(made, 'plan-0'),
    settings: { ...made.replan, ...STAKES, indicator_mode: 'custom', custom_indicator_periods: { atr: atrBars, donchian: DONCHIAN_BARS } },
    input: { timeframes: [timeframe], startMs: START_MS + made.warmUpBars * barMs },
  });
  const scope = { symbols: SYMBOLS.slice(0, made.symbolCount), timeframes: input.timeframes };
  const first = validatePlan(input.plan, scope).plan;
  const answers: Answer[] = [];
  const planner = ({ time }: ReplanRequest): Plan | null => {
    const name = `plan-${answers.length + 1}`;
    if (made.planned === 'kept') return null;
    const levels = made.planned === 'levels' ? levelsOf(made, answers.length) : null;
    const { plan } = validatePlan(planWith(triggersOf(made, name), { levels }), scope);
    answers.push({ askedMs: time, plan });
    return plan;
  };
  const replayed = replayOf(input, { kind: 'planner', planner });
  const entries = replayed.events.flatMap(({ kind, symbol, trigger_id, time }) =>
    kind === 'opened' ? [{ symbol: String(symbol), trigger_id: String(trigger_id), entry_time: time }] : [],
  );
  return {
    replayed,
    watched: {
      settings: input.settings,
      markets: input.markets,
      barMs,
      atrBars,
      donchianBars: DONCHIAN_BARS,
      equity: { timesMs: replayed.timesMs, values: replayed.equity },
      levelsAt: (openMs) => planInForce(first, answers, openMs).levels,
    },
    use: { first, answers, used: replayed.plans, entries, markets: input.markets },
  };
}

function barsOf({ seed, timeframe, barCount, warmUpBars, movePct, missing, tick }: Case, index: number): readonly Bar[] {
  const walk = randomWalk({ seed: seed + index, barCount: barCount + warmUpBars, movePct, missing, jumps: 0.1, timeframe });
  if (tick === null) return walk;
  const near = (price: number) => Math.max(tick, Math.round(price / tick) * tick);
  return walk.map((bar) => ({ ...bar, open: near(bar.open), high: near(bar.high), low: near(bar.low), close: near(bar.close) }));
}

function triggersOf({ symbolCount, timeframe }: Case, plan: string): ReturnType<typeof triggerWith>[] {
  return SYMBOLS.slice(0, symbolCount).map((symbol) =>
    triggerWith({ id: `${plan}-${symbol}`, symbol, timeframe, entry: 'volume > 0.4', exit: 'volume < 0.15' }),
  );
}

/** Anywhere that the walk may come to, also on the wrong side of it; at times none, which leaves that side to the channel. */
function levelsOf({ seed, symbolCount, tick }: Case, count: number): Plan['levels'] {
  const random = seededRandom(seed * 31 + count);
  const price = () => (tick === null ? 80 + random() * 40 : 80 + Math.floor(random() * 80) * tick);
  const list = () => Array.from({ length: Math.floor(random() * 4) }, price);
  return Object.fromEntries(SYMBOLS.slice(0, symbolCount).map((symbol) => [symbol, { support: list(), resistance: list() }]));
}
