import { DAY_MS, HOUR_MS } from '../bar.ts';
import { type Candles, firstAtOrAfter } from '../candles.ts';
import type { SymbolProgram } from '../program.ts';
import type { Position, SymbolState } from '../state.ts';
import { activeExit } from './decide.ts';
import type { Run } from './run.ts';

/**
 * Passes the bars of a one-symbol run at which nothing happens but the mark: no day begins, no scheduled hour passes, no
 * rule fires, no level is reached, no limit of the day, no funding is due and nothing reactive watches the market. Starts at the bar of
 * index `from`, opens no bar at or after `untilMs`, writes the equity at their closes from `equity[at]` on, and answers the index of
 * the first bar that has to be stepped. The outcome is that of `advance`, to the bit, at a fraction of its cost: most bars of
 * most runs are like this.
 */
export function passUneventfulBars(run: Run, from: number, untilMs: number, equity: Float64Array, at: number): number {
  const { state, program } = run;
  const market = program.symbols[0];
  const symbol = state.symbols[0];
  if (market === undefined || symbol === undefined || symbol.order !== null) return from;
  if (run.shadow !== null || program.monitor?.isReactive === true || state.lastTimeMs === null) return from;

  const { position } = symbol;
  const limit = Math.min(
    timedLimit(run, market.candles, from, untilMs),
    position === null ? market.candles.close.length : fundingLimit(run, market, from),
  );
  const firing = run.plan.anyEntry[0]?.next(from, limit) ?? limit;
  const until = position === null ? firing : passWithPosition(run, position, market.candles, { from, until: firing }, equity, at);
  if (until === from) return from;
  if (position === null) equity.fill(state.equity, at, at + until - from);
  else state.tally.closesWithPosition += until - from;
  settle(run, symbol, market.candles, until, until - from);
  return until;
}

function settle({ state }: Run, symbol: SymbolState, { openTimeMs, close }: Candles, until: number, bars: number): void {
  state.lastTimeMs = openTimeMs[until - 1] as number;
  state.fundedUntilMs = state.lastTimeMs;
  symbol.mark = close[until - 1] as number;
  state.tally.closes += bars;
}

/** The position lives on: its equity moves with the close, its worst price and the nearest liquidation are kept. */
function passWithPosition(
  run: Run,
  position: Position,
  { open, high, low, close }: Candles,
  { from, until }: { readonly from: number; readonly until: number },
  equity: Float64Array,
  at: number,
): number {
  const { state, plan, program } = run;
  if (state.halted !== null || state.walkedAway !== null) return from;
  const { direction, quantity, entryPrice, stop, target, liquidationPrice } = position;
  const { lossEquity, profitEquity } = eventfulEquity(run);
  const exiting = activeExit(run, 0, position.origin)?.signals.next(from, until) ?? until;
  const limit = plan.emergencies[0]?.next(from, exiting) ?? exiting;
  const [adverse, favourable] = direction === 1 ? [low, high] : [high, low];
  // Mirrored for a short: the adverse level nearest to the open is the higher of stop and liquidation.
  const adverseLevel = Math.max(direction * stop, liquidationPrice === null ? Number.NEGATIVE_INFINITY : direction * liquidationPrice);
  const favourableLevel = target === null ? Number.POSITIVE_INFINITY : direction * target;
  const { cash, tally } = state;
  let { worstPrice } = position;
  let nearestPct = tally.nearestLiquidationPct ?? Number.POSITIVE_INFINITY;
  let peakEquity = state.monitor.peakEquity;
  let marked = state.equity;
  let index = from;

  for (; index < limit; index++) {
    if (direction * (adverse[index] as number) <= adverseLevel) break;
    if (direction * (favourable[index] as number) >= favourableLevel || direction * (open[index] as number) >= favourableLevel) break;
    const next = cash + direction * quantity * ((close[index] as number) - entryPrice);
    if (next <= lossEquity || next >= profitEquity) break;
    marked = next;
    equity[at + index - from] = marked;
    if (marked > peakEquity) peakEquity = marked;
    const price = adverse[index] as number;
    if (direction * price < direction * worstPrice) worstPrice = price;
    if (liquidationPrice !== null) {
      const distancePct = ((direction * (price - liquidationPrice)) / price) * 100;
      if (distancePct < nearestPct) nearestPct = distancePct;
    }
  }

  if (index === from) return from;
  state.equity = marked;
  position.worstPrice = worstPrice;
  if (nearestPct !== Number.POSITIVE_INFINITY) tally.nearestLiquidationPct = nearestPct;
  if (program.monitor !== null) state.monitor.peakEquity = peakEquity;
  return index;
}

/**
 * An equity at or beyond which a close may be an event: the daily loss, the walk-away, or nothing left. A hair to the careful
 * side, because the limits themselves are asked multiplied out; `advance` decides.
 */
function eventfulEquity({ state, program: { settings } }: Run): { readonly lossEquity: number; readonly profitEquity: number } {
  const { dayStartEquity, dailyLossReached, walkedAwayToday } = state;
  if (!(dayStartEquity > 0)) return { lossEquity: Number.POSITIVE_INFINITY, profitEquity: Number.NEGATIVE_INFINITY };
  const mayWalkAway = settings.walk_away_enabled && !walkedAwayToday;
  const lossPct = Math.min(dailyLossReached ? 100 : settings.max_daily_loss_pct, mayWalkAway ? settings.walk_away_loss_limit_pct : 100);
  return {
    lossEquity: dayStartEquity * (1 - lossPct / 100) + dayStartEquity * 1e-9,
    profitEquity: mayWalkAway ? dayStartEquity * (1 + settings.walk_away_profit_target_pct / 100) * (1 - 1e-9) : Number.POSITIVE_INFINITY,
  };
}

/** Index of the first bar at which a day begins, a scheduled hour has passed or another plan is due. */
function timedLimit({ state, horizon, program, barMs }: Run, { openTimeMs }: Candles, from: number, untilMs: number): number {
  if (horizon.untilMs !== untilMs || from >= horizon.timed) {
    const scheduledMs = nextScheduledMs(program.settings.scheduled_hours, (openTimeMs[from - 1] as number) + barMs) - barMs;
    horizon.untilMs = untilMs;
    horizon.timed = firstAtOrAfter(openTimeMs, Math.min(untilMs, state.dayStartMs + DAY_MS, scheduledMs), from);
  }
  return horizon.timed;
}

/** Index of the first bar at which funding is due. */
function fundingLimit({ horizon }: Run, { candles: { openTimeMs }, funding }: SymbolProgram, from: number): number {
  if (from >= horizon.funding) {
    const dueMs = funding?.timeMs[firstAtOrAfter(funding.timeMs, (openTimeMs[from - 1] as number) + 1)] ?? Number.POSITIVE_INFINITY;
    horizon.funding = firstAtOrAfter(openTimeMs, dueMs, from);
  }
  return horizon.funding;
}

/** The first full hour of the schedule after a time; ms UTC. */
function nextScheduledMs(scheduledHours: readonly number[], afterMs: number): number {
  const next = Math.floor(afterMs / HOUR_MS) + 1;
  for (let hours = next; hours < next + 24; hours++) {
    if (scheduledHours.includes(hours % 24)) return hours * HOUR_MS;
  }
  return Number.POSITIVE_INFINITY;
}
