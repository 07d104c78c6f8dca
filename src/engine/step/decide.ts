import type { ExitReason } from '../result.ts';
import type { Origin, SymbolState } from '../state.ts';
import { considerEntry } from './consider-entry.ts';
import { type ActiveExit, barNumber, NO_BAR, type Run } from './run.ts';

/** The decisions of a close: exits first, then entries by grade and plan order. At most one order per symbol. */
export function decide(run: Run, closeTimeMs: number): void {
  for (let index = 0; index < run.state.symbols.length; index++) decideExit(run, index, closeTimeMs);
  decideEntries(run, closeTimeMs);
}

function decideExit(run: Run, index: number, closeTimeMs: number): void {
  const { program, plan, state, barIndex, emergency } = run;
  const symbol = state.symbols[index] as SymbolState;
  const symbolProgram = program.symbols[index];
  const bar = barIndex[index] as number;
  const { position } = symbol;
  if (symbolProgram === undefined) return;

  emergency[index] = bar !== NO_BAR && plan.emergencies[index]?.at(bar) === true ? 1 : 0;
  if (position === null || symbol.order !== null) return;
  if (state.halted !== null) {
    placeExit(run, index, 'halt', closeTimeMs);
    return;
  }
  if (state.walkedAway !== null && program.settings.walk_away_action === 'flatten') {
    placeExit(run, index, 'walk_away', closeTimeMs);
    return;
  }
  if (bar === NO_BAR) return;
  if (emergency[index] === 1) {
    placeExit(run, index, 'emergency_exit', closeTimeMs);
    return;
  }
  const exit = activeExit(run, index, position.origin);
  if (exit === null || !exit.signals.at(bar)) return;
  if (barNumber(run, index) - position.entryBar < program.settings.min_hold_bars) state.tally.heldBackExits++;
  else placeExit(run, index, 'exit_rule', closeTimeMs);
}

/** Closes the symbol's position at the next open. */
export function placeExit({ state, recorder }: Run, index: number, reason: ExitReason, decidedAtMs: number): void {
  const symbol = state.symbols[index] as SymbolState;
  symbol.order = { kind: 'exit', reason, decidedAtMs };
  recorder.placed(index, symbol.order);
}

/** The exit rule a position was opened with, looked up when it is another one than the last position's. */
export function activeExit({ program, exits }: Run, index: number, { exit, timeframe }: Origin): ActiveExit | null {
  if (exit === null) return null;
  const known = exits[index] ?? null;
  if (known !== null && known.exit === exit && known.timeframe === timeframe) return known;
  const columns = program.symbols[index]?.columns;
  const found = columns === undefined ? null : { signals: columns.signals(exit, timeframe), exit, timeframe };
  exits[index] = found;
  return found;
}

function decideEntries(run: Run, closeTimeMs: number): void {
  if (!anyEntryFires(run)) return;
  const { plan, barIndex, recorder } = run;
  for (let index = 0; index < plan.entries.length; index++) {
    const entry = plan.entries[index] as Run['plan']['entries'][number];
    const bar = barIndex[entry.symbolIndex] as number;
    if (bar === NO_BAR || !entry.signals.at(bar)) continue;
    const decision = considerEntry(run, entry, bar, closeTimeMs);
    if (typeof decision === 'string') recorder.block(entry.trigger.id, decision);
    else accept(run, entry.symbolIndex, decision);
  }
}

function anyEntryFires({ plan, barIndex }: Run): boolean {
  for (let index = 0; index < barIndex.length; index++) {
    const bar = barIndex[index] as number;
    if (bar !== NO_BAR && plan.anyEntry[index]?.at(bar) === true) return true;
  }
  return false;
}

function accept({ state, recorder }: Run, symbolIndex: number, terms: Exclude<ReturnType<typeof considerEntry>, string>): void {
  const symbol = state.symbols[symbolIndex] as SymbolState;
  symbol.order = { ...terms, kind: symbol.position === null ? 'entry' : 'reversal' };
  recorder.placed(symbolIndex, symbol.order);
  symbol.entriesToday++;
  state.tradesToday++;
  state.riskUsedToday += terms.quantity * terms.riskPerUnit;
}
