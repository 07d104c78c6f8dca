const COMMAND =
  /\/(backtest|compare|runs|candles|desk|settings|preset|walkaway|triggers|strategy)((?: [a-z]+(?![\w:]))?)((?: [a-z_]+:\S+)*)/g;

/** Text that names slash commands, naming what one types in the terminal instead: `/runs show id:1a2b` is `scalpdesk runs show 1a2b`. */
export function terminalWords(text: string): string {
  return HERE.reduce((words, [there, here]) => words.replaceAll(there, here), text).replaceAll(
    COMMAND,
    (_, command: string, subcommand: string, options: string) => {
      const words = options.split(' ').flatMap((option) => flagOf(option));
      return (
        ['scalpdesk', `${command}${SUBCOMMANDS.includes(subcommand.trim()) ? subcommand : ''}`, ...words].join(' ') + restOf(subcommand)
      );
    },
  );
}

/** What is a command of its own there and a parameter here. */
const HERE = [
  ['/backtest strategist:rule-based', 'scalpdesk backtest --llm-strategist rule-based'],
  ['/settings panel', 'scalpdesk settings set'],
  ['/walkaway set target:25', 'scalpdesk settings set walk_away_enabled true'],
  ['/triggers set budget:3', 'scalpdesk settings set max_reactive_replans_per_day 3'],
] as const;

const SUBCOMMANDS = [
  'list',
  'show',
  'trades',
  'why',
  'export',
  'verify',
  'playback',
  'plan',
  'replan',
  'coverage',
  'import',
  'fetch',
  'status',
  'history',
  'help',
  'set',
  'reset',
  'save',
  'delete',
];

/** A word after a command that is none of its subcommands belongs to the sentence. */
function restOf(subcommand: string): string {
  return SUBCOMMANDS.includes(subcommand.trim()) ? '' : subcommand;
}

function flagOf(option: string): readonly string[] {
  const [, name, value] = /^([a-z_]+):(.+)$/.exec(option) ?? [];
  if (name === undefined || value === undefined) return [];
  return name === 'id' || name === 'name' ? [value] : [`--${name.replaceAll('_', '-')} ${value}`];
}
