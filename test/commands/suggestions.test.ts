import { describe, expect, it } from 'vitest';
import { suggestOwnPresets, suggestPresets } from '../../src/commands/suggest-presets.ts';
import { suggestRuns, suggestShown } from '../../src/commands/suggest-runs.ts';
import { MAJORS, suggestSymbol, suggestSymbols } from '../../src/commands/suggest-symbols.ts';
import { symbolSchema } from '../../src/engine/bar.ts';
import type { ComparisonLine } from '../../src/render/comparison-line.ts';
import type { RunLine } from '../../src/render/run-list.ts';

const values = (choices: readonly { readonly value: string }[]) => choices.map(({ value }) => value);

describe('suggestSymbols', () => {
  it('offers kept markets first, then the majors', () => {
    expect(values(suggestSymbols('', ['PEPE-EUR'])).slice(0, 3)).toEqual(['PEPE-EUR', 'BTC-USD', 'ETH-USD']);
    expect(MAJORS.every((symbol) => symbolSchema.safeParse(symbol).success)).toBe(true);
  });

  it('completes the last of the list in any case and leaves out what is there', () => {
    expect(values(suggestSymbols('btc-usd, so', []))).toEqual(['BTC-USD, SOL-USD']);
    expect(values(suggestSymbols('btc-usd, oge', [])), 'by any part of it').toEqual(['BTC-USD, DOGE-USD']);
    expect(values(suggestSymbols('btc-usd btc', []))).toEqual([]);
  });

  it('takes a market that nobody knows when it is one', () => {
    expect(values(suggestSymbols('pepe-eur', []))).toEqual(['PEPE-EUR']);
    expect(values(suggestSymbols('pepe', []))).toEqual([]);
  });

  it('offers nothing after the tenth', () => {
    expect(suggestSymbols(`${MAJORS.join(' ')} `, ['PEPE-EUR'])).toEqual([]);
  });

  it('offers one market alone where one is wanted', () => {
    expect(values(suggestSymbol('et', []))).toEqual(['ETH-USD']);
    expect(suggestSymbol('ETH-USD, B', [])).toEqual([]);
  });
});

describe('suggestPresets', () => {
  it('finds by name and by description, and shows all when nothing fits', () => {
    expect(values(suggestPresets('hourly', []))).toEqual(['conservative']);
    expect(values(suggestPresets('zzz', [])).length).toBeGreaterThan(2);
    expect(suggestPresets('scalper-5m', [])[0]).toEqual({
      name: 'scalper-5m – Intraday scalping on 5-minute bars, three days',
      value: 'scalper-5m',
    });
  });
});

describe('presets of a group', () => {
  const own = { name: 'quick', description: 'hourly, quick exits', overrides: { min_hold_bars: 1 }, savedBy: '1', savedAtMs: 0 };

  it('come before those that are built in', () => {
    expect(values(suggestPresets('hourly', [own]))).toEqual(['quick', 'conservative']);
    expect(values(suggestPresets('', [own]))[0]).toBe('quick');
  });

  it('are offered alone where only they can be meant', () => {
    expect(values(suggestOwnPresets('', [own]))).toEqual(['quick']);
    expect(suggestOwnPresets('', [])).toEqual([]);
  });
});

describe('suggestRuns', () => {
  const line = (id: string, state: RunLine['state'], returnPct: number | null): RunLine => ({
    id,
    state,
    symbols: ['BTC-USD', 'ETH-USD'],
    timeframe: '5m',
    createdAtMs: Date.UTC(2025, 9, 5, 14, 5),
    returnPct,
    trades: returnPct === null ? null : 1,
  });
  const [done, queued, old] = [
    line('aaaaaaaa-0000-4000-8000-000000000000', 'done', 1.25),
    line('bbbbbbbb-0000-4000-8000-000000000000', 'queued', null),
    line('cccccccc-0000-4000-8000-000000000000', 'done', -1),
  ] as const;
  const compared: ComparisonLine = {
    id: 'dddddddd-0000-4000-8000-000000000000',
    state: 'done',
    symbols: ['BTC-USD'],
    timeframe: '1h',
    labels: ['1×', '3×'],
    createdAtMs: Date.UTC(2025, 9, 5, 14, 4),
  };
  const desk = {
    listRuns: async () => [done, queued],
    findRuns: async (prefix: string) => [done, queued, old].filter(({ id }) => id.startsWith(prefix)),
    findComparisons: async (prefix: string) => [compared].filter(({ id }) => id.startsWith(prefix)),
  };

  it('says what each run is, and offers those with a result where one is needed', async () => {
    expect(await suggestShown('', desk)).toEqual([
      { name: 'aaaaaaaa · BTC-USD +1 5m · +1.3 % · 1 trade · 10-05 14:05 UTC', value: done.id },
      { name: 'bbbbbbbb · BTC-USD +1 5m · queued · 10-05 14:05 UTC', value: queued.id },
      { name: 'dddddddd · comparison of 2 · BTC-USD 1h · 10-05 14:04 UTC', value: compared.id },
    ]);
    expect(values(await suggestRuns('', desk))).toEqual([done.id]);
  });

  it('finds by any word of the line, and older ones by their beginning', async () => {
    expect(values(await suggestShown('queued', desk))).toEqual([queued.id]);
    expect(values(await suggestShown('cccc', desk))).toEqual([old.id]);
    expect(values(await suggestShown('dddd', desk))).toEqual([compared.id]);
    expect(values(await suggestRuns('dddd', desk)), 'a comparison has no trades of its own').toEqual([]);
  });
});
