import { runPrepared } from './backtest.ts';
import { hashJson } from './hash.ts';
import type { PlanSource } from './plan-source.ts';
import { type BacktestInput, type PreparedBacktest, plansOf } from './prepare-backtest.ts';
import { Refusal } from './refusal.ts';
import type { RunResult, SizeCap, Summary } from './result.ts';
import { effectiveSettings, type Overrides } from './settings.ts';
import type { ReplayProgress } from './step-through.ts';
import { prepareWarmedUp } from './warmed-up.ts';

export type ComparisonInput = {
  /** Its bars reach back far enough for every variation. */
  readonly base: BacktestInput;
  readonly variations: readonly Overrides[];
  /** One for each variation, for people. */
  readonly labels: readonly string[];
};

/** Numbers and null; what is no number (blocks, walk-aways) is counted. */
export type ComparisonSummary = Readonly<Record<string, readonly (number | null)[]>>;

export type Comparison = {
  readonly base: RunResult;
  /** What the base ran on. */
  readonly prepared: PreparedBacktest;
  readonly variants: readonly RunResult[];
  readonly labels: readonly string[];
  /** Metric → a value per variant. */
  readonly summary: ComparisonSummary;
  readonly notes: readonly string[];
};

export const MAX_VARIANTS = 25;

/**
 * Runs variations of one base over shared bars, columns and rules. The plans that the base run followed are frozen and
 * replayed by every variant, so that variants differ by their parameters and not by what a planner said.
 */
export function compare(
  { base, variations, labels }: ComparisonInput,
  plans: PlanSource = plansOf(base),
  report: ReplayProgress = () => {},
): Comparison {
  refuseBadShape(variations, labels);
  const prepare = prepareWarmedUp(base);
  const prepared = prepare(base.settings);
  const steps = variations.length + 1;
  const baseRun = runPrepared(prepared, base.settings, plans, (done) => report(done / steps));
  const frozen: PlanSource = { kind: 'frozen', timeline: baseRun.plans.slice(1).map(({ from, plan }) => ({ from, plan })) };
  // Equal settings are equal runs: the base and every different variant are stepped once.
  const runs = new Map([[hashJson(base.settings), baseRun]]);
  const variants = variations.map((variation, index) => {
    const settings = effectiveSettings(base.settings, variation);
    const key = hashJson(settings);
    const variant = runs.get(key) ?? runPrepared(prepare(settings), settings, frozen, (done) => report((index + 1 + done) / steps));
    runs.set(key, variant);
    return variant;
  });
  return { base: baseRun, prepared, variants, labels, summary: summarizeVariants(variants), notes: noteTwins(variants, labels) };
}

function refuseBadShape(variations: readonly Overrides[], labels: readonly string[]): void {
  if (variations.length === 0 || variations.length > MAX_VARIANTS) {
    throw new Refusal(`A comparison has 1 to ${MAX_VARIANTS} variants, not ${variations.length}; name e.g. leverage:1,2,3,5`);
  }
  if (labels.length !== variations.length) {
    throw new Refusal(`There are ${variations.length} variants but ${labels.length} labels; give one label for each variant`);
  }
}

function summarizeVariants(variants: readonly RunResult[]): ComparisonSummary {
  const names = Object.keys(variants[0]?.summary ?? {}) as (keyof Summary)[];
  return Object.fromEntries(
    names.filter((name) => name !== 'blocks').map((name) => [name, variants.map(({ summary }) => toNumber(summary[name]))]),
  );
}

function toNumber(value: Summary[keyof Summary]): number | null {
  if (value === null || typeof value === 'number') return value;
  return Array.isArray(value) ? value.length : null;
}

/** Variants that came out the same, and the cap that made the parameter idle. */
function noteTwins(variants: readonly RunResult[], labels: readonly string[]): readonly string[] {
  const labelled = variants.map((variant, index) => ({ variant, label: labels[index] ?? '' }));
  const alike = Map.groupBy(labelled, ({ variant: { summary } }) => `${summary.final_equity} ${summary.total_trades}`);
  return [...alike.values()].flatMap((candidates) => {
    if (candidates.length < 2) return [];
    const byOutcome = Map.groupBy(candidates, ({ variant }) => outcomeOf(variant));
    return [...byOutcome.values()].flatMap((twins) => {
      const [first] = twins;
      if (twins.length < 2 || first === undefined) return [];
      return [`${twins.map(({ label }) => label).join(' and ')} came out the same: ${explain(first.variant)}`];
    });
  });
}

/** What leverage moves by itself is no difference: where an open position would be liquidated. */
function outcomeOf({ trades, open_positions }: RunResult): string {
  return JSON.stringify([trades, open_positions.map((position) => ({ ...position, liquidation_price: null }))]);
}

function explain({ events, trades }: RunResult): string {
  const caps = events.flatMap(({ kind, cap }) => (kind === 'opened' ? [cap as SizeCap] : []));
  if (caps.length === 0) return trades.length === 0 ? 'nothing traded' : 'no entry was sized';
  const counts = Map.groupBy(caps, (cap) => cap);
  const [cap, entries] = [...counts].reduce((most, next) => (next[1].length > most[1].length ? next : most));
  const share = `${entries.length} of ${caps.length} entries`;
  return cap === 'none' ? `no cap bound ${share}, their size came from the risk alone` : `${cap} bound ${share}`;
}
