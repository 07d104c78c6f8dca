import { Refusal } from '../engine/refusal.ts';

type Wanted = {
  /** As the person wrote it: the name of the option. */
  readonly name: string;
  readonly kind: 'number' | 'integer';
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly example: number;
};

/** A number that came as a number or as typed text; refused when it is none, or out of range. */
export function askedNumber(typed: number | string, { name, kind, min, max, unit, example }: Wanted): number {
  const number = typeof typed === 'number' ? typed : parseText(typed);
  const isKind = kind === 'integer' ? Number.isInteger(number) : Number.isFinite(number);
  if (isKind && number >= min && number <= max) return number;
  const wanted = `${kind === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max} (${unit})`;
  throw new Refusal(`${name} is ${quote(typed)}; it must be ${wanted}, e.g. ${name} ${example}`);
}

function parseText(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN;
}

const QUOTED_CHARACTERS = 40;

/** What was typed, short enough to be shown. */
export function quote(typed: number | string): string {
  if (typeof typed === 'number') return String(typed);
  return `"${typed.length <= QUOTED_CHARACTERS ? typed : `${typed.slice(0, QUOTED_CHARACTERS - 1)}…`}"`;
}
