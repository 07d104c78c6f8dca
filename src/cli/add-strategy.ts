import type { Command } from 'commander';
import { listStrategiesInTerminal, type StrategyFlags, showPlanInTerminal, showStrategyInTerminal } from './strategy.ts';

type Ports = Parameters<typeof listStrategiesInTerminal>[1];

type Joined = Ports & { readonly answer: (work: () => Promise<void>) => Promise<void> };

/** `scalpdesk strategy …`: what `/strategy` shows in Discord. */
export function addStrategy(program: Command, { answer, ...ports }: Joined): void {
  const strategy = program.command('strategy').description('what is traded by, and the plans of a strategist: list, show, plan');
  strategy
    .command('list')
    .description('built-in plans, the rules of the desk, prompts for a model')
    .option('--json', 'all of it as one JSON object')
    .action((flags: StrategyFlags) => answer(() => listStrategiesInTerminal(flags, ports)));
  strategy
    .command('show')
    .description('the text of one of them')
    .argument('<name>', 'as the list says it, e.g. prompt:conservative')
    .action((name: string) => answer(() => showStrategyInTerminal(name, ports)));
  strategy
    .command('plan')
    .description('a plan of a run: what it expects, its triggers, what was left out, its cost')
    .argument('[id]', 'of the run, or its beginning; default the newest')
    .option('--at <plan>', 'its number, or a time UTC: 2025-10-10T21:00; default the last')
    .option('--json', 'every plan of the run as one JSON array')
    .action((id: string | undefined, flags: StrategyFlags) => answer(() => showPlanInTerminal(id, flags, ports)));
}
