import { canonicalJson, hashJson, hashPlans } from './hash.ts';
import { PARAMETER_NAMES } from './parameters.ts';
import type { Plan } from './plan.ts';
import type { RunResult } from './result.ts';
import { formatSetting, type Settings } from './settings.ts';

/** What a run may differ in from what it was. `window` is range, symbols, timeframes, instrument and venue; `result` is what is kept of it. */
export const RUN_PARTS = ['candles', 'settings', 'plan', 'window', 'engine', 'result'] as const;
export type RunPart = (typeof RUN_PARTS)[number];

export type VerifiedPart = {
  readonly part: RunPart;
  /** Null where it cannot be told, because nothing to compare was kept or because another part differs. */
  readonly isSame: boolean | null;
  /** The version of the engine, else a hash; null where none was kept. */
  readonly recorded: string | null;
  readonly now: string;
  /** What is otherwise, a line each, for people. */
  readonly details: readonly string[];
};

export type Verification = {
  readonly isIdentical: boolean;
  readonly parts: readonly VerifiedPart[];
  /** What came out this time. */
  readonly again: Pick<RunResult['summary'], 'equity_return_pct' | 'total_trades'>;
};

/** Compares a run with what came out when it was executed again from what is kept now, and names what differs. */
export function verifyRun(recorded: RunResult, again: RunResult): Verification {
  const settings = verifySettings(recorded, again);
  const plan = verifyPlans(recorded, again);
  const sameVersion = recorded.engine_version === again.engine_version;
  const isRestSame = settings.isSame === true && plan.isSame === true && sameVersion;
  const candles = verifyCandles(recorded, again, isRestSame);
  const window = verifyWindow(recorded, again, isRestSame && candles.isSame === true);
  const isInputSame = isRestSame && candles.isSame === true && window.isSame === true;
  const engine = verifyEngine(recorded, again, isInputSame);
  const result = verifyResult(recorded, again, isInputSame && engine.isSame === true);
  const parts = [candles, settings, plan, window, engine, result];
  const { equity_return_pct, total_trades } = again.summary;
  return { isIdentical: parts.every(({ isSame }) => isSame === true), parts, again: { equity_return_pct, total_trades } };
}

/** Those it was made with, those kept with its result and those it would be made with now must be the same. */
function verifySettings(recorded: RunResult, again: RunResult): VerifiedPart {
  const kept = hashJson(recorded.settings);
  const made = recorded.input_parts?.settings ?? kept;
  const now = hashJson(again.settings);
  const isSame = made === kept && made === now;
  const changed = isSame ? [] : PARAMETER_NAMES.flatMap((name) => changedValue(name, recorded.settings, again.settings));
  const details = isSame || changed.length > 0 ? changed : ['both are the same, but not those that the run was made with'];
  return { part: 'settings', isSame, recorded: made, now, details };
}

function changedValue(name: (typeof PARAMETER_NAMES)[number], kept: Partial<Settings>, now: Settings): readonly string[] {
  // A run of an older version lacks the parameters that came later.
  const before = kept[name];
  const [was, is] = [before === undefined ? 'not there' : formatSetting(before), formatSetting(now[name])];
  return was === is ? [] : [`${name}: kept with the result ${was}, run again with ${is}`];
}

function verifyPlans(recorded: RunResult, again: RunResult): VerifiedPart {
  const kept = hashPlans(recorded.plans.map(({ plan }) => ({ hash: hashJson(plan) })));
  const made = recorded.input_parts?.plans ?? hashPlans(recorded.plans);
  const now = hashPlans(again.plans);
  const isSame = made === kept && made === now;
  return { part: 'plan', isSame, recorded: made, now, details: isSame ? [] : changedPlans(recorded, again) };
}

function changedPlans({ plans: kept }: RunResult, { plans: now }: RunResult): readonly string[] {
  if (kept.length !== now.length) return [`${kept.length} were followed, now ${now.length}`];
  const changed = kept.flatMap(({ hash, plan }, index) => {
    const other = now[index];
    if (other === undefined || (other.hash === hash && hashJson(plan) === hash)) return [];
    const where = kept.length === 1 ? '' : `plan ${index + 1}: `;
    const members = changedMembers(plan, other.plan);
    return [`${where}${members.length === 0 ? 'what is kept is not what was followed' : members.join(', ')}`];
  });
  return changed.length === 0 ? ['not those that the run was made with'] : changed;
}

/** Which triggers and which other members of two plans differ. */
function changedMembers(kept: Plan, now: Plan): readonly string[] {
  const { triggers: keptTriggers, ...keptRest } = kept;
  const { triggers: nowTriggers, ...nowRest } = now;
  const keptById = new Map(keptTriggers.map((trigger) => [trigger.id, canonicalJson(trigger)]));
  const nowById = new Map(nowTriggers.map((trigger) => [trigger.id, canonicalJson(trigger)]));
  const [ids, gone] = [[...nowById.keys()], [...keptById.keys()].filter((id) => !nowById.has(id))];
  const added = ids.filter((id) => !keptById.has(id));
  const changed = ids.filter((id) => keptById.has(id) && keptById.get(id) !== nowById.get(id));
  const members = Object.entries(nowRest).filter(([name, value]) => canonicalJson(value) !== canonicalJson(memberOf(keptRest, name)));
  return [
    ...named('changed', changed),
    ...named('new', added),
    ...named('gone', gone),
    ...members.map(([name]) => `another ${name.replaceAll('_', ' ')}`),
  ];
}

const NAMES_SHOWN = 3;

function named(what: string, ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return [];
  const more = ids.length - NAMES_SHOWN;
  return [
    `${ids.length} ${ids.length === 1 ? 'trigger' : 'triggers'} ${what} (${ids.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? `, and ${more} more` : ''})`,
  ];
}

function memberOf(plan: object, name: string): unknown {
  return Object.entries(plan).find(([key]) => key === name)?.[1] ?? null;
}

/** A run that kept no hash of its bars had others if all else is the same and its input is not. */
function verifyCandles(recorded: RunResult, again: RunResult, isRestSame: boolean): VerifiedPart {
  const now = again.input_parts?.candles ?? '';
  const made = recorded.input_parts?.candles ?? null;
  const isInputSame = recorded.input_hash === again.input_hash;
  const isSame = made !== null ? made === now : isInputSame || (isRestSame ? false : null);
  const details = isSame === false ? changedBars(recorded.data, again.data) : [];
  return { part: 'candles', isSame, recorded: made, now, details };
}

function changedBars(kept: RunResult['data'], now: RunResult['data']): readonly string[] {
  const counts = [`${kept.bars} bars, now ${now.bars}`, `${kept.warm_up_bars} to warm up, now ${now.warm_up_bars}`];
  const isCountSame = kept.bars === now.bars && kept.warm_up_bars === now.warm_up_bars;
  return isCountSame ? ['as many bars as before, but not the same numbers in them or in the funding rates'] : counts;
}

function verifyWindow(recorded: RunResult, again: RunResult, isRestSame: boolean): VerifiedPart {
  const [made, now] = [windowOf(recorded), windowOf(again)];
  const changed = Object.entries(now).flatMap(([name, value]) => {
    const [was, is] = [canonicalJson(memberOf(made, name)), canonicalJson(value)];
    return was === is ? [] : [`${name}: ${was}, now ${is}`];
  });
  // The input hash covers what is not written beside it, too.
  const isOther = isRestSame && recorded.input_hash !== again.input_hash;
  const details = changed.length > 0 || !isOther ? changed : ['something else that was asked for, e.g. where the indicators come from'];
  return { part: 'window', isSame: details.length === 0, recorded: hashJson(made), now: hashJson(now), details };
}

function windowOf({ data: { symbols, timeframes, instrument, exchange }, plans }: RunResult) {
  return { symbols, timeframes, instrument, exchange, start: plans[0]?.from ?? null };
}

/** An engine of the same version that makes something else of the same input is another engine. */
function verifyEngine(recorded: RunResult, again: RunResult, isInputSame: boolean): VerifiedPart {
  const versions = { recorded: recorded.engine_version, now: again.engine_version };
  const isSameVersion = versions.recorded === versions.now;
  const isOutcomeSame = !isInputSame || recorded.result_hash === again.result_hash;
  const details = [
    ...(isSameVersion ? [] : [`the run was made by version ${versions.recorded}, this is ${versions.now}`]),
    ...(isOutcomeSame ? [] : ['the same version makes something else of the same input']),
  ];
  return { part: 'engine', isSame: details.length === 0, ...versions, details };
}

const BODY = [
  'summary',
  'trades',
  'open_positions',
  'events',
  'blocks',
  'blocks_by_trigger',
] as const satisfies readonly (keyof RunResult)[];

/** What is kept of the run, against what its hash says came out of it. */
function verifyResult(recorded: RunResult, again: RunResult, isComparable: boolean): VerifiedPart {
  const hashes = { recorded: recorded.result_hash, now: again.result_hash };
  if (!isComparable) return { part: 'result', isSame: recorded.result_hash === again.result_hash ? true : null, ...hashes, details: [] };
  const changed: readonly string[] = BODY.filter((name) => canonicalJson(recorded[name]) !== canonicalJson(again[name]));
  const details = [...changed, ...(isCurveSame(recorded.equity, again.equity) ? [] : ['equity'])].map(
    (name) => `${name}: what is kept is not what came out`,
  );
  return { part: 'result', isSame: details.length === 0, ...hashes, details };
}

function isCurveSame(kept: RunResult['equity'], now: RunResult['equity']): boolean {
  const same = (one: Float64Array, other: Float64Array) =>
    one.length === other.length && one.every((value, at) => Object.is(value, other[at]));
  return same(kept.timesMs, now.timesMs) && same(kept.values, now.values);
}
