import type { LabelledVariant } from '../engine/compared-run.ts';
import type { Summary } from '../engine/result.ts';
import type { ReturnInterval } from '../engine/return-interval.ts';
import type { ColumnsRow } from './columns-table.ts';
import { isEnough } from './evidence.ts';
import { fixed, orNotAvailable, signed } from './number-text.ts';

type Metric = {
  readonly name: string;
  readonly read: (variant: LabelledVariant) => number | null;
  readonly show: (value: number) => string;
  /** Null where neither is better. */
  readonly best: 'most' | 'least' | null;
  /** Shown however many variants there are. */
  readonly isCore: boolean;
};

const MS_PER_DAY = 86_400_000;

/** The rows of a comparison, the best of each marked. */
export function compareRows(variants: readonly LabelledVariant[], { isWhole }: { readonly isWhole: boolean }): readonly ColumnsRow[] {
  return METRICS.filter(({ isCore }) => isWhole || isCore).map(({ name, read, show, best }) => {
    const values = variants.map(read);
    const marked = bestOf(values, best);
    return { name, cells: values.map((value) => `${value !== null && value === marked ? '*' : ''}${orNotAvailable(value, show)}`) };
  });
}

/** Null when there is nothing to choose between. */
function bestOf(values: readonly (number | null)[], best: Metric['best']): number | null {
  const known = values.filter((value) => value !== null);
  if (best === null || new Set(known).size < 2) return null;
  return best === 'most' ? Math.max(...known) : Math.min(...known);
}

/** What is gone without any cost is no edge, and none is as good as another. */
const edgeOf = ({ break_even_cost_pct: edgePct }: Summary) => (edgePct === null ? null : Math.max(0, edgePct));

const redrawn = (pick: (interval: ReturnInterval) => number) => (variant: LabelledVariant) => {
  const { evidence } = variant.run;
  const interval = evidence?.return_interval ?? null;
  return evidence === null || interval === null || !isEnough(evidence) ? null : pick(interval);
};

/** In six characters, so that four variants with a mark stand beside each other. */
const percent = (value: number) => signed(value, Math.abs(value) >= 100 ? 0 : 1);
const ratio = (value: number) => fixed(value, Math.abs(value) >= 10 ? 1 : 2);
const edge = (value: number) => (value === 0 ? 'none' : fixed(value, 3));

/** Statistics of a small sample are n/a, as on the card of a run. */
const sampled = (pick: (summary: Summary) => number | null) => (variant: LabelledVariant) => {
  const { summary, data } = variant.run;
  return isEnough({ trades: summary.total_trades, days: (data.end - data.start) / MS_PER_DAY }) ? pick(summary) : null;
};

const summed = (pick: (summary: Summary) => number | null) => (variant: LabelledVariant) => pick(variant.run.summary);

const METRICS: readonly Metric[] = [
  { name: 'Net return, %', read: summed((of) => of.equity_return_pct), show: percent, best: 'most', isCore: true },
  {
    name: ' 90 % of redraws from, %',
    read: redrawn((of) => of.low_pct),
    show: percent,
    best: 'most',
    isCore: false,
  },
  { name: ' to, %', read: redrawn((of) => of.high_pct), show: percent, best: 'most', isCore: false },
  { name: 'Max drawdown, %', read: summed((of) => of.max_drawdown_pct), show: (value) => fixed(value, 1), best: 'least', isCore: true },
  { name: 'Sharpe', read: sampled((of) => of.sharpe_ratio), show: ratio, best: 'most', isCore: true },
  { name: 'Profit factor', read: sampled((of) => of.profit_factor), show: ratio, best: 'most', isCore: false },
  { name: 'Win rate, %', read: sampled((of) => of.win_rate_pct), show: (value) => fixed(value, 0), best: 'most', isCore: false },
  { name: 'Trades', read: summed((of) => of.total_trades), show: (value) => fixed(value, 0), best: null, isCore: true },
  { name: 'Liquidations', read: summed((of) => of.liquidation_events), show: (value) => fixed(value, 0), best: 'least', isCore: true },
  {
    name: 'Nearest to one, %',
    read: summed((of) => of.nearest_liquidation_pct),
    show: (value) => fixed(value, 1),
    best: 'most',
    isCore: false,
  },
  {
    name: 'Edge gone at, % per side',
    read: summed(edgeOf),
    show: edge,
    best: 'most',
    isCore: false,
  },
];
