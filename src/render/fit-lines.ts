/** As many of the lines as fit, whole; when some do not, a last one says how many. */
export function fitLines(lines: readonly string[], characters: number, tellMore: (left: number) => string): string {
  for (let count = lines.length; count > 0; count--) {
    const left = lines.length - count;
    const text = [...lines.slice(0, count), ...(left === 0 ? [] : [tellMore(left)])].join('\n');
    if (text.length <= characters) return text;
  }
  return lines.length === 0 ? '' : tellMore(lines.length);
}
