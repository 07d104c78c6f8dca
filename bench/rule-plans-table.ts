/** What the plans promised of one archetype, and what became of it. */
export type ArchetypeRow = {
  readonly archetype: string;
  /** Plans that held it. */
  readonly plans: number;
  readonly kept: number;
  /** Left out because the entry never, or always, held on the bars before. */
  readonly dead: number;
  readonly entries: number;
  readonly exits: readonly { readonly reason: string; readonly count: number }[];
  readonly promised: readonly { readonly stopPct: number; readonly targetPct: number; readonly rewardToRisk: number }[];
  readonly tradesR: readonly number[];
};

const TITLES = [
  'archetype',
  'plans',
  'triggers kept',
  'dead',
  'entries',
  'exits',
  'stop %',
  'target %',
  'reward:risk after costs',
  'average R',
  'winners',
  'average win and loss, R',
];

/** Medians of what was promised, averages of what came. */
export function archetypeTable(rows: readonly ArchetypeRow[]): string {
  const cells = rows.map(({ archetype, plans, kept, dead, entries, exits, promised, tradesR }) => [
    archetype,
    String(plans),
    String(kept),
    String(dead),
    String(entries),
    exits.map(({ reason, count }) => `${reason} ${count}`).join(', '),
    shown(median(promised.map(({ stopPct }) => stopPct))),
    shown(median(promised.map(({ targetPct }) => targetPct))),
    shown(median(promised.map(({ rewardToRisk }) => rewardToRisk))),
    `${shown(mean(tradesR))} (${tradesR.length})`,
    String(tradesR.filter((r) => r > 0).length),
    `${shown(mean(tradesR.filter((r) => r > 0)))} / ${shown(mean(tradesR.filter((r) => r <= 0)))}`,
  ]);
  return [TITLES, TITLES.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function median(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? null;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

function shown(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}
