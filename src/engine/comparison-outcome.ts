import { withEvidence } from './backtest-with-evidence.ts';
import { type Comparison, type ComparisonInput, compare } from './compare.ts';
import { type LiquidationRung, liquidationLadder } from './liquidation-ladder.ts';
import { findLookAhead } from './look-ahead.ts';
import type { PlanSource } from './plan-source.ts';
import type { RunResult } from './result.ts';
import { leverageOf } from './settings.ts';
import type { ReplayProgress } from './step-through.ts';

/** A comparison with how near its variants came to liquidation, and how far each is to be believed. */
export type ComparisonOutcome = Omit<Comparison, 'prepared'> & {
  /** Null where all variants have the same leverage, and on spot. */
  readonly ladder: readonly LiquidationRung[] | null;
};

/** What is left of the work when the runs are done. */
const SHARE_OF_RUNS = 0.8;

/** The look-ahead canary is asked of the base alone: the variants run on its columns and rules. */
export function compareWithEvidence(input: ComparisonInput, report: ReplayProgress = () => {}, plans?: PlanSource): ComparisonOutcome {
  const { base, prepared, variants, labels, summary, notes } = compare(input, plans, (done) => report(done * SHARE_OF_RUNS));
  const known = new Map<RunResult, RunResult>([[base, withEvidence(base, findLookAhead(prepared, base))]]);
  const evidenced = variants.map((variant) => {
    const done = known.get(variant) ?? withEvidence(variant, null);
    known.set(variant, done);
    return done;
  });
  return {
    base: known.get(base) ?? base,
    variants: evidenced,
    labels,
    summary,
    notes,
    ladder: hasLadder(evidenced) ? liquidationLadder(labelled(evidenced, labels), candlesIn(input)) : null,
  };
}

function hasLadder(variants: readonly RunResult[]): boolean {
  const isPerpetual = variants[0]?.data.instrument === 'perpetual';
  return isPerpetual && new Set(variants.map(({ settings }) => leverageOf(settings))).size > 1;
}

function labelled(variants: readonly RunResult[], labels: readonly string[]) {
  return variants.map((result, index) => ({ label: labels[index] ?? '', result }));
}

function candlesIn({ base: { markets } }: ComparisonInput) {
  const bySymbol = new Map(markets.map(({ symbol, candles }) => [symbol, candles]));
  return (symbol: string) => {
    const candles = bySymbol.get(symbol);
    if (candles === undefined) throw new Error(`The comparison has no bars of ${symbol}`);
    return candles;
  };
}
