import { describe, expect, it } from 'vitest';
import { HELP } from '../../src/commands/help-examples.ts';
import { TIMEFRAMES } from '../../src/engine/bar.ts';
import { isParameterName } from '../../src/engine/parameters.ts';
import { BLOCK_REASONS, type RunResult } from '../../src/engine/result.ts';
import { BLOCK_WORDS } from '../../src/render/block-words.ts';
import { pageButtons, parseCustomId } from '../../src/render/button.ts';
import { renderCoverage, type SeriesLine } from '../../src/render/coverage.ts';
import { renderHelp } from '../../src/render/desk-help.ts';
import { renderDeskStatus } from '../../src/render/desk-status.ts';
import type { Message } from '../../src/render/message.ts';
import { type RunLine, renderRunList } from '../../src/render/run-list.ts';
import { renderTrades } from '../../src/render/run-trades.ts';
import { renderWhy } from '../../src/render/run-why.ts';
import { resultOfAskedRun } from '../support/runs.ts';

const RUN_ID = 'aaaaaaaa-0000-4000-8000-000000000000';

const blocksOf = ({ content, embeds }: Message) =>
  [content, ...embeds.map(({ description }) => description ?? '')].flatMap((text) =>
    [...text.matchAll(/```\n([\s\S]+?)\n```/g)].map(([, block = '']) => block),
  );
const widest = (message: Message) => Math.max(...blocksOf(message).flatMap((block) => block.split('\n').map((line) => line.length)));

/** The same run with everything as wide as it gets. */
const wide: RunResult = (() => {
  const result = resultOfAskedRun();
  const [trade] = result.trades;
  if (trade === undefined) throw new Error('The run has no trade.');
  const huge = {
    ...trade,
    symbol: 'ABCDEFGHIJKLMNO-ABCDEFGHIJ',
    side: 'short' as const,
    exit_reason: 'emergency_exit' as const,
    entry_price: 123_456_789.1,
    exit_price: 0.000_001_234_5,
    pnl: -123_456_789.12,
    r: -12_345.67,
  };
  return { ...result, trades: Array.from({ length: 12_345 }, () => huge) };
})();

describe('on a phone', () => {
  const run: RunLine = {
    id: RUN_ID,
    state: 'done',
    symbols: Array.from({ length: 10 }, () => 'ABCDEFGHIJKLMNO-ABCDEFGHIJ'),
    timeframe: '15m',
    createdAtMs: Date.UTC(2025, 9, 5, 14, 5),
    returnPct: -12_345.67,
    trades: 9_999,
  };
  const series: SeriesLine = {
    source: `file:${'x'.repeat(80)}.csv.gz@0123456789ab`,
    symbol: 'ABCDEFGHIJKLMNO-ABCDEFGHIJ',
    timeframe: '15m',
    origin: 'terminal',
    firstOpenMs: 0,
    lastOpenMs: Date.UTC(2025, 9, 5),
    bars: 12_345_678,
    hasFunding: true,
  };

  it.each<[string, Message]>([
    [
      'the list of runs',
      renderRunList({
        runs: Array.from({ length: 10 }, () => run),
        total: 999,
        page: 2,
        pages: 100,
        timeZone: 'America/Argentina/ComodRivadavia',
      }),
    ],
    ['the trades', renderTrades({ runId: RUN_ID, result: wide, page: 2_469, pages: 2_469, timeZone: 'America/Argentina/ComodRivadavia' })],
    [
      'what is kept',
      renderCoverage({ series: TIMEFRAMES.slice(0, 5).map((timeframe) => ({ ...series, timeframe })), total: 50, page: 1, pages: 10 }),
    ],
    ['the help', renderHelp(HELP)],
    [
      'the status',
      renderDeskStatus({
        version: '10.20.30',
        engineVersion: '12',
        nodeVersion: '26.10.0',
        workload: {
          run: { queued: 12_345, running: 16 },
          fetch: { queued: 123, running: 1 },
          comparison: { queued: 12_345, running: 100 },
        },
        hasWorker: null,
        pendingMessages: 12_345,
        newestBarMs: null,
        acknowledged: { medianMs: 12_345, slowestMs: 99_999, count: 200 },
      }),
    ],
  ])('%s fits in 28 columns and in one message', (_, message) => {
    expect(widest(message)).toBeLessThanOrEqual(28);
    expect(message.content.length).toBeLessThanOrEqual(2_000);
    for (const { customId, label } of message.buttons) {
      expect(customId.length).toBeLessThanOrEqual(100);
      expect(parseCustomId(customId)).not.toBeNull();
      expect(label.length).toBeLessThanOrEqual(20);
    }
  });

  it('shows every trade once, page by page', () => {
    const result = resultOfAskedRun();
    const pages = Math.ceil(result.trades.length / 5);
    const text = Array.from(
      { length: pages },
      (_, index) => renderTrades({ runId: RUN_ID, result, page: index + 1, pages, timeZone: 'UTC' }).content,
    ).join('\n');

    expect([...text.matchAll(/^#(\d+) /gm)].map(([, number]) => Number(number))).toEqual(result.trades.map((_, index) => index + 1));
  });

  it('says why in one card however many gates and triggers there are', () => {
    const blocks = Object.fromEntries(BLOCK_REASONS.map((reason, index) => [reason, 1_000_000 + index]));
    const triggers = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`trigger-with-a-rather-long-name-${index}`, blocks]));
    const result = resultOfAskedRun();
    const { embeds } = renderWhy(RUN_ID, { ...result, blocks_by_trigger: triggers, summary: { ...result.summary, blocks } }, null);

    const description = embeds[0]?.description ?? '';
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(description).toMatch(/and \d+ more: `\/runs export` has every block and event$/);
    expect(description.indexOf('1,000,018'), 'the most frequent comes first').toBeLessThan(description.indexOf('1,000,017'));
  });

  it('says so when nothing was blocked', () => {
    const result = resultOfAskedRun();
    const nothing = { ...result, summary: { ...result.summary, blocks: {}, held_back_exits: 0 } };

    expect(renderWhy(RUN_ID, nothing, []).embeds[0]?.description).toContain('Nothing was blocked');
  });

  it.each(BLOCK_REASONS.map((reason) => [reason, BLOCK_WORDS[reason]] as const))('has words and a remedy for the gate %s', (_, words) => {
    expect(words.because.length).toBeGreaterThan(10);
    expect(words.setting === null ? words.advice : isParameterName(words.setting.name)).toBeTruthy();
  });
});

describe('page buttons', () => {
  it('lead to the pages beside this one and no further', () => {
    expect(pageButtons({ component: 'runs', args: [], page: 1, pages: 1 })).toEqual([]);
    expect(
      pageButtons({ component: 'trades', args: ['abc'], page: 1, pages: 2 }).map(({ customId, label, disabled }) => [
        customId,
        label,
        disabled,
      ]),
    ).toEqual([
      ['v1:trades:0:abc', '◀', true],
      ['v1:trades-here', '1/2', true],
      ['v1:trades:2:abc', '▶', false],
    ]);
  });

  it.each(['', 'v1', 'v1:', 'v2:runs:1', 'v1:Runs:1', 'v1:runs:1;drop', 'v1:runs:ü'])('do not know %j', (text) => {
    expect(parseCustomId(text)).toBeNull();
  });

  it('read their arguments back', () => {
    expect(parseCustomId('v1:trades:12:aaaa-bb')).toEqual({ component: 'trades', args: ['12', 'aaaa-bb'] });
  });
});
