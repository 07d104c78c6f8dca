import type { Command } from 'commander';
import { EXPORT_FORMATS } from '../commands/export-run.ts';
import { type PlaybackFlags, playRunInTerminal, type VerifyFlags, verifyRunInTerminal } from './run-again.ts';
import {
  exportRunInTerminal,
  listRunsInTerminal,
  type RunFlags,
  showRunInTerminal,
  showTradesInTerminal,
  showWhyInTerminal,
} from './runs.ts';

type Ports = Parameters<typeof listRunsInTerminal>[1];

type Joined = Ports & { readonly answer: (work: () => Promise<void>) => Promise<void> };

/** `scalpdesk runs …`: everything `/runs` does in Discord. */
export function addRuns(program: Command, { answer, ...ports }: Joined): void {
  const runs = program.command('runs').description('backtests of this terminal: list, show, trades, why, playback, verify, export');
  const ofRun = (name: string, description: string) =>
    runs.command(name).description(description).argument('<id>', 'of the run, or its beginning');

  runs
    .command('list')
    .description('all of them, newest first')
    .option('--page <page>', 'which page; default the first')
    .option('--json', 'every run as one JSON array')
    .action((flags: RunFlags) => answer(() => listRunsInTerminal(flags, ports)));
  runs
    .command('show')
    .description('the card of a run or a comparison again')
    .argument('<id>', 'of the run or the comparison, or its beginning')
    .option('--out <dir>', 'also write the picture, the table (CSV) and the JSON there')
    .option('--json', 'print it as one JSON object')
    .action((id: string, flags: RunFlags) => answer(() => showRunInTerminal(id, flags, ports)));
  ofRun('trades', 'every trade')
    .option('--page <page>', 'which page; default the first')
    .option('--json', 'every trade as one JSON array')
    .action((id: string, flags: RunFlags) => answer(() => showTradesInTerminal(id, flags, ports)));
  ofRun('why', 'what kept it from trading more, and what to turn')
    .option('--json', 'the counts as one JSON object')
    .action((id: string, flags: RunFlags) => answer(() => showWhyInTerminal(id, flags, ports)));
  ofRun('playback', 'one of its bars: what fired, what was blocked, what was held')
    .option('--at <time>', 'which bar, UTC: 2025-10-01T12:00; default the first at which something happened')
    .option('--out <dir>', 'also write the picture there')
    .action((id: string, flags: PlaybackFlags) => answer(() => playRunInTerminal(id, flags, ports)));
  ofRun('verify', 'execute it again: is it what it was?')
    .option('--json', 'print the comparison as one JSON object')
    .action((id: string, flags: VerifyFlags) => answer(() => verifyRunInTerminal(id, flags, ports)));
  ofRun('export', 'the run as text on stdout')
    .option('--format <format>', `${EXPORT_FORMATS.join(' or ')}; default json`)
    .option('--out <file>', 'write it there instead')
    .action((id: string, flags: RunFlags) => answer(() => exportRunInTerminal(id, flags, ports)));
}
