import { nearestName } from '../engine/nearest-name.ts';
import { findParameter, PARAMETER_NAMES, type ParameterName } from '../engine/parameters.ts';
import { WHIPSAW_PRESETS } from '../engine/presets.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseSettingPairs } from '../engine/setting-pairs.ts';
import { effectiveSettings, formatSetting, type Overrides, parseOverrides, type Settings } from '../engine/settings.ts';
import { askedNumber, quote } from './asked-number.ts';

type Asked = {
  readonly cash: number | string | null;
  readonly leverage: number | string | null;
  readonly whipsaw: string | null;
  readonly indicatorMode: string | null;
  /** `name=value` pairs. */
  readonly setText: string | null;
  /** Parameters by their own names, parsed already: the flags of the terminal. */
  readonly overrides: Overrides;
};

/** What a person said in one place, and what it comes to. */
type Source = { readonly says: string; readonly values: Overrides };

export const CASH = rangeOf('initial_cash');

/** Leverage is the gross limit in times of the equity, so its range is that of the limit. */
export const LEVERAGE = { min: rangeOf('max_portfolio_exposure_pct').min / 100, max: rangeOf('max_portfolio_exposure_pct').max / 100 };

/** Defaults ← the layers below ← what was asked. Two places that ask for different values of a parameter are refused. */
export function askedSettings(asked: Asked, below: readonly Overrides[]): Settings {
  const sources = sourcesOf(asked);
  for (const name of PARAMETER_NAMES) refuseContradiction(name, sources);
  // One layer: what was asked in several places belongs together.
  return effectiveSettings(...below, Object.assign({}, ...sources.map(({ values }) => values)));
}

function sourcesOf({ cash, leverage, whipsaw, indicatorMode, setText, overrides }: Asked): readonly Source[] {
  return [
    ...(cash === null ? [] : [{ says: `cash ${cash}`, values: { initial_cash: askedCash(cash) } }]),
    ...(leverage === null ? [] : [leverageSource(leverage)]),
    ...(whipsaw === null ? [] : [askedWhipsaw(whipsaw)]),
    ...(indicatorMode === null ? [] : [{ says: 'indicator_mode', values: parseOverrides({ indicator_mode: indicatorMode }) }]),
    { says: 'the parameter’s own flag', values: overrides },
    ...(setText === null ? [] : [{ says: 'set', values: parseSettingPairs(setText) }]),
  ];
}

function refuseContradiction(name: ParameterName, sources: readonly Source[]): void {
  const told = sources.flatMap(({ says, values }) => {
    const value = values[name];
    return value === undefined ? [] : [{ says, text: `${name}=${formatSetting(value)}` }];
  });
  const [first] = told;
  const other = told.find(({ text }) => text !== first?.text);
  if (first === undefined || other === undefined) return;
  throw new Refusal(`${first.says} means ${first.text}, but ${other.says} means ${other.text}; keep one of the two`);
}

function askedCash(cash: number | string): number {
  return askedNumber(cash, { name: 'cash', kind: 'number', ...CASH, unit: 'quote currency', example: 10_000 });
}

/** Leverage, and the gross limit that it means. */
export function askedLeverage(typed: number | string): { readonly leverage: number; readonly limitPct: number } {
  const leverage = askedNumber(typed, { name: 'leverage', kind: 'number', ...LEVERAGE, unit: 'times the equity', example: 3 });
  // 1.1 × 100 is not 110 in doubles.
  return { leverage, limitPct: Number((leverage * 100).toFixed(6)) };
}

function leverageSource(typed: number | string): Source {
  const { leverage, limitPct } = askedLeverage(typed);
  return { says: `leverage ${leverage}`, values: { max_portfolio_exposure_pct: limitPct } };
}

function askedWhipsaw(word: string): Source {
  const names = Object.keys(WHIPSAW_PRESETS);
  const found = Object.entries(WHIPSAW_PRESETS).find(([name]) => name === word.toLowerCase());
  if (found === undefined) {
    throw new Refusal(`There is no whipsaw preset ${quote(word)}; the nearest is ${nearestName(word, names)} (all: ${names.join(', ')})`);
  }
  return { says: `whipsaw ${found[0]}`, values: found[1] };
}

function rangeOf(name: ParameterName): { readonly min: number; readonly max: number } {
  const parameter = findParameter(name);
  if (parameter.kind !== 'number' && parameter.kind !== 'integer') throw new Error(`${name} has no range.`);
  const { min, max } = parameter;
  return { min, max };
}
