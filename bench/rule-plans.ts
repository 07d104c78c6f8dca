import { parseArgs } from 'node:util';
import { planBacktest } from '../src/desk/plan-backtest.ts';
import { aggregateCandles } from '../src/engine/aggregate.ts';
import { runPrepared } from '../src/engine/backtest.ts';
import type { Plan, Trigger } from '../src/engine/plan.ts';
import type { PlanMarket } from '../src/engine/plan-record.ts';
import { plansOf } from '../src/engine/prepare-backtest.ts';
import { findRunPreset, type RunPreset } from '../src/engine/presets.ts';
import type { Market } from '../src/engine/program.ts';
import type { RunResult } from '../src/engine/result.ts';
import { effectiveSettings } from '../src/engine/settings.ts';
import { prepareWarmedUp } from '../src/engine/warmed-up.ts';
import { planByRules } from '../src/strategist/plan-by-rules.ts';
import { marketOf } from '../src/strategist/plan-run.ts';
import { createRulePlanner } from '../src/strategist/rule-planner.ts';
import { readMarket } from './real-markets.ts';
import { type ArchetypeRow, archetypeTable } from './rule-plans-table.ts';

/**
 * Plans the real bars of 9 to 26 October 2025 by rules, BTC and ETH each on their own, and says per archetype what the plans promised and
 * what became of it: node bench/rule-plans.ts [folder], with the folder of *_BTC-USDT_5m_*.csv.gz and *_BTC-USDT_funding_*.csv.gz.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const folder = positionals[0] ?? '../shared/data';
const FROM_MS = Date.UTC(2025, 9, 9);

/** A plan as it was asked for: what the rules wished, and what was left once idle triggers were gone. */
type Planned = { readonly wished: readonly Trigger[]; readonly plan: Plan; readonly market: PlanMarket };

const markets = ['BTC-USD', 'ETH-USD'].map((symbol) => readMarket(folder, symbol));
for (const name of ['scalper-5m', 'conservative']) await show(findRunPreset(name));

async function show(preset: RunPreset): Promise<void> {
  const planned: Planned[] = [];
  const results: RunResult[] = [];
  for (const market of markets) results.push(await run(preset, market, planned));
  const stances = Map.groupBy(planned, ({ plan }) => `${plan.regime} ${plan.stance}`);
  print(`\n## ${preset.name} (${preset.timeframes.join(' ')}), ${planned.length} plans\n`);
  print(`${[...stances].map(([kind, plans]) => `${kind} ${plans.length}`).join(' · ')}\n`);
  print(archetypeTable(archetypesOf(planned).map((archetype) => rowOf(archetype, planned, results))));
  results.forEach(({ summary: { total_trades, equity_return_pct, fees, expectancy_r }, open_positions }, index) => {
    const net = `net ${equity_return_pct.toFixed(2)} % over ${total_trades} trades, ${open_positions.length} open, fees ${fees.toFixed(0)}`;
    print(`${markets[index]?.symbol}: ${net}, ${expectancy_r === null ? 'no expectancy' : `${expectancy_r.toFixed(2)} R a trade`}`);
  });
}

async function run({ overrides, timeframes }: RunPreset, market: Market, planned: Planned[]): Promise<RunResult> {
  const [base] = timeframes;
  const candles = base === '5m' ? market.candles : aggregateCandles(market.candles, '5m', base);
  const ask = createRulePlanner('no model');
  const { backtest } = await planBacktest(
    {
      settings: effectiveSettings(overrides),
      plan: null,
      timeframes,
      instrument: 'perpetual',
      exchange: 'binanceusdm',
      startMs: FROM_MS,
      markets: [{ ...market, candles }],
      source: 'files',
      simulated: false,
    },
    async (question, signal) => {
      const answer = await ask(question, signal);
      const { snapshot } = question;
      if (answer.plan !== null) {
        planned.push({ wished: planByRules(snapshot).triggers, plan: answer.plan.plan, market: marketOf(snapshot) });
      }
      return answer;
    },
    { signal: new AbortController().signal, onProgress: () => {} },
  );
  return runPrepared(prepareWarmedUp(backtest)(backtest.settings), backtest.settings, plansOf(backtest), () => {});
}

/** An id is symbol, archetype and side. */
function archetypeOf(triggerId: string): string {
  return triggerId.split('-').at(-2) ?? triggerId;
}

function archetypesOf(planned: readonly Planned[]): readonly string[] {
  return [...new Set(planned.flatMap(({ wished }) => wished.map(({ id }) => archetypeOf(id))))].sort();
}

function rowOf(archetype: string, planned: readonly Planned[], results: readonly RunResult[]): ArchetypeRow {
  const isOwn = ({ id }: { readonly id: string }) => archetypeOf(id) === archetype;
  const kept = planned.flatMap(({ plan, market }) => plan.triggers.filter(isOwn).map((trigger) => ({ trigger, market })));
  const wished = planned.flatMap((each) => each.wished.filter(isOwn)).length;
  const trades = results.flatMap((result) => result.trades.filter(({ trigger_id }) => archetypeOf(trigger_id) === archetype));
  const stillOpen = results.flatMap((result) => result.open_positions.filter(({ trigger_id }) => archetypeOf(trigger_id) === archetype));
  return {
    archetype,
    plans: planned.filter(({ plan }) => plan.triggers.some(isOwn)).length,
    kept: kept.length,
    dead: wished - kept.length,
    entries: trades.length + stillOpen.length,
    exits: [...Map.groupBy(trades, ({ exit_reason }) => exit_reason)].map(([reason, own]) => ({ reason, count: own.length })),
    promised: kept.flatMap(({ trigger, market }) => promiseOf(trigger, market)),
    tradesR: trades.map(({ r }) => r),
  };
}

/** As a card says it: from the ATR when the plan was made. */
function promiseOf({ symbol, timeframe, stop, target }: Trigger, { frames, round_trip_cost_pct: costPct }: PlanMarket) {
  const atrPct = frames.find((frame) => frame.symbol === symbol && frame.timeframe === timeframe)?.atr_pct ?? null;
  if (atrPct === null || stop.kind !== 'atr' || target?.kind !== 'r') return [];
  const stopPct = stop.multiple * atrPct;
  const targetPct = target.multiple * stopPct;
  return [{ stopPct, targetPct, rewardToRisk: (targetPct - costPct) / (stopPct + costPct) }];
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
