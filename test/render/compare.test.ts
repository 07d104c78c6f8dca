import { describe, expect, it } from 'vitest';
import type { LabelledVariant } from '../../src/engine/compared-run.ts';
import type { ComparisonOutcome } from '../../src/engine/comparison-outcome.ts';
import type { Evidence } from '../../src/engine/evidence.ts';
import { renderBacktest } from '../../src/render/backtest.ts';
import { type ComparisonCard, renderComparison } from '../../src/render/compare.ts';
import { edgeText } from '../../src/render/edge-text.ts';
import { evidenceText } from '../../src/render/evidence.ts';
import type { Message } from '../../src/render/message.ts';
import { askedComparison, outcomeOf } from '../support/comparisons.ts';
import { resultOfAskedRun } from '../support/runs.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000000';

function cardOf(outcome: ComparisonOutcome, changes: Partial<ComparisonCard> = {}): ComparisonCard {
  const variants: LabelledVariant[] = outcome.variants.map((run, index) => ({
    label: outcome.labels[index] ?? '',
    runId: ID,
    run: { ...run, liquidationTimesMs: [] },
  }));
  const { summary, ladder, notes } = outcome;
  const base = { ...outcome.base, liquidationTimesMs: [] };
  const named = {
    comparisonId: ID,
    baseRunId: ID,
    preset: 'scalper-5m',
    strategyId: 'aggressive_active',
    planning: null,
    chart: null,
    userId: '1',
  };
  return { ...named, base, variants, summary, ladder, notes, ...changes };
}

const fieldsOf = ({ embeds }: Message) => embeds[0]?.fields ?? [];
const linesOf = ({ embeds }: Message) =>
  [embeds[0]?.description ?? '', ...(embeds[0]?.fields ?? []).map(({ value }) => value)].flatMap((text) =>
    [...text.matchAll(/```\n([\s\S]+?)\n```/g)].flatMap(([, block = '']) => block.split('\n')),
  );
const charactersOf = ({ embeds }: Message) => {
  const [embed] = embeds;
  const fields = (embed?.fields ?? []).reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return (embed?.title?.length ?? 0) + (embed?.description?.length ?? 0) + (embed?.footer?.text.length ?? 0) + fields;
};

const four = outcomeOf({
  variations: [1, 2, 3, 5].map((times) => ({ max_portfolio_exposure_pct: times * 100 })),
  labels: ['1×', '2×', '3×', '5×'],
});

describe('a comparison on a phone', () => {
  const grid = askedComparison.variations;
  const outcome = outcomeOf();
  const repeated = <Item>(items: readonly Item[], count: number) =>
    Array.from({ length: count }, (_, index) => items[index % items.length] as Item);
  const many = (count: number, labelOf: (index: number) => string): ComparisonOutcome => ({
    ...outcome,
    variants: repeated(outcome.variants, count),
    labels: Array.from({ length: count }, (_, index) => labelOf(index)),
    ladder: outcome.ladder === null ? null : repeated(outcome.ladder, count),
    notes: Array.from({ length: 12 }, (_, index) => `${index} and ${'x'.repeat(120)} came out the same: nothing traded`),
  });

  it.each<[string, ComparisonOutcome]>([
    ['two', outcome],
    ['four', four],
    ['eight', many(8, (index) => `${index}×`)],
    ['nine of one parameter', many(9, (index) => `min_hold_bars=${index}`)],
    ['25 with long names', many(25, (index) => `max_triggers_per_symbol_per_day=${index} custom_indicator_periods=rsi:${index}`)],
  ])('of %s fits in 28 columns and in one message', (_, compared) => {
    const message = renderComparison(cardOf(compared));

    expect(grid.length, 'the sample must compare something').toBe(2);
    expect(Math.max(...linesOf(message).map((line) => line.length))).toBeLessThanOrEqual(28);
    expect(message.content.length).toBeLessThanOrEqual(2_000);
    expect(message.embeds[0]?.title?.length).toBeLessThanOrEqual(256);
    expect(message.embeds[0]?.description?.length).toBeLessThanOrEqual(4_096);
    expect(message.embeds[0]?.description, 'no table is cut off').toMatch(/```$/);
    for (const { value } of fieldsOf(message)) expect(value.length).toBeLessThanOrEqual(1_024);
    expect(charactersOf(message)).toBeLessThanOrEqual(6_000);
  });

  it('puts what does not fit into a file, a row for each variant', () => {
    const { files } = renderComparison(cardOf(many(25, (index) => `=variant ${index}, "named"`)));

    const rows = new TextDecoder().decode(files[0]?.bytes).trim().split('\n');
    expect(files[0]?.name).toBe('compare-aaaaaaaa.csv');
    expect(rows).toHaveLength(26);
    expect(rows[0]).toMatch(/^label,run_id,initial_cash,.*,chance_high_pct$/);
    expect(rows[3], 'no spreadsheet takes a label for a formula').toMatch(/^"'=variant 2, ""named""",aaaaaaaa/);
  });

  it('shows four leverages beside each other, the best of each row marked, and the ladder', () => {
    const message = renderComparison(cardOf(four));
    const lines = linesOf(message);

    expect(lines[0]).toBe('     1×     2×     3×     5×');
    const returns = four.variants.map(({ summary }) => summary.equity_return_pct);
    const best = returns.indexOf(Math.max(...returns));
    expect(lines[2]?.match(/.{7}/g)?.map((cell) => cell.includes('*'))).toEqual(returns.map((_, index) => index === best));
    expect(fieldsOf(message).map(({ name }) => name)).toContain('Liquidation ladder');
    expect(lines).toContain('Liquidated at');
    expect(message.files, 'everything is on the card').toEqual([]);
    expect(message.content).toMatch(/^<@1> (All 4 lose, least|Best of 4:) \d× [+−]\d/);
    expect(message.mentionedUserIds).toEqual(['1']);
  });

  it('names the columns after the values of the one parameter', () => {
    const message = renderComparison(cardOf(many(9, (index) => `min_hold_bars=${index}`)));

    expect(message.embeds[0]?.description).toContain('Columns: `min_hold_bars`');
    expect(linesOf(message)[0]).toMatch(/^ +0 +1 +2/);
  });
});

describe('the edge', () => {
  const { summary, settings } = resultOfAskedRun();
  const say = (edge: number | null) => edgeText({ ...summary, break_even_cost_pct: edge }, settings);

  it('is said beside what is paid', () => {
    expect(say(0.0312)).toBe('Edge gone at 0.031 % per side; you pay 0.12 %');
    expect(say(-0.02)).toBe('No edge even without costs (zero at −0.020 % per side); you pay 0.12 %');
    expect(say(null)).toBe('No closed trade to find an edge in; you pay 0.12 % per side');
  });
});

describe('the evidence badge', () => {
  const interval = { level_pct: 90, low_pct: -3.21, high_pct: 8.4, losing_pct: 34.2, resamples: 1_000 };
  const canary = { verdict: 'none_seen', cut_time: 1_760_000_000_000, trades: 12, closes: 3_845, differs: null } as const;
  const evidence: Evidence = { days: 30, trades: 24, return_interval: interval, look_ahead: canary };

  it.each<[string, Partial<Evidence>, string]>([
    ['few trades', { trades: 9 }, '**Thin**: 9 trades in 30 days; statistics need 10 trades and 14 days'],
    ['few days', { days: 2.5, return_interval: null }, '**Thin**: 24 trades in 2.5 days; statistics need 10 trades and 14 days'],
    [
      'returns on both sides of zero',
      {},
      '**May be luck**: the same days drawn anew 1,000 times return −3.2 % to +8.4 % (90 % of them); 34 % lose',
    ],
    ['returns above zero', { return_interval: { ...interval, low_pct: 0.1, losing_pct: 4 } }, '**Firm gain**: '],
    ['returns below zero', { return_interval: { ...interval, high_pct: -0.1, losing_pct: 96 } }, '**Firm loss**: '],
    [
      'something that looked ahead',
      { look_ahead: { ...canary, verdict: 'seen', differs: 'equity' } },
      '**Do not believe it**: something looked ahead\nLook-ahead canary: equity came out otherwise without',
    ],
  ])('says what %s are worth', (_, changes, words) => {
    expect(evidenceText({ ...evidence, ...changes })).toContain(words);
  });

  it('says what the canary compared', () => {
    expect(evidenceText(evidence)).toMatch(
      /\nLook-ahead canary: 12 trades and 3,845 closes are the same without the bars after <t:1760000000:f>$/,
    );
    expect(evidenceText({ ...evidence, look_ahead: null })).not.toContain('canary');
  });

  it('stands on the card of a run that was examined, and of no other', () => {
    const result = resultOfAskedRun();
    const cardWith = (examined: Evidence | null) =>
      renderBacktest({
        runId: ID,
        preset: null,
        strategyId: null,
        planning: null,
        result: { ...result, evidence: examined },
        chart: null,
        userId: null,
      });

    expect(fieldsOf(cardWith(evidence))[0]?.name).toBe('Evidence');
    expect(fieldsOf(cardWith(null)).map(({ name }) => name)).not.toContain('Evidence');
  });
});
