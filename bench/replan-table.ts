import { REPLAN_TRIGGERS } from '../src/engine/result.ts';
import type { Outcome, ReadReplan } from './replan-reading.ts';

const OUTCOMES: readonly { readonly outcome: Outcome; readonly title: string }[] = [
  { outcome: 'requested', title: 'requested' },
  { outcome: 'budget', title: 'suppressed: budget' },
  { outcome: 'interval', title: 'suppressed: interval' },
  { outcome: 'unheard', title: 'another asked at that close' },
];

/** How often each trigger fired, by what became of it. */
export function countReplans(replans: readonly ReadReplan[]): string {
  const rows = REPLAN_TRIGGERS.map((type) => [
    type,
    ...OUTCOMES.map(({ outcome }) => String(replans.filter((each) => each.type === type && each.outcome === outcome).length)),
  ]);
  const titles = ['trigger', ...OUTCOMES.map(({ title }) => title)];
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** One line each: when, what, of which symbol, what became of it, and its numbers. */
export function listReplans(replans: readonly ReadReplan[]): string {
  return replans
    .map(({ timeMs, type, symbol, outcome, details }) =>
      [
        `  ${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')}`,
        type.padEnd(16),
        (symbol ?? '').padEnd(7),
        outcome.padEnd(9),
        Object.entries(details)
          .map(([name, value]) => `${name} ${Number(value.toFixed(2))}`)
          .join(', '),
      ].join('  '),
    )
    .join('\n');
}
