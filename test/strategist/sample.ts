import type { BacktestInput } from '../../src/engine/backtest.ts';
import { DAY_MS } from '../../src/engine/bar.ts';
import { candlesFromBars } from '../../src/engine/candles.ts';
import type { Plan } from '../../src/engine/plan.ts';
import type { Overrides } from '../../src/engine/settings.ts';
import { planRun } from '../../src/strategist/plan-run.ts';
import type { PlanQuestion } from '../../src/strategist/planner.ts';
import type { Proposal } from '../../src/strategist/proposal-schema.ts';
import { createRulePlanner } from '../../src/strategist/rule-planner.ts';
import { randomWalk, START_MS, settingsWith } from '../support/bars.ts';

export type Sample = {
  readonly seed?: number;
  readonly days?: number;
  readonly warmUpDays?: number;
  readonly symbols?: readonly string[];
  readonly timeframes?: BacktestInput['timeframes'];
  readonly settings?: Overrides;
  readonly movePct?: number;
  readonly startMs?: number;
  readonly missing?: number;
};

/** A run over random walks, with enough bars before it for every indicator of the short periods. */
export function sampleRun(sample: Sample = {}): BacktestInput {
  const { seed = 1, days = 2, warmUpDays = 5, symbols = ['BTC-USD'], timeframes = ['5m', '15m', '1h'], settings = {} } = sample;
  const { movePct = 1, startMs = START_MS + 30 * DAY_MS, missing = 0 } = sample;
  const barCount = (days + warmUpDays) * 288;
  return {
    settings: settingsWith({ indicator_mode: 'short_term', taker_fee_pct: 0.02, slippage_pct: 0.01, ...settings }),
    plan: null,
    timeframes,
    instrument: 'perpetual',
    exchange: 'bybit',
    startMs,
    markets: symbols.map((symbol, index) => {
      const walk = {
        seed: seed + index,
        barCount,
        movePct,
        missing,
        startPrice: 100 * (index + 1),
        startMs: startMs - warmUpDays * DAY_MS,
      };
      return { symbol, candles: candlesFromBars(randomWalk(walk)), funding: null };
    }),
    source: 'test',
    simulated: false,
  };
}

export const never = new AbortController().signal;

/** Every question that the run asks when it is planned by rules. */
export async function questionsOf(input: BacktestInput): Promise<readonly PlanQuestion[]> {
  const questions: PlanQuestion[] = [];
  const planner = createRulePlanner('test');
  await planRun(input, {
    ask: (question, signal) => {
      questions.push(question);
      return planner(question, signal);
    },
    signal: never,
    onPlan: () => {},
  });
  return questions;
}

export async function firstQuestionOf(input: BacktestInput): Promise<PlanQuestion> {
  const [first] = await questionsOf(input);
  if (first === undefined) throw new Error('The run asked nothing.');
  return first;
}

/** How a model would write the plan. */
export function proposalOf({ triggers, levels, ...rest }: Plan): Proposal {
  return {
    ...rest,
    triggers: triggers.map(({ stop, target, ...trigger }) => ({
      ...trigger,
      stop: stop.kind === 'atr' ? { kind: 'atr', value: stop.multiple } : { kind: 'pct', value: stop.pct },
      target: target === null ? null : target.kind === 'r' ? { kind: 'r', value: target.multiple } : { kind: 'pct', value: target.pct },
    })),
    levels: Object.entries(levels ?? {}).map(([symbol, prices]) => ({ symbol, ...prices })),
  };
}

/** A plan that validates, with one trigger that is a breakout. */
export const GOOD_PROPOSAL: Proposal = {
  regime: 'bull',
  stance: 'active',
  rationale: 'The hour rises; wait for a break on volume.',
  triggers: [
    {
      id: 'btc-break-long',
      symbol: 'BTC-USD',
      timeframe: '5m',
      side: 'long',
      category: 'volatility_breakout',
      grade: 'A',
      entry: 'close > donchian_high and close@1h > sma_medium@1h',
      exit: 'close crosses_below sma_medium',
      stop: { kind: 'atr', value: 2.5 },
      target: { kind: 'r', value: 2 },
    },
  ],
  emergency_exit: null,
  levels: [{ symbol: 'BTC-USD', support: [80], resistance: [110] }],
};
