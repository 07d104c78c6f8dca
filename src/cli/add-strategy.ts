import type { Command } from 'commander';
import { STRATEGIST_STYLES } from '../engine/strategist-spec.ts';
import type { RequestPorts } from './run-request.ts';
import {
  listStrategiesInTerminal,
  type ReplanFlags,
  replanInTerminal,
  type StrategyFlags,
  showPlanInTerminal,
  showStrategyInTerminal,
} from './strategy.ts';

type Ports = Parameters<typeof listStrategiesInTerminal>[1];

type Joined = Ports & {
  readonly answer: (work: () => Promise<void>) => Promise<void>;
  /** Looked up when it is needed. */
  readonly asking: () => Ports & RequestPorts;
};

/** `scalpdesk strategy …`: what `/strategy` shows in Discord. */
export function addStrategy(program: Command, { answer, asking, ...ports }: Joined): void {
  const strategy = program.command('strategy').description('what is traded by, and the plans of a strategist: list, show, plan, replan');
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
  strategy
    .command('replan')
    .description('ask the strategist now, on the latest bars; nothing trades by it')
    .option('--symbols <symbols...>', 'markets, BASE-QUOTE; default BTC-USD')
    .option('--timeframe <timeframe>', 'base timeframe')
    .option('--strategist <style>', `${STRATEGIST_STYLES.join(', ')}; default aggressive_active`)
    .option('--json', 'as one JSON object')
    .action((flags: ReplanFlags) => answer(() => replanInTerminal(flags, asking())));
}
