import type { AskedComparison } from '../engine/comparison-spec.ts';
import { PARAMETER_NAMES } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseSettingPairs } from '../engine/setting-pairs.ts';
import { effectiveSettings, type Overrides } from '../engine/settings.ts';
import { askedVariations, type VariationsAsk } from './asked-variations.ts';
import { type BacktestAsk, resolveBacktestRequest } from './backtest-request.ts';
import type { RequestContext } from './command.ts';

/** A comparison as a person asks for it: a base as for a backtest, and what is varied. */
export type CompareAsk = VariationsAsk & { readonly base: BacktestAsk };

/** Turns what was asked into a base and its variants; refuses what cannot be meant, also what only one variant could not be. */
export function resolveCompareRequest({ base, ...asked }: CompareAsk, context: RequestContext): AskedComparison {
  const { variations, labels } = askedVariations(asked);
  refuseFixedAndVaried(base, variations);
  const run = resolveBacktestRequest(base, context);
  for (const variation of variations) effectiveSettings(run.settings, variation);
  return { base: run, variations: [...variations], labels: [...labels] };
}

/** One value for the whole comparison and several for its variants cannot both be meant. */
function refuseFixedAndVaried({ setText, overrides }: CompareAsk['base'], variations: readonly Overrides[]): void {
  const fixed = { ...overrides, ...(setText === null ? {} : parseSettingPairs(setText)) };
  const both = PARAMETER_NAMES.find((name) => fixed[name] !== undefined && variations.some((variation) => variation[name] !== undefined));
  if (both !== undefined) throw new Refusal(`${both} is set to one value and varied; keep one of the two`);
}
