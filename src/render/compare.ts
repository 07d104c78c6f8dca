import type { APIEmbed, APIEmbedField } from 'discord.js';
import type { ComparisonSummary } from '../engine/compare.ts';
import type { ComparedRun, LabelledVariant } from '../engine/compared-run.ts';
import type { LiquidationRung } from '../engine/liquidation-ladder.ts';
import type { Planning } from '../engine/plan-record.ts';
import { dataText, GAIN_COLOUR, LOSS_COLOUR, settingsText } from './backtest.ts';
import { columnsTables, headsOf } from './columns-table.ts';
import { compareCsv } from './compare-csv.ts';
import { compareRows } from './compare-rows.ts';
import { costPerSidePct } from './edge-text.ts';
import { escapeText } from './escape-text.ts';
import { fitLines } from './fit-lines.ts';
import { ladderParts } from './ladder.ts';
import type { Attachment, Message } from './message.ts';
import { fixed, short, signed } from './number-text.ts';
import { planningText } from './planning.ts';
import { shortRunId } from './run-list.ts';

export type ComparisonCard = {
  readonly comparisonId: string;
  readonly baseRunId: string;
  readonly base: ComparedRun;
  readonly preset: string | null;
  readonly strategyId: string | null;
  /** Null where nobody planned the base. */
  readonly planning: Planning | null;
  readonly variants: readonly LabelledVariant[];
  /** Metric → a value per variant. */
  readonly summary: ComparisonSummary;
  readonly ladder: readonly LiquidationRung[] | null;
  readonly notes: readonly string[];
  /** The picture, when it could be drawn. */
  readonly chart: Attachment | null;
  /** Whom to tell; null in the terminal. */
  readonly userId: string | null;
};

/** A finished comparison with what is shown of its runs, before anybody is told of it. */
export type FinishedComparison = Omit<ComparisonCard, 'chart' | 'userId'>;

/** What Discord takes in one embed, with a little room. */
const EMBED_CHARACTERS = 5_900;
const DESCRIPTION_CHARACTERS = 4_096;
const FIELD_CHARACTERS = 1_024;

/** More variants than this show the rows that matter most; all of them are in the file. */
const ALL_ROWS_UP_TO = 8;

/** Variants side by side: the answer first, the best of each row marked, then what one must know to believe it. */
export function renderComparison(card: ComparisonCard): Message {
  const { comparisonId, baseRunId, base, preset, variants, chart, userId } = card;
  const answer = answerOfComparison(card);
  const { heads, key } = headsOf(variants.map(({ label }) => label));
  const isWhole = variants.length <= ALL_ROWS_UP_TO;
  const title = [
    base.data.symbols.join(', '),
    base.data.timeframe,
    ...(preset === null ? [] : [preset]),
    `${variants.length} variants`,
  ].join(' · ');
  const footer = `comparison ${comparisonId.slice(0, 8)} · base run ${baseRunId.slice(0, 8)} · its result ${base.result_hash.slice(0, 8)}`;
  const description = descriptionOf(answer, key, columnsTables(heads, compareRows(variants, { isWhole })));
  const room = EMBED_CHARACTERS - title.length - footer.length - description.length;
  const { shown, isCut } = fitFields(fieldsOf(card, heads), room);
  const file = isWhole && !isCut ? null : fileOf(card);
  const embed: APIEmbed = {
    title,
    description,
    color: Math.max(...variants.map(({ run }) => run.summary.equity_return_pct)) < 0 ? LOSS_COLOUR : GAIN_COLOUR,
    fields:
      file === null ? [...shown] : [...shown, { name: 'Everything', value: `Every metric and rung of every variant: \`${file.name}\`` }],
    footer: { text: footer },
    ...(chart === null ? {} : { image: { url: `attachment://${chart.name}` } }),
  };
  return {
    content: `${userId === null ? '' : `<@${userId}> `}${escapeText(answer)}${base.data.simulated ? ' (simulated market)' : ''}`,
    embeds: [embed],
    files: [...(chart === null ? [] : [chart]), ...(file === null ? [] : [file])],
    selects: [],
    buttons: [],
    mentionedUserIds: userId === null ? [] : [userId],
  };
}

/** The one line that matters: which variant is left with the most, at what pain, and which did not survive. */
export function answerOfComparison({ variants }: Pick<ComparisonCard, 'variants'>): string {
  const [first, ...others] = variants;
  if (first === undefined) return 'nothing was compared';
  const best = others.reduce((most, next) => (returnOf(next) > returnOf(most) ? next : most), first);
  const found = returnOf(best) < 0 ? `All ${variants.length} lose, least ${best.label}` : `Best of ${variants.length}: ${best.label}`;
  const liquidated = variants.filter(({ run }) => run.summary.liquidation_events > 0);
  const fate =
    liquidated.length === 0
      ? ''
      : `, ${liquidated.length <= 3 ? liquidated.map(({ label }) => label).join(' and ') : liquidated.length} liquidated`;
  return `${found} ${signed(returnOf(best), 1)} % net, drawdown ${fixed(best.run.summary.max_drawdown_pct, 1)} %${fate}`;
}

const returnOf = ({ run }: LabelledVariant) => run.summary.equity_return_pct;

function descriptionOf(answer: string, key: readonly string[], tables: readonly string[]): string {
  const parts = [`**${escapeText(answer)}**`, ...key, `Net of fees, slippage and funding; * is the best of a row\n${tables.join('\n')}`];
  return parts.join('\n').slice(0, DESCRIPTION_CHARACTERS);
}

/** In the order of what must not be missing. */
function fieldsOf(card: ComparisonCard, heads: readonly string[]): readonly APIEmbedField[] {
  const { base, ladder, notes, variants } = card;
  const remarks = [...notes, ...base.remarks.map((remark) => `base: ${remark}`), ...luckOf(variants)];
  return [
    { name: 'Data', value: dataText(base.data) },
    { name: 'Costs', value: costsText(variants) },
    ...(remarks.length === 0 ? [] : [{ name: 'Know before you believe it', value: remarksText(remarks) }]),
    ...strategistFields(card),
    ...(ladder === null ? [] : ladderFields(ladder, heads)),
    { name: 'Plan and margin', value: planText(card) },
    { name: 'Settings of the base that differ from the defaults', value: baseSettingsText(card) },
    {
      name: 'Each is a run: /runs show',
      value: variants.map(({ runId }, index) => `${heads[index] ?? ''} \`${shortRunId(runId)}\``).join(' · '),
    },
  ];
}

function remarksText(remarks: readonly string[]): string {
  const lines = remarks.map((remark) => `- ${escapeText(remark)}`);
  return fitLines(lines, FIELD_CHARACTERS, (left) => `- and ${left} more of this kind; equal rows show them`);
}

function baseSettingsText({ base, baseRunId }: ComparisonCard): string {
  const text = settingsText(base.settings);
  return text.length <= FIELD_CHARACTERS ? text : `More than fit here: \`/runs export id:${shortRunId(baseRunId)} format:json\``;
}

function ladderFields(ladder: readonly LiquidationRung[], heads: readonly string[]): readonly APIEmbedField[] {
  const { tables, words } = ladderParts(ladder, heads);
  return [
    ...tables.map((value, index) => ({ name: index === 0 ? 'Liquidation ladder' : 'Liquidation ladder, further', value })),
    { name: 'About the ladder', value: words },
  ];
}

function strategistFields({ planning, baseRunId }: ComparisonCard): readonly APIEmbedField[] {
  if (planning === null) return [];
  const where = `\`/strategy plan id:${shortRunId(baseRunId)}\` shows each plan; every variant follows them`;
  return [{ name: 'Strategist', value: `${planningText(planning)}\n${where}` }];
}

function costsText(variants: readonly LabelledVariant[]): string {
  const costs = [...new Set(variants.map(({ run }) => costPerSidePct(run.settings)))];
  const paid = costs.length === 1 ? `You pay ${short(costs[0] ?? 0, 4)} % per side` : 'What is paid per side is varied';
  return `${paid}; "edge gone at" is the cost per side that leaves nothing`;
}

function planText({ base, strategyId, planning }: ComparisonCard): string {
  const plan = planning === null ? (strategyId === null ? 'Own plan' : `Strategy ${strategyId}`) : 'Plans of the strategist';
  const margin = base.data.instrument === 'spot' ? 'spot, no leverage' : `isolated margin, model ${base.settings.margin_model}`;
  return [`${plan}, the same plans for every variant; ${margin}`, ...base.data.margin_models].join('\n');
}

/** The more variants there are, the better the best of them looks by chance alone. */
function luckOf(variants: readonly LabelledVariant[]): readonly string[] {
  return variants.length < MANY_TRIES
    ? []
    : [`the best of ${variants.length} tries is partly luck: try it on other days before you trust it`];
}

const MANY_TRIES = 5;

function fitFields(fields: readonly APIEmbedField[], room: number): { readonly shown: readonly APIEmbedField[]; readonly isCut: boolean } {
  const shown: APIEmbedField[] = [];
  let left = room;
  for (const field of fields) {
    const characters = field.name.length + field.value.length;
    if (field.value.length > FIELD_CHARACTERS || characters > left - FILE_CHARACTERS) continue;
    shown.push(field);
    left -= characters;
  }
  return { shown, isCut: shown.length < fields.length };
}

/** What saying that there is a file takes. */
const FILE_CHARACTERS = 120;

function fileOf(card: ComparisonCard): Attachment {
  return {
    name: `compare-${card.comparisonId.slice(0, 8)}.csv`,
    bytes: new TextEncoder().encode(compareCsv(card)),
    description: 'Every metric and every rung of the liquidation ladder, a row for each variant',
  };
}
