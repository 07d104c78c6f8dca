import type { Command } from 'commander';
import { listWalkAwaysInTerminal, showWalkAwayInTerminal, type WalkAwayFlags } from './walkaway.ts';

type Ports = Parameters<typeof showWalkAwayInTerminal>[1];

type Joined = Ports & { readonly answer: (work: () => Promise<void>) => Promise<void> };

/** `scalpdesk walkaway …`: what `/walkaway` shows in Discord; `scalpdesk settings set` changes it. */
export function addWalkAway(program: Command, { answer, ...ports }: Joined): void {
  const walkAway = program.command('walkaway').description('stop for the day at a profit target or a loss limit: status, history');
  walkAway
    .command('status')
    .description('what applies, and who set it')
    .option('--json', 'the effective values as one JSON object')
    .action((flags: WalkAwayFlags) => answer(() => showWalkAwayInTerminal(flags, ports)));
  walkAway
    .command('history')
    .description('days that backtests walked away from, and what carrying on would have brought')
    .option('--page <page>', 'which page; default the first')
    .option('--json', 'all of it as one JSON array')
    .action((flags: WalkAwayFlags) => answer(() => listWalkAwaysInTerminal(flags, ports)));
}
