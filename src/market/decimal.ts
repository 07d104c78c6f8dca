const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Powers of ten that a double holds exactly. */
const TENS = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));

/** Digits whose whole number a double always holds exactly. */
const EXACT_DIGITS = 15;

/**
 * The number written in bytes[from, to): digits with an optional sign, fraction and exponent, as `Number` would read it
 * to the last bit. NaN for anything else (blanks, hex, `Infinity`, `.5`, nothing); infinite when it is too large for a double.
 */
export function parseDecimal(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === MINUS;
  const wholeFrom = isNegative ? from + 1 : from;
  let at = wholeFrom;
  let digits = 0;
  while (at < to && isDigit(bytes[at] as number)) digits = digits * 10 + (bytes[at++] as number) - ZERO;
  let digitCount = at - wholeFrom;
  let fractionDigits = 0;
  if (digitCount > 0 && at < to && bytes[at] === POINT) {
    const fractionFrom = ++at;
    while (at < to && isDigit(bytes[at] as number)) digits = digits * 10 + (bytes[at++] as number) - ZERO;
    fractionDigits = at - fractionFrom;
    digitCount += fractionDigits;
    if (fractionDigits === 0) return Number.NaN;
  }
  if (digitCount === 0) return Number.NaN;
  // One division of two exact numbers rounds once, which is the correctly rounded result.
  if (at === to && digitCount <= EXACT_DIGITS) return sign(digits / (TENS[fractionDigits] as number), isNegative);
  return parseAtLength(bytes.subarray(from, to));
}

const LONG_FORM = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** The rare forms: an exponent, or more digits than fit the short way. */
function parseAtLength(field: Uint8Array): number {
  const text = Buffer.from(field.buffer, field.byteOffset, field.byteLength).toString('latin1');
  return LONG_FORM.test(text) ? sign(Math.abs(Number(text)), text.startsWith('-')) : Number.NaN;
}

/** Minus zero becomes zero, so that equal data has equal bytes. */
function sign(magnitude: number, isNegative: boolean): number {
  return isNegative && magnitude !== 0 ? -magnitude : magnitude;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}
