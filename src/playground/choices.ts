export type Choices = {
  readonly options: readonly { readonly value: string }[];
  readonly least: number;
  readonly most: number;
};

/** What a menu wants instead of the values; null if a client would let them be chosen. */
export function findChoiceFault({ options, least, most }: Choices, values: readonly string[]): string | null {
  const offered = options.map(({ value }) => value);
  if (new Set(values).size < values.length) return 'each option once';
  if (values.some((value) => !offered.includes(value))) return `values among ${offered.map((value) => JSON.stringify(value)).join(', ')}`;
  if (values.length >= least && values.length <= most) return null;
  return least === most ? `${most} of its options` : `${least} to ${most} of its options`;
}
