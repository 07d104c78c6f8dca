import { describe, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import { DAY_MS, TIMEFRAME_MS } from '../../../src/engine/bar.ts';
import type { Replay } from '../../../src/engine/replay.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSame, expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';

const RUNS = generatedRuns({ min: 20, max: 40 });

/** So much at stake that a day reaches its target or its limit in a few bars. */
const EVENTFUL = {
  walk_away_enabled: true,
  max_position_risk_pct: 10,
  max_symbol_exposure_pct: 100,
  max_daily_risk_budget_pct: 30,
  max_daily_loss_pct: 20,
} as const;

type Crossing = { readonly closeMs: number; readonly trigger: string; readonly equity: number };

describe('walking away', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('happens on exactly the first close of a day that crosses, and lets no entry follow that day', async () => {
    const seen = await forCases(RUNS, 20_250_180, (input, note) => {
      const run = { ...input, settings: { ...input.settings, ...EVENTFUL } };
      const replayed = replayOf(run);
      const told = replayed.events.filter(({ kind }) => kind === 'walk_away');

      expectSame(
        told.map(({ time, trigger, equity_at_trigger }) => ({ closeMs: time, trigger, equity: equity_at_trigger })),
        crossings(run, replayed),
        'walk-aways',
      );
      const opened = replayed.events.flatMap(({ kind, time }) => (kind === 'opened' ? [time] : []));
      for (const { time, trigger } of told) {
        const untilMs = run.settings.walk_away_resume_next_session ? Math.ceil(time / DAY_MS) * DAY_MS : Number.POSITIVE_INFINITY;
        expectSame(
          opened.filter((openedMs) => openedMs >= time && openedMs <= untilMs),
          [],
          'entries while away',
        );
        note(String(trigger));
        if (opened.some((openedMs) => openedMs > untilMs)) note('back the next day');
      }
      if (told.length > 1) note('more than once');
      for (const counts of replayed.blocks.values()) note('walked_away', counts.walked_away ?? 0);
    });

    expectSeen(seen, { profit_target: 100, loss_limit: 500, 'more than once': 100, 'back the next day': 300, walked_away: 5_000 });
  });
});

/** The first close of each day that crosses, from nothing but the equity curve. */
function crossings({ settings, timeframes }: BacktestInput, { timesMs, equity }: Replay): readonly Crossing[] {
  const found: Crossing[] = [];
  let dayStart = settings.initial_cash;
  let previous = settings.initial_cash;
  let day = Number.NEGATIVE_INFINITY;
  let isAway = false;
  timesMs.forEach((openMs, index) => {
    const marked = equity[index] as number;
    if (Math.floor(openMs / DAY_MS) !== day) {
      day = Math.floor(openMs / DAY_MS);
      dayStart = previous;
      isAway = isAway && !settings.walk_away_resume_next_session;
    }
    previous = marked;
    const gained = (marked - dayStart) * 100;
    const isUp = gained >= settings.walk_away_profit_target_pct * dayStart;
    const isDown = gained <= -settings.walk_away_loss_limit_pct * dayStart;
    if (isAway || !(dayStart > 0) || !(isUp || isDown)) return;
    isAway = true;
    found.push({ closeMs: openMs + TIMEFRAME_MS[timeframes[0]], trigger: isUp ? 'profit_target' : 'loss_limit', equity: marked });
  });
  return found;
}
