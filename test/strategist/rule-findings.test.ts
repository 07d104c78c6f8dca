import { describe, expect, it } from 'vitest';
import { resolvePeriods } from '../../src/engine/indicators/periods.ts';
import { openColumns } from '../../src/engine/market-columns.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';
import { findIdleRules } from '../../src/strategist/rule-findings.ts';
import { planWith, triggerWith } from '../support/bars.ts';
import { sampleRun } from './sample.ts';

const run = sampleRun();
const scope = { symbols: ['BTC-USD'], timeframes: run.timeframes };
const market = (bar: number) => {
  const candles = run.markets[0]?.candles;
  if (candles === undefined) throw new Error('no market');
  return { symbol: 'BTC-USD', columns: openColumns(candles, '5m', resolvePeriods(run.settings)), bar };
};

function findingsOf(entry: string, exit: string | null = null, { bar = 1_500, emergency = null as string | null, timeframe = '5m' } = {}) {
  const { plan, dropped } = validatePlan(planWith([triggerWith({ entry, exit, timeframe })], { emergency_exit: emergency }), scope);
  if (dropped.length > 0) throw new Error(`dropped: ${dropped[0]?.reason}`);
  return findIdleRules(plan, [market(bar)], '5m').map(({ rule, finding, bars }) => [rule, finding, bars]);
}

describe('rules on the bars before a plan', () => {
  it.each([
    ['close > 0', 'always', 503],
    ['1 < 2', 'always', 503],
    ['rsi < 50 or rsi >= 50', 'always', 503],
    ['high < low', 'never', 503],
    ['rsi > 100', 'never', 503],
    ['close[400] < 0', 'never', 103],
    ['close crosses_above donchian_high * 10', 'never', 502],
  ])('finds that %s holds %s on as many bars as a session can look back from: %i', (rule, finding, bars) => {
    expect(findingsOf(rule)).toEqual([['entry', finding, bars]]);
  });

  it('says nothing of a rule that sometimes holds', () => {
    expect(findingsOf('rsi < 30', 'close crosses_below sma_short', { emergency: 'roc < -1' })).toEqual([]);
  });

  it('tells exits and emergencies apart', () => {
    expect(findingsOf('rsi < 30', 'volume < 0', { emergency: 'close == close' })).toEqual([
      ['exit', 'never', 503],
      ['emergency_exit', 'always', 503],
    ]);
  });

  it('counts the bars of the rule’s own timeframe, up to the bar and no further', () => {
    expect(findingsOf('close > 0', null, { timeframe: '1h', bar: 1_500 })).toEqual([['entry', 'always', 125]]);
    expect(findingsOf('close > 0', null, { bar: 59 })).toEqual([['entry', 'always', 60]]);
  });

  it('knows nothing of a rule without bars, and judges none by a few', () => {
    expect(findingsOf('sma_long > 0', null, { bar: 10 })).toEqual([['entry', 'unknown', 0]]);
    expect(findingsOf('close > 0', null, { bar: -1 })).toEqual([['entry', 'unknown', 0]]);
    expect(findingsOf('close > 0', null, { bar: 30 })).toEqual([]);
  });
});
