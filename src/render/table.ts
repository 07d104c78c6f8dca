/** A phone shows this many columns of a code block without wrapping. */
export const TABLE_COLUMNS = 28;

/** Rows of a name on the left and a value on the right, as a code block. A pair that is too wide takes two lines. */
export function table(rows: readonly (readonly [name: string, value: string])[]): string {
  const lines = rows.map(([name, value]) => {
    const gap = TABLE_COLUMNS - name.length - value.length;
    return gap >= 1 ? name + ' '.repeat(gap) + value : `${name}\n${value.padStart(TABLE_COLUMNS)}`;
  });
  return `\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
