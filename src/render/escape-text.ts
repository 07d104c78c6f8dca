/**
 * Text that Discord shows as it was written: its markup, mentions and links with a hidden target lose their meaning.
 * An underscore inside a word means nothing to Discord and stays, so that parameter names can be copied.
 */
export function escapeText(text: string): string {
  return text
    .replaceAll(/[\\*~`|<[\]]/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll(/^(\s*)([#>+-])/gm, '$1\\$2')
    .replaceAll(/^(\s*\d+)\./gm, '$1\\.');
}
