const COMMAND = /\/(backtest|runs|candles|desk)((?: [a-z]+(?![\w:]))?)((?: [a-z_]+:\S+)*)/g;

/** Text that names slash commands, naming what one types in the terminal instead: `/runs show id:1a2b` is `scalpdesk runs show 1a2b`. */
export function terminalWords(text: string): string {
  return text.replaceAll(COMMAND, (_, command: string, subcommand: string, options: string) => {
    const words = options.split(' ').flatMap((option) => flagOf(option));
    return ['scalpdesk', `${command}${SUBCOMMANDS.includes(subcommand.trim()) ? subcommand : ''}`, ...words].join(' ') + restOf(subcommand);
  });
}

const SUBCOMMANDS = ['list', 'show', 'trades', 'why', 'export', 'coverage', 'import', 'fetch', 'status', 'help'];

/** A word after a command that is none of its subcommands belongs to the sentence. */
function restOf(subcommand: string): string {
  return SUBCOMMANDS.includes(subcommand.trim()) ? '' : subcommand;
}

function flagOf(option: string): readonly string[] {
  const [, name, value] = /^([a-z_]+):(.+)$/.exec(option) ?? [];
  if (name === undefined || value === undefined) return [];
  return name === 'id' ? [value] : [`--${name.replaceAll('_', '-')} ${value}`];
}
