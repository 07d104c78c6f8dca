import { describe, expect, it } from 'vitest';
import { backtest } from '../../src/engine/backtest.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';
import type { PlanSource } from '../../src/engine/plan-source.ts';
import { playTimeline, playTo } from '../../src/engine/playback.ts';
import { barsFromRows, inputOf, openMs, planWith, type Row, randomWalk, SYMBOL, still, triggerWith } from '../support/bars.ts';
import { replayOf } from '../support/replay-of.ts';

const NONE: PlanSource = { kind: 'none' };
const played = (rows: readonly Row[], run: Omit<Parameters<typeof inputOf>[0], 'bars'> = {}, plans: PlanSource = NONE) => ({
  input: inputOf({ bars: { [SYMBOL]: barsFromRows(rows) }, ...run }),
  plans,
});

/** Long at bar 2's open, still held at bar 4's close, stopped inside bar 5. */
const HELD: readonly Row[] = [still(100), still(100, 1), still(100), still(100), still(100, 1), [100, 100, 80, 85], still(85)];

describe('playTimeline', () => {
  it('stops at the bars at which something happened, in their order', () => {
    const { timesMs, stops, finalEquity } = playTimeline(played(HELD));

    expect([...timesMs]).toEqual(HELD.map((_, index) => openMs(index)));
    expect([...stops], 'opened, closed with the daily loss').toEqual([2, 5]);
    expect(finalEquity).toBe(backtest(played(HELD).input).summary.final_equity);
  });

  it('stops at what was blocked when nothing ever happened', () => {
    const rows = [still(100), still(100, 1), still(100), still(100, 1)];

    expect([...playTimeline(played(rows, { plan: { stance: 'wait' } })).stops]).toEqual([1, 3]);
  });

  it('stops at a plan that took effect, not at every hour of the schedule', () => {
    const rows = Array.from({ length: 40 }, () => still(100));
    const settings = { scheduled_hours: [1, 2, 3] };
    const plans: PlanSource = { kind: 'frozen', timeline: [{ from: openMs(7), plan: planWith([triggerWith({ id: 'later' })]) }] };

    expect([...playTimeline(played(rows, { settings }, plans)).stops]).toEqual([7]);
    expect(playTo(played(rows, { settings }, plans), openMs(7))).toMatchObject({
      happened: [{ kind: 'replanned' }],
      plan: { number: 2, plan: { triggers: [{ id: 'later' }] } },
    });
  });
});

describe('playTo', () => {
  it('tells what a trigger ordered at the close, before it fills', () => {
    const { firings, happened, state } = playTo(played(HELD), openMs(1));

    expect(firings).toMatchObject([{ kind: 'ordered', triggerId: 'long', order: { kind: 'entry', direction: 1 } }]);
    expect(happened).toEqual([]);
    expect(state.symbols[0]?.position).toBeNull();
  });

  it('tells what opened in the bar and what is held at its close', () => {
    const { happened, state, firings } = playTo(played(HELD), openMs(2));

    expect(happened).toMatchObject([{ kind: 'opened', symbol: SYMBOL }]);
    expect(state.symbols[0]?.position).toMatchObject({ entryPrice: 100, stop: 90 });
    expect(firings).toEqual([]);
  });

  it('tells which gate blocked a trigger', () => {
    expect(playTo(played(HELD), openMs(4)).firings).toEqual([{ kind: 'blocked', triggerId: 'long', reason: 'already_positioned' }]);
  });

  it('tells an exit rule that had to wait, and the exit that was ordered after it', () => {
    const rows = [still(100, 1), still(100, 2), still(100, 2), still(100)];
    const run = { triggers: [triggerWith({ exit: 'volume == 2' })], settings: { min_hold_bars: 1 } };

    expect(playTo(played(rows, run), openMs(1))).toMatchObject({ heldBackExits: 1, exits: [] });
    expect(playTo(played(rows, run), openMs(2))).toMatchObject({ heldBackExits: 0, exits: [{ symbol: SYMBOL, reason: 'exit_rule' }] });
  });

  it('marks a trade in the bar in which it ended, though its time is the close', () => {
    const { view } = playTo(played(HELD), openMs(6));

    expect(view.trades).toMatchObject([{ exit_reason: 'stop', exit_time: openMs(5) }]);
    expect(view.cursor).toBe(6);
  });

  it('looks at the symbol to which something happened', () => {
    const bars = {
      [SYMBOL]: barsFromRows([still(100), still(100), still(100)]),
      'ETH-USD': barsFromRows([still(50, 1), still(50), still(50)]),
    };
    const input = inputOf({ bars, triggers: [triggerWith({ symbol: 'ETH-USD' })] });

    expect(playTo({ input, plans: NONE }, openMs(1)).view).toMatchObject({ symbol: 'ETH-USD', cursor: 1 });
    expect([...playTimeline({ input, plans: NONE }).timesMs], 'two bars of a time are one place').toHaveLength(3);
  });

  it('knows no counterfactual of a day that goes on', () => {
    const rows: readonly Row[] = [still(100, 1), [100, 160, 100, 160], still(160), still(160)];
    const settings = { walk_away_enabled: true, walk_away_profit_target_pct: 5 };
    const kinds = (bar: number) => playTo(played(rows, { settings }), openMs(bar)).happened.map(({ kind }) => kind);

    expect(kinds(1)).toContain('walk_away');
    expect(kinds(2)).not.toContain('walk_away_counterfactual');
    expect(kinds(3), 'the last bar ends the day').toContain('walk_away_counterfactual');
  });

  it.each([1, 2, 3])('is at every bar what the run was there, however it got there (walk %i)', (seed) => {
    const bars = randomWalk({ seed, barCount: 260, movePct: 3 });
    const triggers = [triggerWith({ entry: 'close > open', exit: 'close < open', stop: { kind: 'pct', pct: 2 } })];
    const input = inputOf({ bars: { [SYMBOL]: bars }, triggers, settings: { min_hold_bars: 2 } });
    let positions = 0;

    for (let bar = 0; bar < bars.length; bar += 13) {
      const until = { ...input, markets: [{ symbol: SYMBOL, candles: candlesFromBars(bars.slice(0, bar + 1)), funding: null }] };
      const { state } = playTo({ input, plans: NONE }, bars[bar]?.openTimeMs ?? 0);
      expect(state, `bar ${bar}`).toEqual(replayOf(until).state);
      if (state.symbols[0]?.position != null) positions++;
    }
    expect(positions, 'some bars held a position').toBeGreaterThan(2);
  });
});
