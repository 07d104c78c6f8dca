/** A phone shows this many columns of a code block without wrapping. */
export const TABLE_COLUMNS = 28;

/** Rows of a name on the left and a value on the right, as a code block. A pair that is too wide takes two lines. */
export function table(rows: readonly (readonly [name: string, value: string])[]): string {
  return codeBlock(rows.map(([name, value]) => sides(name, value)));
}

/** One text at each edge of the table; two lines when they do not fit beside each other. */
export function sides(left: string, right: string): string {
  const gap = TABLE_COLUMNS - left.length - right.length;
  return gap >= 1 ? left + ' '.repeat(gap) + right : `${cut(left)}\n${cut(right).padStart(TABLE_COLUMNS)}`;
}

/** Lines that a phone shows as they are. What would close the block is taken out of them. */
export function codeBlock(lines: readonly string[]): string {
  return `\`\`\`\n${lines.join('\n').replaceAll('```', "'''")}\n\`\`\``;
}

/** As much of a text as fits, its end marked when there is more. */
export function cut(text: string, columns: number = TABLE_COLUMNS): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
