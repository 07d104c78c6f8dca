import { describe, expect, it } from 'vitest';
import { playTo } from '../../src/engine/playback.ts';
import type { RuleAnswers } from '../../src/engine/rule-answers.ts';
import type { Verification } from '../../src/engine/verify-run.ts';
import { renderPlayback } from '../../src/render/playback.ts';
import { eventWords } from '../../src/render/playback-events.ts';
import { renderVerified } from '../../src/render/run-verified.ts';
import { renderWhy } from '../../src/render/run-why.ts';
import { barsFromRows, inputOf, openMs, type Row, SYMBOL, still } from '../support/bars.ts';
import { resultOfAskedRun } from '../support/runs.ts';

const RUN_ID = 'aaaa1111-0000-4000-8000-000000000000';
const PRICE = 123_456.7;
const rows: readonly Row[] = [still(PRICE, 1), still(PRICE), [PRICE, PRICE * 0.97, PRICE * 0.92, PRICE * 0.93]];

describe('renderPlayback', () => {
  const input = inputOf({
    bars: { [SYMBOL]: barsFromRows(rows.map(([open, high, ...rest]) => [open, Math.max(open, high), ...rest])) },
    settings: { initial_cash: 1_000_000_000, max_portfolio_exposure_pct: 500 },
  });
  const card = (bar: number, bars = 3) =>
    renderPlayback({
      runId: RUN_ID,
      timeframe: '5m',
      simulated: true,
      settings: input.settings,
      place: { bar, bars, previousStop: null, nextStop: bar + 1 },
      moment: playTo({ input, plans: { kind: 'none' } }, openMs(Math.min(bar, 2))),
      chart: null,
      isSameRun: true,
    });

  it('shows a position in a table that a phone does not wrap', () => {
    const text = card(2).embeds[1]?.description ?? '';
    const block = /```\n([^`]+)\n```/.exec(text)?.[1] ?? '';

    expect(block.split('\n').length).toBeGreaterThanOrEqual(4);
    for (const line of block.split('\n')) expect(line.length, line).toBeLessThanOrEqual(28);
    expect(text).toContain('Liq.');
  });

  it('has buttons that lead somewhere else or nowhere, told apart by their custom ids', () => {
    const { buttons } = card(0, 2_000_000);

    expect(buttons.map(({ label, disabled }) => [label, disabled])).toEqual([
      ['◀ event', true],
      ['−1 bar', true],
      ['−50', true],
      ['event ▶', false],
      ['+1 bar', false],
      ['+50', false],
    ]);
    expect(new Set(buttons.map(({ customId }) => customId)).size).toBe(6);
    expect(
      card(1_999_998, 2_000_000)
        .buttons.map(({ customId }) => customId.length)
        .every((length) => length <= 100),
    ).toBe(true);
    expect(buttons[5]?.customId).toBe(`v1:playback:${RUN_ID}:50:on50`);
  });
});

describe('eventWords', () => {
  it.each([
    [
      { kind: 'closed', side: 'short', symbol: SYMBOL, price: 10, reason: 'exit_rule', pnl: -5, r: -0.5 },
      '**closed** short BTC-USD at 10.000: exit rule, **−5.00** (−0.50 R)',
    ],
    [
      { kind: 'liquidated', side: 'long', symbol: SYMBOL, price: 10, pnl: -5, r: -3 },
      '**liquidated** long BTC-USD: its margin is gone, **−5.00** (−3.00 R)',
    ],
    [
      { kind: 'walk_away', trigger: 'loss_limit', daily_return_pct: -10.2, action: 'manage' },
      '**walked away** at −10.20 %: loss limit, positions are managed on',
    ],
    [{ kind: 'replan_requested', trigger_type: 'drawdown', symbol: null }, 'asked for a new plan: drawdown'],
    [{ kind: 'something_new' }, 'something new'],
  ])('%o', (event, words) => {
    expect(eventWords({ time: 0, ...event })).toBe(words);
  });
});

describe('renderVerified', () => {
  it('is a table that a phone does not wrap, whatever differs', () => {
    const parts = (['candles', 'settings', 'plan', 'window', 'engine', 'result'] as const).map((part) => ({
      part,
      isSame: false,
      recorded: 'a'.repeat(64),
      now: 'b'.repeat(64),
      details: ['x'.repeat(5_000)],
    }));
    const verification: Verification = { isIdentical: false, parts, again: { equity_return_pct: 1, total_trades: 1 } };
    const { content } = renderVerified({ runId: RUN_ID, result: resultOfAskedRun(), verification });

    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toContain('**Differs: candles, settings, plan, window, engine, result**');
    for (const line of /```\n([^`]+)\n```/.exec(content)?.[1]?.split('\n') ?? ['none'.repeat(9)])
      expect(line.length).toBeLessThanOrEqual(28);
  });
});

describe('renderWhy', () => {
  const answered = (changes: Partial<RuleAnswers>): RuleAnswers => ({
    trigger_id: 'dip',
    symbol: SYMBOL,
    rule: 'entry',
    text: 'rsi < 5',
    held: 0,
    failed: 900,
    unknown: 0,
    ...changes,
  });
  const why = (rules: readonly RuleAnswers[] | null) => renderWhy(RUN_ID, resultOfAskedRun(), rules).embeds[0]?.description ?? '';

  it.each([
    [{}, '**entry of `dip`** was true at none of 900 bars\n→ a dead trigger'],
    [{ held: 900, failed: 0 }, '**entry of `dip`** was true at all 900 bars\n→ it fires at every bar'],
    [{ failed: 0, unknown: 900 }, '**entry of `dip`** could not be answered at any of 900 bars\n→ its columns never filled'],
    [
      { rule: 'emergency_exit', trigger_id: null, held: 900, failed: 0 },
      '**emergency exit on BTC-USD** was true at all 900 bars\n→ nothing can be opened',
    ],
  ] as const)('tells a rule whose answer never changed: %o', (changes, words) => {
    expect(why([answered(changes)])).toContain(words);
  });

  it('is silent on rules whose answer changed, and on those that were hardly asked', () => {
    expect(why([answered({ held: 1 }), answered({ failed: 49 })])).not.toContain('never changed');
  });

  it('says that rules could not be asked', () => {
    expect(why(null)).toContain('could not be asked again');
  });

  it('names a setting that is as far as it goes', () => {
    const result = resultOfAskedRun();
    const events = [{ time: 0, kind: 'opened', cap: 'symbol_exposure' }];
    const settings = { ...result.settings, max_symbol_exposure_pct: 100 };

    expect(renderWhy(RUN_ID, { ...result, settings, events }, []).embeds[0]?.description).toContain(
      '**1** of 1 entries cut: the symbol was at its largest notional\n→ `max_symbol_exposure_pct` is 100 already, as far as it goes',
    );
  });
});
