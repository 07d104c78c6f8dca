import { describe, expect, it } from 'vitest';
import { NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import type { RequestContext } from '../../src/commands/command.ts';
import { readWhipsawForm, whipsawForm } from '../../src/commands/whipsaw-form.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

const context: RequestContext = {
  requestedAtMs: Date.UTC(2025, 9, 10),
  guild: NOTHING_SET,
  strategyIds: ['aggressive_active'],
  exchange: 'coinbase',
};
const filled = (fields: Record<string, string>) =>
  new Map(
    Object.entries({
      min_hold_bars: '3',
      trade_cooldown_bars: '0',
      confidence_override_threshold: 'null',
      command: '/backtest',
      ...fields,
    }),
  );

describe('the form of whipsaw:custom', () => {
  it('fits into what Discord shows', () => {
    const { title, fields } = whipsawForm('/backtest whipsaw:custom', DEFAULT_SETTINGS);

    expect(title.length).toBeLessThanOrEqual(45);
    expect(fields.map(({ id, value }) => [id, value])).toEqual([
      ['min_hold_bars', '4'],
      ['trade_cooldown_bars', '2'],
      ['confidence_override_threshold', 'A'],
      ['command', '/backtest whipsaw:custom'],
    ]);
    for (const { label, description } of fields) {
      expect(label.length).toBeLessThanOrEqual(45);
      expect(description.length).toBeLessThanOrEqual(100);
    }
  });

  it('is the command with the three values over it, 0 and null among them', () => {
    const asked = readWhipsawForm(
      filled({ command: '/backtest preset:scalper-5m whipsaw:custom set:min_hold_bars=9 taker_fee_pct=0' }),
      context,
    );

    const plain = resolveBacktestRequest({ ...NOTHING_ASKED, preset: 'scalper-5m', setText: 'taker_fee_pct=0' }, context);
    expect(asked).toEqual({
      ...plain,
      settings: { ...plain.settings, min_hold_bars: 3, trade_cooldown_bars: 0, confidence_override_threshold: null },
    });
  });

  it.each<[Record<string, string>, string]>([
    [{ min_hold_bars: '11' }, 'min_hold_bars is "11"; it must be a whole number from 0 to 10 (bars)'],
    [{ min_hold_bars: '' }, 'min_hold_bars is ""; it must be a whole number from 0 to 10 (bars)'],
    [{ trade_cooldown_bars: 'null' }, 'trade_cooldown_bars is "null"; it must be a whole number'],
    [{ trade_cooldown_bars: '½' }, 'trade_cooldown_bars is "½"; it must be a whole number'],
    [{ confidence_override_threshold: 'D' }, 'it must be one of A, B, C, null'],
    [{ command: '/backtest whipsaw:moderate' }, 'whipsaw:moderate is given and values of your own are too'],
    [{ command: '/backtest days:three' }, 'days is "three"'],
    [{ command: '/backtest dayz:3' }, 'the nearest is days'],
  ])('refuses %j and quotes what was typed', (fields, words) => {
    const typed = filled(fields);

    expect(() => readWhipsawForm(typed, context)).toThrow(Refusal);
    expect(() => readWhipsawForm(typed, context)).toThrow(words);
    expect(() => readWhipsawForm(typed, context)).toThrow(
      `You had typed: min_hold_bars ${typed.get('min_hold_bars')}, trade_cooldown_bars ${typed.get('trade_cooldown_bars')}, ` +
        `confidence_override_threshold ${typed.get('confidence_override_threshold')}; ${typed.get('command')}`,
    );
  });
});
