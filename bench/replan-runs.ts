import { planBacktest } from '../src/desk/plan-backtest.ts';
import { type BacktestInput, runPrepared } from '../src/engine/backtest.ts';
import { DAY_MS, HOUR_MS, TIMEFRAME_MS } from '../src/engine/bar.ts';
import { firstBarFrom, sliceCandles } from '../src/engine/candles.ts';
import type { Plan } from '../src/engine/plan.ts';
import type { PlanSource } from '../src/engine/plan-source.ts';
import { plansOf } from '../src/engine/prepare-backtest.ts';
import { findRunPreset } from '../src/engine/presets.ts';
import type { Market } from '../src/engine/program.ts';
import type { RunResult } from '../src/engine/result.ts';
import { effectiveSettings, type Overrides } from '../src/engine/settings.ts';
import { validatePlan } from '../src/engine/validate-plan.ts';
import { prepareWarmedUp } from '../src/engine/warmed-up.ts';
import { createRulePlanner } from '../src/strategist/rule-planner.ts';
import { planOfStrategy } from '../src/strategist/strategy.ts';
import type { WatchedRun } from './replan-reading.ts';
import { type Answer, type PlanUse, planInForce } from './replan-verdict.ts';

/** What a run told, and everything that a second reader needs to say the same. */
export type ReplanRun = {
  readonly name: string;
  readonly result: RunResult;
  readonly watched: WatchedRun;
  readonly use: PlanUse;
};

const PRESET = findRunPreset('scalper-5m');
const BAR_MS = TIMEFRAME_MS['5m'];

const CRASH = { startMs: Date.UTC(2025, 9, 9), endMs: Date.UTC(2025, 9, 12) };

/** As engine.md has them for the short_term mode, which the preset chooses; bars. */
const SHORT_TERM = { atrBars: 7, donchianBars: 10 };

/** Every reactive trigger on, at its default threshold, on the schedule's default hours. */
const WATCHING: Overrides = {
  ...PRESET.overrides,
  volatility_spike_enabled: true,
  drawdown_replan_enabled: true,
  support_break_enabled: true,
  resistance_break_enabled: true,
};

const BUDGETS: readonly { readonly told: string; readonly overrides: Overrides }[] = [
  { told: '3 a day, 60 minutes apart', overrides: {} },
  { told: '20 a day, 1 minute apart', overrides: { max_reactive_replans_per_day: 20, min_replan_interval_minutes: 1 } },
];

/** A leveraged long that is held: the equity falls with the market. */
const HELD: Overrides = { max_position_risk_pct: 10, max_portfolio_exposure_pct: 300, max_daily_loss_pct: 20 };

/** The month without levels, the month with levels drawn anew by every plan, and the crash with longs held and as the rules plan it. */
export async function* replanRuns(markets: readonly Market[]): AsyncGenerator<ReplanRun> {
  for (const { told, overrides } of BUDGETS) {
    const input = inputOf(markets, overrides);
    yield runWith(`Donchian channel only, the month, ${told}`, input, { kind: 'none' }, []);
    const answers: Answer[] = [];
    const planner: PlanSource = {
      kind: 'planner',
      planner: ({ time }) => {
        const plan = planWithLevels(markets, time, `plan-${answers.length + 1}`);
        answers.push({ askedMs: time, plan });
        return plan;
      },
    };
    yield runWith(`plans with levels, the month, ${told}`, input, planner, answers);
    const crash = crashOf(markets);
    const held = { ...inputOf(crash, { ...HELD, ...overrides }), plan: longsOf(crash, CRASH.startMs), startMs: CRASH.startMs };
    yield runWith(`longs held at 3×, 9 to 11 October, ${told}`, held, { kind: 'none' }, []);
    yield await runByRules(`rule-based strategist, 9 to 11 October, ${told}`, { ...inputOf(crash, overrides), startMs: CRASH.startMs });
  }
}

function inputOf(markets: readonly Market[], overrides: Overrides): BacktestInput {
  return {
    settings: effectiveSettings(WATCHING, overrides),
    plan: planOfStrategy(PRESET.strategyId, symbolsOf(markets), '5m'),
    timeframes: PRESET.timeframes,
    instrument: 'perpetual',
    exchange: 'binanceusdm',
    startMs: null,
    markets,
    source: 'files',
    simulated: false,
  };
}

/** The bars up to the end of the days of the crash; those before it fill the columns. */
function crashOf(markets: readonly Market[]): readonly Market[] {
  return markets.map((market) => {
    const { candles } = market;
    return { ...market, candles: sliceCandles(candles, 0, firstBarFrom(candles, CRASH.endMs)) };
  });
}

/** As the desk plans a run: asked at every request with what was known then, then replayed with what was answered. */
async function runByRules(name: string, asked: BacktestInput): Promise<ReplanRun> {
  const { signal } = new AbortController();
  const { backtest, records } = await planBacktest(asked, createRulePlanner('no model'), { signal, onProgress: () => {} });
  const requests = records.flatMap(({ request, planHash }) => (request === null || planHash === null ? [] : [request]));
  const plans = backtest.planned?.timeline ?? [];
  if (requests.length !== plans.length) throw new Error(`${requests.length} requests were answered, ${plans.length} plans followed`);
  const answers = requests.map(({ time }, index) => ({ askedMs: time, plan: planOf(backtest, plans[index]?.plan) }));
  return runWith(name, backtest, plansOf(backtest), answers);
}

function runWith(name: string, input: BacktestInput, plans: PlanSource, answers: readonly Answer[]): ReplanRun {
  const prepared = prepareWarmedUp(input)(input.settings);
  const result = runPrepared(prepared, input.settings, plans, () => {});
  const first = planOf(input, input.plan);
  const { markets } = prepared;
  return {
    name,
    result,
    watched: {
      settings: input.settings,
      markets,
      barMs: BAR_MS,
      ...SHORT_TERM,
      equity: result.equity,
      levelsAt: (openMs) => planInForce(first, answers, openMs).levels,
    },
    use: { first, answers, used: result.plans, entries: [...result.trades, ...result.open_positions], markets },
  };
}

function planOf({ markets, timeframes }: BacktestInput, proposed: unknown): Plan {
  return validatePlan(proposed, { symbols: symbolsOf(markets), timeframes }).plan;
}

/** The strategy's own triggers, named after the plan, with the extremes of the last hours before a close as levels. */
function planWithLevels(markets: readonly Market[], closeMs: number, name: string): Plan {
  const plan = planOfStrategy(PRESET.strategyId, symbolsOf(markets), '5m');
  const levels = markets.map(({ symbol, candles }) => {
    const spans = [6 * HOUR_MS, DAY_MS, 3 * DAY_MS].map((spanMs) =>
      sliceCandles(candles, firstBarFrom(candles, closeMs - spanMs), firstBarFrom(candles, closeMs)),
    );
    return [symbol, { support: spans.map(({ low }) => Math.min(...low)), resistance: spans.map(({ high }) => Math.max(...high)) }] as const;
  });
  return {
    ...plan,
    triggers: plan.triggers.map((trigger) => ({ ...trigger, id: `${name}-${trigger.id}` })),
    levels: Object.fromEntries(levels),
  };
}

/** Enters as soon as it may and never leaves by a rule; levels of the time before. */
function longsOf(markets: readonly Market[], closeMs: number): Plan {
  const [trigger] = planOfStrategy(PRESET.strategyId, ['BTC-USD'], '5m').triggers;
  if (trigger === undefined) throw new Error('The strategy has no trigger to begin from.');
  const long = { ...trigger, side: 'long', entry: 'close > 0', exit: null, stop: { kind: 'pct', pct: 10 }, target: null } as const;
  return {
    ...planWithLevels(markets, closeMs, 'held'),
    triggers: symbolsOf(markets).map((symbol) => ({ ...long, id: `hold-${symbol.toLowerCase()}`, symbol })),
  };
}

function symbolsOf(markets: readonly Market[]): readonly string[] {
  return markets.map(({ symbol }) => symbol);
}
