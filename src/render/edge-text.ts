import type { Summary } from '../engine/result.ts';
import type { Settings } from '../engine/settings.ts';
import { fixed, short } from './number-text.ts';

/** At which cost per side nothing would be left of the result, beside the cost that was paid. */
export function edgeText({ break_even_cost_pct: edge }: Summary, settings: Settings): string {
  const pays = `you pay ${short(costPerSidePct(settings), 4)} %`;
  if (edge === null) return `No closed trade to find an edge in; ${pays} per side`;
  if (edge <= 0) return `No edge even without costs (zero at ${fixed(edge, 3)} % per side); ${pays}`;
  return `Edge gone at ${fixed(edge, 3)} % per side; ${pays}`;
}

export function costPerSidePct({ taker_fee_pct, slippage_pct }: Settings): number {
  return taker_fee_pct + slippage_pct;
}
