import type { SymbolState } from '../state.ts';
import { considerEntry } from './consider-entry.ts';
import { holdsAt, NO_BAR, type Run } from './run.ts';

/** The decisions of a close: exits first, then entries by grade and plan order. At most one order per symbol. */
export function decide(run: Run, closeTimeMs: number): void {
  for (let index = 0; index < run.state.symbols.length; index++) decideExit(run, index, closeTimeMs);
  decideEntries(run, closeTimeMs);
}

function decideExit(run: Run, index: number, closeTimeMs: number): void {
  const { program, state, barIndex, emergency } = run;
  const symbol = state.symbols[index] as SymbolState;
  const symbolProgram = program.symbols[index];
  const bar = barIndex[index] as number;
  const { position } = symbol;
  if (symbolProgram === undefined) return;

  emergency[index] = bar !== NO_BAR && symbolProgram.emergency !== null && holdsAt(symbolProgram.emergency, null, bar) ? 1 : 0;
  if (position === null || symbol.order !== null) return;
  if (state.halted !== null) {
    symbol.order = { kind: 'exit', reason: 'halt', decidedAtMs: closeTimeMs };
    return;
  }
  if (bar === NO_BAR) return;
  if (emergency[index] === 1) {
    symbol.order = { kind: 'exit', reason: 'emergency_exit', decidedAtMs: closeTimeMs };
    return;
  }
  const { exit, timeframe } = position.origin;
  if (exit === null) return;
  const { condition, visible } = symbolProgram.exitProgram(timeframe, exit);
  if (!holdsAt(condition, visible, bar)) return;
  if (bar - position.entryBar < program.settings.min_hold_bars) state.tally.heldBackExits++;
  else symbol.order = { kind: 'exit', reason: 'exit_rule', decidedAtMs: closeTimeMs };
}

function decideEntries(run: Run, closeTimeMs: number): void {
  const { program, barIndex, recorder } = run;
  for (let index = 0; index < program.entries.length; index++) {
    const entry = program.entries[index] as Run['program']['entries'][number];
    const bar = barIndex[entry.symbolIndex] as number;
    if (bar === NO_BAR || !holdsAt(entry.condition, entry.visible, bar)) continue;
    const decision = considerEntry(run, entry, bar, closeTimeMs);
    if (typeof decision === 'string') recorder.block(index, decision);
    else accept(run, entry.symbolIndex, decision);
  }
}

function accept({ state }: Run, symbolIndex: number, terms: Exclude<ReturnType<typeof considerEntry>, string>): void {
  const symbol = state.symbols[symbolIndex] as SymbolState;
  symbol.order = { kind: symbol.position === null ? 'entry' : 'reversal', ...terms };
  symbol.entriesToday++;
  state.tradesToday++;
  state.riskUsedToday += terms.quantity * terms.riskPerUnit;
}
