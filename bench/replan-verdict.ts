import { isDeepStrictEqual } from 'node:util';
import type { Candles } from '../src/engine/candles.ts';
import type { Plan } from '../src/engine/plan.ts';
import type { EngineEvent } from '../src/engine/result.ts';
import type { ReadReplan } from './replan-reading.ts';

/** A plan and the close (ms UTC) at which it was asked for. */
export type Answer = { readonly askedMs: number; readonly plan: Plan };

/** What an engine did with the plans it was given. */
export type PlanUse = {
  readonly first: Plan;
  readonly answers: readonly Answer[];
  /** As the engine tells them, the first included. */
  readonly used: readonly { readonly from: number; readonly plan: Plan }[];
  /** Everything that was opened. */
  readonly entries: readonly { readonly symbol: string; readonly trigger_id: string; readonly entry_time: number }[];
  readonly markets: readonly { readonly symbol: string; readonly candles: Candles }[];
};

/** Entries that show from when on a plan is used: by the old one at the asking close, by the new one on the bar after it. */
export type ShownUse = { readonly atAskingClose: number; readonly onFirstBar: number };

/** A plan decides from the first bar on that opens at or after the close it was asked for at. */
export function planInForce(first: Plan, answers: readonly Answer[], openMs: number): Plan {
  return answers.findLast(({ askedMs }) => askedMs <= openMs)?.plan ?? first;
}

/** The first close at which the engine tells something else than the reading; null when the two are the same, bar for bar. */
export function firstDifference(events: readonly EngineEvent[], read: readonly ReadReplan[]): string | null {
  const told = events.filter(({ kind }) => kind === 'replan_requested' || kind === 'replan_suppressed').map(asRead);
  const wanted = read.filter(({ outcome }) => outcome !== 'unheard');
  for (let index = 0; index < Math.max(told.length, wanted.length); index++) {
    const one = told[index];
    const other = wanted[index];
    if (one === undefined || other === undefined || !isSame(one, other))
      return `the engine tells ${inWords(one)}; read is ${inWords(other)}`;
  }
  return null;
}

/** The first plan that was used earlier or later than from the bar after its request on, or an entry that another plan decided. */
export function firstMisusedPlan({ first, answers, used, entries, markets }: PlanUse): string | null {
  const opensMs = [...new Set(markets.flatMap(({ candles }) => [...candles.openTimeMs]))].sort((one, other) => one - other);
  const wanted = answers.flatMap(({ askedMs, plan }) => {
    const from = opensMs.find((openMs) => openMs >= askedMs);
    return from === undefined ? [] : [{ from, plan }];
  });
  const later = used.slice(1).map(({ from, plan }) => ({ from, plan }));
  const at = wanted.findIndex((each, index) => !isDeepStrictEqual(each, later[index]));
  if (at !== -1) return `plan ${at + 1} is to be used from ${iso(wanted[at]?.from)}; the engine has it from ${iso(later[at]?.from)}`;
  if (later.length > wanted.length) return `the engine used ${later.length} plans after the first; ${wanted.length} were given to it`;
  for (const { symbol, trigger_id, entry_time } of entries) {
    const decidedMs = decidingOpenMs(markets, symbol, entry_time);
    if (planInForce(first, answers, decidedMs).triggers.some(({ id }) => id === trigger_id)) continue;
    return `${trigger_id} entered at ${iso(entry_time)}, but is not in the plan that was in force on the bar of ${iso(decidedMs)}`;
  }
  return null;
}

export function shownUse({ answers, entries, markets }: PlanUse, barMs: number): ShownUse {
  const asked = new Set(answers.map(({ askedMs }) => askedMs));
  const decided = entries.map(({ symbol, entry_time }) => decidingOpenMs(markets, symbol, entry_time));
  return {
    atAskingClose: decided.filter((openMs) => asked.has(openMs + barMs)).length,
    onFirstBar: decided.filter((openMs) => asked.has(openMs)).length,
  };
}

/** An order fills at its symbol's next bar, so it was decided on the one before. */
function decidingOpenMs(markets: PlanUse['markets'], symbol: string, entryMs: number): number {
  const opensMs = markets.find((market) => market.symbol === symbol)?.candles.openTimeMs ?? new Float64Array();
  return opensMs[opensMs.indexOf(entryMs) - 1] ?? Number.NaN;
}

function asRead({ kind, time, trigger_type, symbol, trigger_details, reason }: EngineEvent) {
  return {
    timeMs: time,
    type: trigger_type,
    symbol,
    outcome: kind === 'replan_requested' ? 'requested' : reason,
    details: trigger_details,
  };
}

function isSame({ details: told, ...one }: ReturnType<typeof asRead>, { details: read, ...other }: ReadReplan): boolean {
  const numbers = new Map<string, unknown>(Object.entries(told ?? {}));
  const names = Object.keys(read);
  return isDeepStrictEqual(one, other) && numbers.size === names.length && names.every((name) => isNear(numbers.get(name), read[name]));
}

/** Two ways of adding up the same numbers differ in their last digits. */
function isNear(one: unknown, other: number | undefined): boolean {
  if (typeof one !== 'number' || other === undefined) return false;
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other));
}

function inWords(each: ReturnType<typeof asRead> | ReadReplan | undefined): string {
  if (each === undefined) return 'nothing more';
  return `${each.type} of ${each.symbol ?? 'the account'} ${each.outcome} at ${iso(each.timeMs)} ${JSON.stringify(each.details)}`;
}

function iso(timeMs: number | undefined): string {
  return timeMs === undefined || Number.isNaN(timeMs) ? 'no bar' : new Date(timeMs).toISOString().slice(0, 16);
}
