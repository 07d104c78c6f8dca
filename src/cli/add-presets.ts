import type { Command } from 'commander';
import { deletePresetInTerminal, listPresetsInTerminal, type PresetFlags, savePresetInTerminal, showPresetInTerminal } from './presets.ts';

type Ports = Parameters<typeof deletePresetInTerminal>[1];

type Joined = Ports & { readonly answer: (work: () => Promise<void>) => Promise<void> };

/** `scalpdesk preset …`: what `/preset` does in Discord, for the runs of this terminal. */
export function addPresets(program: Command, { answer, ...ports }: Joined): void {
  const preset = program.command('preset').description('named starting points for runs: list, show, save, delete');
  preset
    .command('list')
    .description('those of this terminal, then those built in')
    .option('--page <page>', 'which page; default the first')
    .option('--json', 'every preset as one JSON array')
    .action((flags: PresetFlags) => answer(() => listPresetsInTerminal(flags, ports)));
  preset
    .command('show')
    .description('what a preset turns')
    .argument('<name>', 'e.g. scalper-5m')
    .action((name: string) => answer(() => showPresetInTerminal(name, ports)));
  preset
    .command('save')
    .description('a preset of your own, also over one of the same name')
    .argument('<name>', 'small letters, digits and dashes')
    .requiredOption('--description <text>', 'what it is for, in one line')
    .option('--set <name=value...>', 'what it turns; default all that the terminal has set')
    .action((name: string, flags: PresetFlags) => answer(() => savePresetInTerminal(name, flags, ports)));
  preset
    .command('delete')
    .description('takes a preset of this terminal away and says what it held')
    .argument('<name>', 'which one')
    .action((name: string) => answer(() => deletePresetInTerminal(name, ports)));
}
