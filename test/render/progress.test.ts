import { describe, expect, it } from 'vitest';
import { renderProgress, type WorkProgress } from '../../src/render/progress.ts';

describe('renderProgress', () => {
  it.each<[WorkProgress, string]>([
    [{ kind: 'queued', position: null }, 'Queued; it starts when a worker is free.'],
    [{ kind: 'queued', position: 1 }, 'Queued: next, it starts when a worker is free.'],
    [{ kind: 'queued', position: 5 }, 'Queued: 4 before it.'],
    [{ kind: 'cancelled', by: '42' }, 'Cancelled by <@42>.'],
    [{ kind: 'running', fraction: 0.629, stage: 'running', elapsedMs: 8_400 }, '`██████░░░░` 62 % · running · 8 s'],
    [{ kind: 'running', fraction: 0.999, stage: 'saving', elapsedMs: 0 }, '`█████████░` 99 % · saving · 0 s'],
    [{ kind: 'running', fraction: 1.2, stage: 'saving', elapsedMs: 0 }, '`██████████` 100 % · saving · 0 s'],
    [{ kind: 'done', elapsedMs: 61_000 }, 'Done in 1 min 1 s; the result is below.'],
    [{ kind: 'refused', reason: 'no <@1> *here*' }, 'Refused: no \\<@1> \\*here\\*'],
    [{ kind: 'failed', reference: 'ab12' }, 'Something broke on our side. Reference: `ab12`'],
    [{ kind: 'outlasted', elapsedMs: 840_000 }, 'Still running after 14 min 0 s; the result will be posted below when it is there.'],
  ])('writes %j', (progress, line) => {
    expect(renderProgress({ work: { kind: 'run', id: 'r1' }, heading: '**Backtest** BTC-USD' }, progress)).toMatchObject({
      content: `**Backtest** BTC-USD\n${line}`,
      embeds: [],
      files: [],
      mentionedUserIds: [],
    });
  });
});
