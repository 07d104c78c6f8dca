import { describe, expect, it } from 'vitest';
import { askedVariations } from '../../src/commands/asked-variations.ts';
import { NOTHING_ASKED } from '../../src/commands/backtest-request.ts';
import { type CompareAsk, resolveCompareRequest } from '../../src/commands/compare-request.ts';
import { suggestVariations } from '../../src/commands/suggest-variations.ts';
import { askedComparisonSchema } from '../../src/engine/comparison-spec.ts';
import { NOTHING_SET } from '../../src/engine/guild-view.ts';

const NOTHING = { leverage: null, vary: null, labels: null };
const resolve = ({ base = NOTHING_ASKED, ...asked }: Partial<CompareAsk>) =>
  resolveCompareRequest(
    { ...NOTHING, ...asked, base },
    { requestedAtMs: 0, guild: NOTHING_SET, strategyIds: ['aggressive_active'], exchange: 'coinbase' },
  );

describe('what is varied', () => {
  it('is each leverage', () => {
    expect(askedVariations({ ...NOTHING, leverage: '1, 2,1.1' })).toEqual({
      variations: [{ max_portfolio_exposure_pct: 100 }, { max_portfolio_exposure_pct: 200 }, { max_portfolio_exposure_pct: 110 }],
      labels: ['1×', '2×', '1.1×'],
    });
  });

  it('is the grid of two, the first changing slowest', () => {
    const { variations, labels } = askedVariations({ ...NOTHING, leverage: '1,2', vary: 'min_hold_bars=0,4' });

    expect(labels).toEqual(['1× min_hold_bars=0', '1× min_hold_bars=4', '2× min_hold_bars=0', '2× min_hold_bars=4']);
    expect(variations[1]).toEqual({ max_portfolio_exposure_pct: 100, min_hold_bars: 4 });
  });

  it('may have values of every kind, with a bar where a value has commas of its own', () => {
    expect(askedVariations({ ...NOTHING, vary: 'confidence_override_threshold=A,null' }).variations).toEqual([
      { confidence_override_threshold: 'A' },
      { confidence_override_threshold: null },
    ]);
    expect(askedVariations({ ...NOTHING, vary: 'scheduled_hours=0,8,16|null' }).variations).toEqual([
      { scheduled_hours: [0, 8, 16] },
      { scheduled_hours: [] },
    ]);
    expect(askedVariations({ ...NOTHING, vary: 'walk_away_enabled=on,off' }).labels).toEqual([
      'walk_away_enabled=true',
      'walk_away_enabled=false',
    ]);
  });

  it('is called what one likes', () => {
    expect(askedVariations({ leverage: '1,5', vary: null, labels: 'No leverage, Five' }).labels).toEqual(['No leverage', 'Five']);
  });

  it.each([
    [{}, 'Nothing is varied; say what to compare, e.g. leverage:1,2,3,5'],
    [{ leverage: '3' }, 'Only 3× is named; a comparison needs at least 2 variants'],
    [{ leverage: '1,9' }, 'leverage is "9"; it must be a number from 0.5 to 5'],
    [{ leverage: '1,,2' }, 'leverage is "1,,2"; there is nothing before or after one of its ","'],
    [{ leverage: '2,2.0' }, 'leverage names 2× twice'],
    [{ vary: 'min_hold_bars' }, '"min_hold_bars" is not name=value,value'],
    [{ vary: 'min_hold_bar=1,2' }, 'There is no parameter "min_hold_bar"; the nearest is min_hold_bars'],
    [{ vary: 'min_hold_bars=1,x' }, 'min_hold_bars is "x"; it must be a whole number from 0 to 10'],
    [{ vary: 'min_hold_bars=1,2 trade_cooldown_bars=0,1', leverage: '1,2' }, '3 parameters are varied'],
    [{ vary: 'max_portfolio_exposure_pct=100,200', leverage: '1,2' }, 'max_portfolio_exposure_pct is varied twice'],
    [{ vary: 'min_hold_bars=0,1,2,3,4,5 trade_cooldown_bars=0,1,2,3,4' }, 'That makes 30 variants; at most 25'],
    [{ leverage: '1,2', labels: 'a' }, 'There are 2 variants but 1 labels'],
    [{ leverage: '1,2', labels: 'a,a' }, 'The label "a" is given twice'],
    [{ leverage: '1,2', labels: `a,${'b'.repeat(41)}` }, 'it must have 1 to 40'],
  ])('refuses %j', (asked, words) => {
    expect(() => askedVariations({ ...NOTHING, ...asked })).toThrow(words);
  });
});

describe('a comparison that is asked for', () => {
  it('has a base as a backtest has, and survives being stored', () => {
    const asked = resolve({ leverage: '1,3', base: { ...NOTHING_ASKED, preset: 'scalper-5m', setText: 'min_hold_bars=2' } });

    expect(asked.base).toMatchObject({ preset: 'scalper-5m', settings: { min_hold_bars: 2, max_portfolio_exposure_pct: 100 } });
    expect(askedComparisonSchema.parse(JSON.parse(JSON.stringify(asked)))).toEqual(asked);
  });

  it.each([
    [{ vary: 'min_hold_bars=1,2', base: { ...NOTHING_ASKED, setText: 'min_hold_bars=4' } }, 'min_hold_bars is set to one value and varied'],
    [
      { leverage: '1,2', base: { ...NOTHING_ASKED, overrides: { max_portfolio_exposure_pct: 300 } } },
      'max_portfolio_exposure_pct is set to one value and varied',
    ],
    [{ vary: 'custom_indicator_periods=rsi:7|rsi:9' }, 'custom'],
  ])('is refused at once where a variant could not be: %j', (asked, words) => {
    expect(() => resolve(asked)).toThrow(words);
  });
});

describe('completing vary', () => {
  it('offers names, then values, then further values', () => {
    expect(suggestVariations('min_h').map(({ value }) => value)).toContain('min_hold_bars=');
    expect(suggestVariations('min_hold_bars=').map(({ value }) => value)).toContain('min_hold_bars=4');
    expect(suggestVariations('min_hold_bars=4,').map(({ value }) => value)).toEqual(['min_hold_bars=4,0', 'min_hold_bars=4,10']);
    expect(suggestVariations('min_hold_bars=4,0 trade_c').map(({ value }) => value)).toEqual(['min_hold_bars=4,0 trade_cooldown_bars=']);
  });

  it('offers no parameter twice', () => {
    expect(suggestVariations('min_hold_bars=4,0 min_hold').map(({ value }) => value)).toEqual([]);
  });
});
