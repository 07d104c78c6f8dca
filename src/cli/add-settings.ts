import type { Command } from 'commander';
import { resetInTerminal, type SettingsFlags, setInTerminal, showSettingsInTerminal } from './settings.ts';

type Ports = Parameters<typeof resetInTerminal>[1];

type Joined = Ports & { readonly answer: (work: () => Promise<void>) => Promise<void> };

/** `scalpdesk settings …`: what `/settings` does in Discord, for the runs of this terminal. */
export function addSettings(program: Command, { answer, ...ports }: Joined): void {
  const settings = program.command('settings').description('what every run of this terminal starts from: show, set, reset');
  settings
    .command('show')
    .description('what is set and when')
    .argument('[name]', 'a parameter or a group of them; default all that is set')
    .option('--page <page>', 'which page; default the first')
    .option('--json', 'the effective values as one JSON object')
    .action((name: string | undefined, flags: SettingsFlags) => answer(() => showSettingsInTerminal(name, flags, ports)));
  settings
    .command('set')
    .description('another value for one parameter')
    .argument('<name>', 'which parameter, e.g. max_position_risk_pct')
    .argument('<value>', 'its value; null where it takes that')
    .action((name: string, value: string) => answer(() => setInTerminal(name, value, ports)));
  settings
    .command('reset')
    .description('back to the default')
    .argument('<name>', 'a parameter, a group of them, or all')
    .action((name: string) => answer(() => resetInTerminal(name, ports)));
}
