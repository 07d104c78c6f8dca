import type { LabelledVariant } from '../engine/compared-run.ts';
import type { LiquidationRung } from '../engine/liquidation-ladder.ts';
import type { Summary } from '../engine/result.ts';

type Compared = { readonly variants: readonly LabelledVariant[]; readonly ladder: readonly LiquidationRung[] | null };

/** A row for each variant: its label, its run, every metric, and its rung of the ladder. An unknown value is empty. */
export function compareCsv({ variants, ladder }: Compared): string {
  const rows = variants.map(({ label, runId, run }, index) => ({
    label,
    run_id: runId,
    ...metricsOf(run.summary),
    ...rungOf(ladder?.[index] ?? null),
  }));
  const header = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => Object.values(row).map(cell).join(','));
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

type Cells = Readonly<Record<string, string | number | null>>;

function metricsOf(summary: Summary): Cells {
  return Object.fromEntries(
    Object.entries(summary).flatMap(([name, value]): readonly (readonly [string, number | null])[] => {
      if (value === null || typeof value === 'number') return [[name, value]];
      return Array.isArray(value) ? [[name, value.length]] : [];
    }),
  );
}

function rungOf(rung: LiquidationRung | null): Cells {
  if (rung === null) return {};
  const { leverage, largest, common_positions, nearest_pct, nearest_time, near_bars, liquidations, stopped, chance } = rung;
  return {
    leverage,
    largest_symbol: largest?.symbol ?? null,
    largest_side: largest?.side ?? null,
    largest_quantity: largest?.quantity ?? null,
    largest_entry_price: largest?.entry_price ?? null,
    largest_liquidation_price: largest?.liquidation_price ?? null,
    ...{ common_positions, nearest_pct, nearest_time, near_bars },
    liquidations_venue: liquidations.venue,
    liquidations_flat: liquidations.flat,
    liquidations_half_initial: liquidations.half_initial,
    stopped_time: stopped?.time ?? null,
    stopped_cause: stopped?.cause ?? null,
    chance_pct: chance?.pct ?? null,
    chance_low_pct: chance?.low_pct ?? null,
    chance_high_pct: chance?.high_pct ?? null,
  };
}

/** Quoted where it must be: labels are written by people. A leading sign of a formula is kept from being one. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
