import { ASSUMED_RATE, MARGIN_TABLES, type MarginTable } from './margin-tables.ts';

export const MARGIN_MODEL_NAMES = ['venue', 'flat', 'half_initial'] as const;

export type MarginModelName = (typeof MARGIN_MODEL_NAMES)[number];

/** Answers the liquidation price of a new position; null = can never be liquidated, NaN = the model gives no valid price. */
export type LiquidationPrice = (position: {
  /** +1 long, −1 short. */
  readonly side: 1 | -1;
  readonly entryPrice: number;
  readonly quantity: number;
}) => number | null;

export type MarginModel = {
  readonly liquidationPrice: LiquidationPrice;
  /** The venue's table lacks the symbol: its rate is an assumption. */
  readonly assumed: boolean;
  readonly description: string;
};

const FLAT_RATE = 0.005;

/**
 * Isolated margin. With s = side, E = entry, L = leverage, M = notional / L, m = maintenance rate and D = tier deduction:
 * on the mark `liq = (E − s × (M + D) / q) / (1 − s × m)`, on the entry value `liq = E × (1 − s × (1/L − m))`.
 * A long at leverage 1 can lose no more than it holds and is never liquidated.
 */
export function marginModel(name: MarginModelName, exchange: string, symbol: string, leverage: number): MarginModel {
  const base = symbol.slice(0, symbol.indexOf('-'));
  switch (name) {
    case 'flat':
      return {
        liquidationPrice: onEntryValue(leverage, () => FLAT_RATE),
        assumed: false,
        description: 'flat 0.5 % of the entry value',
      };
    case 'half_initial':
      return {
        liquidationPrice: onEntryValue(leverage, () => 0.5 / leverage),
        assumed: false,
        description: 'half of the initial margin, on the entry value',
      };
    case 'venue':
      return venueModel(exchange, base, leverage);
  }
}

function venueModel(exchange: string, base: string, leverage: number): MarginModel {
  const table = Object.hasOwn(MARGIN_TABLES, exchange) ? MARGIN_TABLES[exchange] : undefined;
  const assumed = table === undefined || (table.byQuantity[base] === undefined && table.tiers[base] === undefined);
  const maintenance = maintenanceOf(table, base);
  return {
    liquidationPrice:
      table?.form === 'entry'
        ? onEntryValue(leverage, (quantity, notional) => maintenance(quantity, notional).rate)
        : onMark(leverage, maintenance, table?.closeFee ?? 0),
    assumed,
    description: assumed ? `${exchange}: ${base} assumed 2 %` : `${exchange}: ${table?.source ?? ''}`,
  };
}

type Maintenance = (quantity: number, notional: number) => { readonly rate: number; readonly deduction: number };

/** Tiers are looked up by notional, never by the stake behind it. Above the last published tier there is no valid rate. */
function maintenanceOf(table: MarginTable | undefined, base: string): Maintenance {
  const linear = table?.byQuantity[base];
  if (linear !== undefined) return (quantity) => ({ rate: linear.base + linear.perUnit * quantity, deduction: 0 });
  const tiers = table?.tiers[base];
  if (tiers === undefined) return () => ({ rate: ASSUMED_RATE, deduction: 0 });
  return (_, notional) => tiers.find(({ upToNotional }) => notional <= upToNotional) ?? { rate: Number.NaN, deduction: 0 };
}

function onMark(leverage: number, maintenance: Maintenance, closeFee: number): LiquidationPrice {
  return ({ side, entryPrice, quantity }) => {
    if (leverage === 1 && side === 1) return null;
    const notional = entryPrice * quantity;
    const { rate, deduction } = maintenance(quantity, notional);
    const price = (entryPrice - (side * (notional / leverage + deduction)) / quantity) / (1 - side * (rate + closeFee));
    return validOrNaN(price, side, entryPrice);
  };
}

function onEntryValue(leverage: number, rateOf: (quantity: number, notional: number) => number): LiquidationPrice {
  return ({ side, entryPrice, quantity }) => {
    if (leverage === 1 && side === 1) return null;
    const price = entryPrice * (1 - side * (1 / leverage - rateOf(quantity, entryPrice * quantity)));
    return validOrNaN(price, side, entryPrice);
  };
}

/** A long's price must lie in (0, entry), a short's above its entry. */
function validOrNaN(price: number, side: 1 | -1, entryPrice: number): number {
  const isValid = side === 1 ? price > 0 && price < entryPrice : price > entryPrice;
  return isValid && Number.isFinite(price) ? price : Number.NaN;
}
