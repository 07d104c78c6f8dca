import { DAY_MS, HOUR_MS } from '../bar.ts';
import type { SymbolState } from '../state.ts';
import type { Run } from './run.ts';

/**
 * Passes the bars of a one-symbol run at which nothing can happen: nobody holds or orders anything, no day begins, no scheduled
 * hour passes, no trigger fires and nothing reactive watches the market. Starts at the bar of index `from`, opens no bar at or after
 * `untilMs`, and answers the index of the first bar that has to be stepped. The outcome is that of `advance`, at a fraction of
 * its cost: most bars of most runs are like this.
 */
export function passQuietBars(run: Run, from: number, untilMs: number): number {
  const { state, program, plan } = run;
  const market = program.symbols[0];
  const symbol = state.symbols[0] as SymbolState;
  if (market === undefined || symbol.position !== null || symbol.order !== null) return from;
  if (run.shadow !== null || program.monitor?.isReactive === true || state.lastTimeMs === null) return from;

  const times = market.candles.openTimeMs;
  const limitMs = Math.min(untilMs, state.dayStartMs + DAY_MS, nextScheduledMs(run, state.lastTimeMs + run.barMs) - run.barMs);
  let index = from;
  const fires = plan.anyEntry[0];
  while (index < times.length && (times[index] as number) < limitMs && fires?.at(index) !== true) index++;

  if (index === from) return from;
  state.lastTimeMs = times[index - 1] as number;
  symbol.mark = market.candles.close[index - 1] as number;
  state.tally.closes += index - from;
  return index;
}

/** The first full hour of the schedule after a time; ms UTC. */
function nextScheduledMs({ program }: Run, afterMs: number): number {
  const { scheduled_hours } = program.settings;
  const next = Math.floor(afterMs / HOUR_MS) + 1;
  for (let hours = next; hours < next + 24; hours++) {
    if (scheduled_hours.includes(hours % 24)) return hours * HOUR_MS;
  }
  return Number.POSITIVE_INFINITY;
}
