import { type Command, Option } from 'commander';
import { REPLAN_TRIGGERS } from '../engine/result.ts';
import { listReplansInTerminal, showTriggersInTerminal, type TriggerFlags } from './triggers.ts';

type Ports = Parameters<typeof showTriggersInTerminal>[1];

type Joined = Ports & { readonly answer: (work: () => Promise<void>) => Promise<void> };

/** `scalpdesk triggers …`: what `/triggers` shows in Discord; `scalpdesk settings set` changes them. */
export function addTriggers(program: Command, { answer, ...ports }: Joined): void {
  const triggers = program.command('triggers').description('what asks for a new plan while a run goes on: show, history');
  triggers
    .command('show')
    .description('which are on, and who set them')
    .option('--json', 'the effective values as one JSON object')
    .action((flags: TriggerFlags) => answer(() => showTriggersInTerminal(flags, ports)));
  triggers
    .command('history')
    .description('what asked for new plans in backtests, newest first')
    .addOption(new Option('--trigger <name>', 'one alone; default all').choices(REPLAN_TRIGGERS))
    .option('--page <page>', 'which page; default the first')
    .option('--json', 'all of it as one JSON array')
    .action((flags: TriggerFlags) => answer(() => listReplansInTerminal(flags, ports)));
}
