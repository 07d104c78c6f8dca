import { DAY_MS } from './bar.ts';
import type { Replay } from './replay.ts';
import { sumBlocks } from './replay.ts';
import type { EngineEvent, Summary, WalkAwayEvent } from './result.ts';

const YEAR_MS = 365 * DAY_MS;

/** What rounding alone makes equal numbers differ by, relative to their size. */
const ROUNDING = 1e-12;

/** The metrics of a replay, all net of fees, slippage and funding. `barMs` is the length of a base bar. */
export function summarize(replay: Replay, initialCash: number, barMs: number): Summary {
  const { state, trades, equity } = replay;
  const { tally } = state;
  const positions = state.symbols.flatMap(({ position }) => (position === null ? [] : [position]));
  const wins = sum(trades.map(({ pnl }) => Math.max(pnl, 0)));
  const losses = sum(trades.map(({ pnl }) => Math.max(-pnl, 0)));
  const ratios = returnRatios(equity, initialCash, barMs);
  return {
    initial_cash: initialCash,
    final_equity: state.equity,
    equity_return_pct: (state.equity / initialCash - 1) * 100,
    max_drawdown_pct: maxDrawdownPct(equity, initialCash),
    sharpe_ratio: ratios.sharpe,
    sortino_ratio: ratios.sortino,
    profit_factor: losses > 0 ? wins / losses : null,
    win_rate_pct: trades.length === 0 ? null : (trades.filter(({ pnl }) => pnl > 0).length / trades.length) * 100,
    expectancy_r: trades.length === 0 ? null : sum(trades.map(({ r }) => r)) / trades.length,
    total_trades: trades.length,
    average_hold_bars: trades.length === 0 ? null : tally.holdBars / trades.length,
    exposure_pct: tally.closes === 0 ? 0 : (tally.closesWithPosition / tally.closes) * 100,
    fees: sum(trades.map(({ fees }) => fees)) + sum(positions.map(({ entryFee }) => entryFee)),
    funding: sum(trades.map(({ funding }) => funding)) + sum(positions.map(({ fundingPaid }) => fundingPaid)),
    liquidation_events: tally.liquidations,
    walk_away_events: walkAways(replay.events),
    replans: replay.plans.length - 1,
    blocks: sumBlocks(replay.blocks),
    held_back_exits: tally.heldBackExits,
    break_even_cost_pct: tally.unslippedNotional > 0 ? (tally.unslippedPnl / tally.unslippedNotional) * 100 : null,
    nearest_liquidation_pct: tally.nearestLiquidationPct,
  };
}

/** The walk-aways with what carrying on would have brought, which is told by a later event of the same day. */
function walkAways(events: readonly EngineEvent[]): readonly WalkAwayEvent[] {
  return events.flatMap((event, index) => {
    if (event.kind !== 'walk_away') return [];
    const later = events.slice(index).find(({ kind }) => kind === 'walk_away_counterfactual');
    return [
      {
        timestamp: event.time,
        trigger: event.trigger as WalkAwayEvent['trigger'],
        daily_return_pct: Number(event.daily_return_pct),
        trades_today: Number(event.trades_today),
        equity_at_trigger: Number(event.equity_at_trigger),
        counterfactual_return_pct: later === undefined ? null : Number(later.would_have_ended_pct),
      },
    ];
  });
}

/** Largest fall of the marked equity below its earlier peak; % of the peak, 0 when it never fell. */
export function maxDrawdownPct(equity: Float64Array, initialCash: number): number {
  let peak = initialCash;
  let deepest = 0;
  for (let index = 0; index < equity.length; index++) {
    const value = equity[index] as number;
    if (value > peak) peak = value;
    const fall = (1 - value / peak) * 100;
    if (fall > deepest) deepest = fall;
  }
  return deepest;
}

/**
 * Annualised ratios of the bar returns without a risk-free rate: sharpe = mean / sample deviation, sortino = mean /
 * √mean(min(r, 0)²). Null under one day and where the denominator is zero.
 */
export function returnRatios(equity: Float64Array, initialCash: number, barMs: number): { sharpe: number | null; sortino: number | null } {
  const count = equity.length;
  if (count < 2 || count * barMs < DAY_MS) return { sharpe: null, sortino: null };
  const returns = barReturns(equity, initialCash);
  const mean = sum(returns) / count;
  let squares = 0;
  let downSquares = 0;
  let largest = 0;
  for (let index = 0; index < count; index++) {
    const value = returns[index] as number;
    squares += (value - mean) * (value - mean);
    if (value < 0) downSquares += value * value;
    if (Math.abs(value) > largest) largest = Math.abs(value);
  }
  const deviation = Math.sqrt(squares / (count - 1));
  const downside = Math.sqrt(downSquares / count);
  const perYear = Math.sqrt(YEAR_MS / barMs);
  // Equal returns leave a deviation of rounding noise; it is not a variance.
  const isFlat = deviation <= ROUNDING * largest;
  return {
    sharpe: isFlat ? null : (mean / deviation) * perYear,
    sortino: isFlat || downside === 0 ? null : (mean / downside) * perYear,
  };
}

/** The first return is from the initial cash; an equity at or below zero earns nothing more. */
function barReturns(equity: Float64Array, initialCash: number): Float64Array {
  const returns = new Float64Array(equity.length);
  let previous = initialCash;
  for (let index = 0; index < equity.length; index++) {
    const value = equity[index] as number;
    returns[index] = previous > 0 ? value / previous - 1 : 0;
    previous = value;
  }
  return returns;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}
