import type { APIEmbed } from 'discord.js';
import type { Plan } from '../engine/plan.ts';
import type { RuleFinding } from '../engine/plan-record.ts';
import type { PlanView } from '../engine/plan-views.ts';
import type { DroppedTrigger } from '../engine/validate-plan.ts';
import { escapeText } from './escape-text.ts';
import { fitLines } from './fit-lines.ts';
import { fixed, price } from './number-text.ts';
import { changeLines } from './plan-changes.ts';
import { costText, MAY_BE_SEEN } from './planning.ts';
import { ruleWords } from './rule-words.ts';
import { discordTime } from './time-text.ts';
import { triggerLines } from './trigger-words.ts';
import { requestWords } from './triggers-history.ts';

export type PlanCard = {
  /** What it is a plan of, e.g. `Plan 2 of 9 · BTC-USD 5m`. */
  readonly title: string;
  readonly view: PlanView;
  readonly mayBeSeen: boolean;
  /** Who made it and of which run, below everything. */
  readonly footer: string;
};

const DESCRIPTION_CHARACTERS = 2_700;
const RATIONALE_CHARACTERS = 900;
const FIELD_CHARACTERS = 700;
const LINE_CHARACTERS = 200;

/** A plan as a trader reads it: what it expects, what it waits for, what was left out of it, and what is wrong with it. */
export function planEmbed({ title, view, mayBeSeen, footer }: PlanCard): APIEmbed {
  const { plan, record, dropped } = view;
  const lines = [
    ...(plan === null ? goesOnLines(view) : planLines(plan)),
    ...askedLines(view),
    ...(mayBeSeen ? [MAY_BE_SEEN] : []),
    ...(plan === null ? [] : ['', `> ${escapeText(cutText(plan.rationale, RATIONALE_CHARACTERS)).replaceAll('\n', ' ')}`]),
    ...(plan?.triggers ?? []).flatMap((trigger) => ['', ...triggerLines(trigger, record?.market ?? null)]),
    ...(plan === null || plan.emergency_exit === null
      ? []
      : ['', `**Emergency exit** of a position when, on its own symbol, ${ruleWords(plan.emergency_exit).join(' and ')}`]),
    ...levelLines(plan),
  ];
  const fields = [
    ...field('Against the plan before', changeLines(view)),
    ...field('Left out', dropped.map(droppedLine)),
    ...field('Rules whose answer never changed on the bars before', (record?.findings ?? []).map(findingLine)),
    ...field('Not as it should be', (record?.troubles ?? []).map(escapeText)),
    ...field('Cost', record === null || record.cost === null ? [] : [costText(record.cost)]),
  ];
  return {
    title,
    description: fitLines(lines, DESCRIPTION_CHARACTERS, (left) => `-# and ${left} more lines: \`/runs export\` has every trigger`),
    ...(fields.length === 0 ? {} : { fields }),
    footer: { text: record === null ? footer : `planner: ${record.planner} · ${footer}` },
  };
}

const REGIME_WORDS: Readonly<Record<Plan['regime'], string>> = {
  bull: 'Rising market',
  bear: 'Falling market',
  range: 'Sideways market',
  high_vol: 'Violent market',
  mixed: 'No clear market',
};

const STANCE_WORDS: Readonly<Record<Plan['stance'], string>> = {
  active: 'trades at full risk',
  defensive: 'trades at half the risk',
  wait: 'waits, enters nothing',
};

function planLines({ regime, stance, triggers }: Plan): readonly string[] {
  const long = triggers.filter(({ side }) => side === 'long').length;
  const short = triggers.length - long;
  const ways =
    triggers.length === 0 ? 'no way in' : `${triggers.length} ${triggers.length === 1 ? 'way' : 'ways'} in (${sidesText(long, short)})`;
  return [`**${REGIME_WORDS[regime]}, ${STANCE_WORDS[stance]}**: ${ways}`];
}

function sidesText(long: number, short: number): string {
  return [...(long === 0 ? [] : [`${long} long`]), ...(short === 0 ? [] : [`${short} short`])].join(', ');
}

function goesOnLines({ before }: PlanView): readonly string[] {
  const ids = before?.triggers.map(({ id }) => `\`${id}\``).join(', ') ?? '';
  return [`**No usable answer: the plan before goes on**${ids === '' ? '' : ` with ${ids}`}`];
}

function askedLines({ record, inForce, askedMs }: PlanView): readonly string[] {
  const asked = record === null || record.request === null ? [] : [`Asked for at ${discordTime(askedMs)}: ${requestWords(record.request)}`];
  if (inForce === null) return asked;
  const { fromMs, untilMs, heldBack } = inForce;
  const reasons = [
    ...(heldBack.budget === 0 ? [] : [`${fixed(heldBack.budget, 0)} over the budget of the day`]),
    ...(heldBack.interval === 0 ? [] : [`${fixed(heldBack.interval, 0)} too soon after the last plan`]),
  ];
  const inVain = reasons.length === 0 ? [] : [`Meanwhile the market asked in vain for another: ${reasons.join(', ')}`];
  return [...asked, `In force from ${discordTime(fromMs)} to ${discordTime(untilMs)}`, ...inVain];
}

function levelLines(plan: Plan | null): readonly string[] {
  const levels = Object.entries(plan?.levels ?? {});
  if (levels.length === 0) return [];
  const line = ([symbol, { support, resistance }]: (typeof levels)[number]) =>
    `- ${symbol}: ${[
      ...(support.length === 0 ? [] : [`support ${support.slice(0, 3).map(price).join(' / ')}`]),
      ...(resistance.length === 0 ? [] : [`resistance ${resistance.slice(0, 3).map(price).join(' / ')}`]),
    ].join(', ')}`;
  return ['', '**Levels it goes by**', ...levels.map(line)];
}

function droppedLine({ id, reason }: DroppedTrigger): string {
  return `\`${(id ?? 'without an id').replaceAll('`', "'")}\`: ${escapeText(cutText(reason, LINE_CHARACTERS))}`;
}

const FINDING_WORDS: Readonly<Record<RuleFinding['finding'], string>> = {
  never: 'was never true',
  always: 'was always true',
  unknown: 'could not be answered',
};

function findingLine({ trigger_id, rule, finding, bars, symbol }: RuleFinding): string {
  const whose = trigger_id === null ? `emergency exit, ${symbol}` : `\`${trigger_id}\`, ${rule}`;
  return `${whose}: ${FINDING_WORDS[finding]}${bars === 0 ? '' : ` in ${fixed(bars, 0)} bars`}`;
}

function field(name: string, lines: readonly string[]): readonly { readonly name: string; readonly value: string }[] {
  if (lines.length === 0) return [];
  const bullets = lines.map((line) => `- ${cutText(line, LINE_CHARACTERS)}`);
  return [{ name, value: fitLines(bullets, FIELD_CHARACTERS, (left) => `- and ${left} more`) }];
}

function cutText(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1).toWellFormed()}…`;
}
