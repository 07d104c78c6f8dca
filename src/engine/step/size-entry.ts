import type { EntryProgram } from '../program.ts';
import type { BlockReason, SizeCap } from '../result.ts';
import type { SymbolState } from '../state.ts';
import type { Run } from './run.ts';

/** Without a venue's rules: quantities in steps of 1e-8, at least this notional; quote currency. */
export const QUANTITY_STEPS_PER_UNIT = 1e8;
const MIN_NOTIONAL = 10;

export type SizedEntry = { readonly quantity: number; readonly cap: SizeCap };

/**
 * Quantity = equity × risk / distance to the stop, cut to the risk budget left, the symbol limit and the gross limit,
 * then to the step. An entry cut below the minimum is blocked under the cap that bound.
 */
export function sizeEntry(run: Run, entry: EntryProgram, close: number, riskPerUnit: number): SizedEntry | BlockReason {
  const { program, state } = run;
  const { settings, leverage } = program;
  const { equity } = state;
  const riskPct = run.plan.plan.stance === 'defensive' ? settings.max_position_risk_pct / 2 : settings.max_position_risk_pct;
  let quantity = (equity * riskPct) / 100 / riskPerUnit;
  let cap: SizeCap = 'none';

  const budget = ((state.dayStartEquity * settings.max_daily_risk_budget_pct) / 100 - state.riskUsedToday) / riskPerUnit;
  if (budget < quantity) {
    quantity = budget;
    cap = 'risk_budget';
    if (isBelowMinimum(quantity, close)) return cap;
  }
  const symbolLimit = (equity * leverage * settings.max_symbol_exposure_pct) / 100 / close;
  if (symbolLimit < quantity) {
    quantity = symbolLimit;
    cap = 'symbol_exposure';
    if (isBelowMinimum(quantity, close)) return cap;
  }
  const grossLimit = ((equity * settings.max_portfolio_exposure_pct) / 100 - grossExposure(run, entry.symbolIndex)) / close;
  if (grossLimit < quantity) {
    quantity = grossLimit;
    cap = 'portfolio_exposure';
    if (isBelowMinimum(quantity, close)) return cap;
  }

  const stepped = Math.floor(quantity * QUANTITY_STEPS_PER_UNIT) / QUANTITY_STEPS_PER_UNIT;
  if (cap !== 'none' && isBelowMinimum(stepped, close)) return cap;
  if (stepped > 0 && !hasValidLiquidation(run, entry, close, stepped)) return 'margin';
  if (program.instrument === 'spot' && entry.direction === -1) return 'short_on_spot';
  return isBelowMinimum(stepped, close) ? 'below_minimum' : { quantity: stepped, cap };
}

/**
 * Gross notional at the marks: every open position, also one whose exit was just decided, plus accepted and waiting
 * entries. The symbol asked for leaves out its own position: an entry has none and a reversal closes it.
 */
function grossExposure({ state }: Run, exceptIndex: number): number {
  let gross = 0;
  for (let index = 0; index < state.symbols.length; index++) {
    const { position, order, mark } = state.symbols[index] as SymbolState;
    if (mark === null || index === exceptIndex) continue;
    if (position !== null) gross += position.quantity * mark;
    if (order !== null && order.kind !== 'exit') gross += order.quantity * mark;
  }
  return gross;
}

function isBelowMinimum(quantity: number, close: number): boolean {
  return !(quantity * close >= MIN_NOTIONAL);
}

function hasValidLiquidation({ program }: Run, { symbolIndex, direction }: EntryProgram, close: number, quantity: number): boolean {
  const price = program.symbols[symbolIndex]?.liquidationPrice?.({ side: direction, entryPrice: close, quantity }) ?? null;
  return price === null || !Number.isNaN(price);
}
