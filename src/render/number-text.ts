/** Numbers as people read them: thousands separators, a true minus sign, a unit by the caller. */

export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** With a sign in front, also of a gain. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return text.startsWith('−') || !/[1-9]/.test(text) ? text : `+${text}`;
}

export function orNotAvailable<T>(value: T | null, show: (value: T) => string): string {
  return value === null ? 'n/a' : show(value);
}

/** A price with as many decimals as its size makes useful. */
export function price(value: number): string {
  if (value >= 1_000) return fixed(value, 1);
  if (value >= 1) return fixed(value, 3);
  return value.toLocaleString('en-US', { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
}

/** At most so many decimals, none that are zeros. */
export function short(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals }).replace(/^-/, '−');
}
